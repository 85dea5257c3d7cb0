import { type Asked, drive, type Figures, type Server } from '../driving.ts'
import { type Options, ROUNDS } from '../options.ts'
import type { Cell } from '../report.ts'
import { medians } from '../sampling.ts'

const IN_FLIGHT = [1, 16]
/** More than there are questions: each is asked before anything is measured, and a notice that was shown is not shown anew. */
const WARM_UP_REQUESTS = 600
/** There are many measurements: each takes this part of `--seconds`. */
const SHARE_OF_SECONDS = 0.3

export const comparedColumns = [
  '',
  'in flight',
  '',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'p50 ratio',
  'rate ratio',
  'CPU ms',
  'CPU ratio',
  'body KiB',
]

type Sides = { relais: Server; bare: Server }

/** The same questions to Relais and to the bare queries, a round of each in turn, one at a time and sixteen at once. */
export async function comparedReads(
  questions: Readonly<Record<string, readonly Asked[]>>,
  sides: Sides,
  options: Options,
): Promise<Cell[][]> {
  const rows: Cell[][] = []
  for (const [name, asked] of Object.entries(questions))
    for (const inFlight of IN_FLIGHT) rows.push(...(await compare({ name, asked, inFlight, ...sides }, options)))
  return rows
}

type Compared = Sides & { name: string; asked: readonly Asked[]; inFlight: number }

async function compare({ name, asked, inFlight, relais, bare }: Compared, { seconds }: Options): Promise<Cell[][]> {
  const rounds: { relais: Figures[]; bare: Figures[] } = { relais: [], bare: [] }
  const sides = [
    ['bare', bare],
    ['relais', relais],
  ] as const
  for (const [, server] of sides) await drive(server, asked, { inFlight, requests: WARM_UP_REQUESTS })
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [side, server] of sides)
      rounds[side].push(await drive(server, asked, { inFlight, seconds: seconds * SHARE_OF_SECONDS }))
  const [own, least] = [medians(rounds.relais), medians(rounds.bare)]
  const row = (side: string, { perSecond, p50, p99, processor, bytes }: Figures): Cell[] => {
    const ratios = [p50 / least.p50, perSecond / least.perSecond]
    const processors = [processor * 1000, processor / least.processor]
    return [name, inFlight, side, perSecond, p50, p99, ...ratios, ...processors, bytes / 1024]
  }
  return [row('bare query', least), row('Relais', own)]
}
