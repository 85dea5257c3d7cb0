import { type Options, ROUNDS } from '../options.ts'
import { startProgram } from '../processes.ts'
import type { Report } from '../report.ts'
import { rest } from '../resting.ts'
import { comparedColumns, comparedReads } from '../territory/compared.ts'
import { eventsOf } from '../territory/fill.ts'
import { issuer } from '../territory/questions.ts'
import { loopFolder, loopSize } from './history.ts'
import { loopQuestions } from './loop-questions.ts'

/** Inboxes with what is asked, lists of referrals and their figures, at the size of a territory, beside the bare queries. */
export async function benchLoops(options: Options): Promise<Report> {
  const size = loopSize(options.years)
  const folder = await loopFolder(options, size)
  const { jwks, tokenFor } = await issuer()
  const settings = { folder, jwks, services: ['timelines', 'referrals'] }
  const relais = await startProgram(new URL('./services.ts', import.meta.url), settings, options)
  // What fell due since the history ended is said now, once.
  await rest(relais.pid)
  const bare = await startProgram(new URL('./bare-loops.ts', import.meta.url), { folder, jwks }, options)
  const rows = await comparedReads(await loopQuestions(size, tokenFor), { relais, bare }, options)
  await relais.stop()
  await bare.stop()
  const { inhabitants, professionals, years, referralsPerDay } = size
  return {
    columns: comparedColumns,
    rows,
    notes: [
      `${inhabitants.toLocaleString('en')} inhabitants, ${professionals} professionals, ${years} years of ` +
        `${referralsPerDay} referrals a working day: ${eventsOf(folder).toLocaleString('en')} events. Medians of ${ROUNDS} ` +
        'rounds in turn, over the inboxes and referrals of every professional, those of 24 wards, and figures of twelve ' +
        'periods, both in one process each and asked from a third, after every one of them was asked. The bare side ' +
        'verifies the same tokens with the same code and answers the rows as they are. CPU is that of the server, all ' +
        'threads, for one request.',
    ],
  }
}
