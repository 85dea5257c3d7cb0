import { Agent, request } from 'node:http'
import { TERRITORY } from '@relais/testkit/territory'
import { type Options, ROUNDS } from '../options.ts'
import { startProgram } from '../processes.ts'
import type { Cell, Report } from '../report.ts'
import { medians, percentile, processorSeconds } from '../sampling.ts'
import { eventsOf, territoryFolder } from './fill.ts'
import { type Asked, issuer, questionsOf } from './questions.ts'

const IN_FLIGHT = [1, 16]
/** More than there are questions: each is asked before anything is measured, and a notice that was shown is not shown anew. */
const WARM_UP_REQUESTS = 600
/** There are many measurements: each takes this part of `--seconds`. */
const SHARE_OF_SECONDS = 0.3

type Figures = { perSecond: number; p50: number; p99: number; processor: number; bytes: number }
type Server = { port: number; pid: number }

/** Boards of wards and EHPAD, and inboxes, at the size of a territory, beside the bare queries behind the same HTTP. */
export async function benchBoards(options: Options): Promise<Report> {
  const size = { ...TERRITORY, years: options.years }
  const folder = await territoryFolder(options.folder, size)
  const { jwks, tokenFor } = await issuer()
  const relais = await startProgram(new URL('./timelines.ts', import.meta.url), { folder, jwks }, options)
  const bare = await startProgram(new URL('./bare-boards.ts', import.meta.url), { folder, jwks }, options)
  const rows: Cell[][] = []
  for (const [name, asked] of Object.entries(await questionsOf(size, tokenFor)))
    for (const inFlight of IN_FLIGHT) rows.push(...(await compare({ name, asked, inFlight, relais, bare }, options)))
  await relais.stop()
  await bare.stop()
  const { inhabitants, professionals, years } = size
  return {
    columns: [
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
    ],
    rows,
    notes: [
      `${inhabitants.toLocaleString('en')} inhabitants, ${professionals} professionals, ${years} years: ` +
        `${eventsOf(folder).toLocaleString('en')} events. Medians of ${ROUNDS} rounds in turn, over the boards of 24 wards ` +
        'and 12 EHPAD and the inboxes of every professional, both in one process each and asked from a third, after every ' +
        'one of them was asked. The bare side verifies the same tokens with the same code and answers the rows as they ' +
        'are, in the same pages of 50. CPU is that of the server, all threads, for one request.',
    ],
  }
}

type Compared = {
  name: string
  asked: readonly Asked[]
  inFlight: number
  relais: Server
  bare: Server
}

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

async function drive(
  { port, pid }: Server,
  asked: readonly Asked[],
  { inFlight, seconds = Infinity, requests = Infinity }: { inFlight: number; seconds?: number; requests?: number },
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  const latencies: number[] = []
  let [bytes, next] = [0, 0]
  const startedAt = performance.now()
  const usedBefore = processorSeconds(pid)
  const until = startedAt + seconds * 1000
  const asking = async () => {
    while (performance.now() < until && next < requests) {
      const one = asked[next++ % asked.length]
      if (!one) return
      const askedAt = performance.now()
      const received = await get(port, one, agent)
      bytes += received
      latencies.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, asking))
  const elapsed = (performance.now() - startedAt) / 1000
  agent.destroy()
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)]
  const [count, used] = [latencies.length, processorSeconds(pid) - usedBefore]
  return { perSecond: count / elapsed, p50, p99, processor: used / count, bytes: bytes / count }
}

function get(port: number, { path, token }: Asked, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const asking = request({ host: '127.0.0.1', port, path, agent, headers }, (answer) => {
      let bytes = 0
      answer.on('data', (part: Buffer) => (bytes += part.length))
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`${path} was answered ${answer.statusCode}`)),
      )
    })
    asking.on('error', reject)
    asking.end()
  })
}
