import type { LoopSize } from '@relais/testkit/territory-loops'
import { populationOf, TERRITORY_HOSPITAL, wardOf } from '@relais/testkit/territory/people'
import type { Asked } from '../driving.ts'
import { recipientsAmong, type TokenFor } from '../territory/questions.ts'

const WARDS = 24
const PAGE = 'limit=50'
const MONTHS_OF_A_YEAR = 12

/** Everybody's inbox and referrals, and figures of many periods, each asked by somebody who may. */
export async function loopQuestions(size: LoopSize, tokenFor: TokenFor): Promise<Record<string, Asked[]>> {
  const scope = 'inbox:read referral:read statistics:read'
  const professionals = await Promise.all(
    recipientsAmong(populationOf(size)).map(([id, role]) => tokenFor(id, { role, wards: [], scope })),
  )
  const wards = Array.from({ length: WARDS }, (_, number) => wardOf(number).code).map((code) => {
    const claims = { role: 'infirmier', organisation: TERRITORY_HOSPITAL, wards: [code], scope }
    return tokenFor(`ch-essai:${code}`, claims)
  })
  const nurses = await Promise.all(wards)
  const coordinator = await tokenFor('rpps:10100000003', { role: 'coordinateur', wards: [], scope })
  const each = (tokens: readonly string[], path: string) => tokens.map((token) => ({ path, token }))
  const figures = (path: string) => periodsOf(size).map((period) => ({ path: `${path}${period}`, token: coordinator }))
  const all = `from=${monthOf(size, -12 * size.years)}&to=${monthOf(size, 1)}`
  return {
    'inbox, with work': each(professionals, `/inbox?${PAGE}`),
    'referrals received': each(professionals, `/referrals?box=received&${PAGE}`),
    'referrals sent by a ward': each(nurses, `/referrals?box=sent&status=closed&${PAGE}`),
    'figures of a year': figures('/referrals/statistics?by=recipient&'),
    'figures of all years': each([coordinator], `/referrals/statistics?by=month&${all}`),
    'behind a figure': figures(`/referrals/statistics/events?figure=declined&${PAGE}&`),
  }
}

/** The years that end with each of the last twelve months. */
function periodsOf(size: LoopSize): string[] {
  return Array.from({ length: MONTHS_OF_A_YEAR }, (_, ago) => {
    return `from=${monthOf(size, 1 - MONTHS_OF_A_YEAR - ago)}&to=${monthOf(size, 1 - ago)}`
  })
}

function monthOf({ until }: LoopSize, later: number): string {
  const date = new Date(until)
  date.setUTCMonth(date.getUTCMonth() + Math.floor(later), 1)
  return date.toISOString().slice(0, 7)
}
