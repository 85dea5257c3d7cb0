import { Agent, request } from 'node:http'
import { TERRITORY } from '@relais/testkit/territory'
import { populationOf, TERRITORY_HOSPITAL, wardOf } from '@relais/testkit/territory/people'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { type Options, ROUNDS } from '../options.ts'
import { startProgram } from '../processes.ts'
import type { Cell, Report } from '../report.ts'
import { medians, percentile } from '../sampling.ts'
import { eventsOf, territoryFolder } from './fill.ts'
import { AUDIENCE, ISSUER } from './open-territory.ts'

const IN_FLIGHT = [1, 16]
const WARM_UP_SECONDS = 1
/** There are many measurements: each takes this part of `--seconds`. */
const SHARE_OF_SECONDS = 0.3

type Figures = { perSecond: number; p50: number; p99: number; bytes: number }
type Asked = { path: string; token: string }

/** Boards of wards and inboxes at the size of a territory, beside the bare queries behind the same HTTP. */
export async function benchBoards(options: Options): Promise<Report> {
  const size = { ...TERRITORY, years: options.years }
  const folder = await territoryFolder(options.folder, size)
  const { jwks, tokenFor } = await issuer()
  const relais = await startProgram(new URL('./timelines.ts', import.meta.url), { folder, jwks }, options)
  const bare = await startProgram(new URL('./bare-boards.ts', import.meta.url), { folder, jwks }, options)
  const questions = { 'ward board': await askedOfWards(tokenFor), inbox: await askedOfInboxes(tokenFor, size) }
  const rows: Cell[][] = []
  for (const [name, asked] of Object.entries(questions))
    for (const inFlight of IN_FLIGHT) rows.push(...(await compare({ name, asked, inFlight, relais, bare }, options)))
  await relais.stop()
  await bare.stop()
  const { inhabitants, professionals, years } = size
  return {
    columns: ['', 'in flight', '', 'requests/s', 'p50 ms', 'p99 ms', 'p50 ratio', 'rate ratio', 'body KiB'],
    rows,
    notes: [
      `${inhabitants.toLocaleString('en')} inhabitants, ${professionals} professionals, ${years} years: ` +
        `${eventsOf(folder).toLocaleString('en')} events. Medians of ${ROUNDS} rounds in turn, over the boards of 24 wards ` +
        'and the inboxes of every professional, both in one process each and asked from a third. The bare side verifies ' +
        'the same tokens with the same code and answers the rows as they are, in the same pages.',
    ],
  }
}

type Compared = {
  name: string
  asked: readonly Asked[]
  inFlight: number
  relais: { port: number }
  bare: { port: number }
}

async function compare({ name, asked, inFlight, relais, bare }: Compared, { seconds }: Options): Promise<Cell[][]> {
  const rounds: { relais: Figures[]; bare: Figures[] } = { relais: [], bare: [] }
  const sides = [
    ['bare', bare.port],
    ['relais', relais.port],
  ] as const
  for (const [, port] of sides) await drive(port, asked, { inFlight, seconds: WARM_UP_SECONDS })
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [side, port] of sides)
      rounds[side].push(await drive(port, asked, { inFlight, seconds: seconds * SHARE_OF_SECONDS }))
  const [own, least] = [medians(rounds.relais), medians(rounds.bare)]
  const row = (side: string, { perSecond, p50, p99, bytes }: Figures): Cell[] => {
    const ratios = [p50 / least.p50, perSecond / least.perSecond]
    return [name, inFlight, side, perSecond, p50, p99, ...ratios, bytes / 1024]
  }
  return [row('bare query', least), row('Relais', own)]
}

async function drive(
  port: number,
  asked: readonly Asked[],
  { inFlight, seconds }: { inFlight: number; seconds: number },
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  const latencies: number[] = []
  let [bytes, next] = [0, 0]
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  const asking = async () => {
    while (performance.now() < until) {
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
  return { perSecond: latencies.length / elapsed, p50, p99, bytes: bytes / latencies.length }
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

type TokenFor = Awaited<ReturnType<typeof issuer>>['tokenFor']

async function issuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] }
  const tokenFor = (id: string, claims: object) =>
    new SignJWT({ ...claims, scope: 'board:read inbox:read' })
      .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(id)
      .setExpirationTime('2h')
      .sign(privateKey)
  return { jwks, tokenFor }
}

function askedOfWards(tokenFor: TokenFor): Promise<Asked[]> {
  const codes = Array.from({ length: 24 }, (_, number) => wardOf(number).code)
  return Promise.all(
    codes.map(async (code) => {
      const claims = { role: 'infirmier', organisation: TERRITORY_HOSPITAL, wards: [code] }
      return { path: `/boards/ward/${code}`, token: await tokenFor('rpps:10100000001', claims) }
    }),
  )
}

function askedOfInboxes(tokenFor: TokenFor, size: typeof TERRITORY): Promise<Asked[]> {
  const people = populationOf(size)
  const recipients = new Map(
    Array.from({ length: 2000 }, (_, number) => people.carersOf(people.residents + number))
      .flat()
      .map(({ memberId, role }) => [memberId, role]),
  )
  return Promise.all(
    [...recipients].map(async ([id, role]) => ({ path: '/inbox', token: await tokenFor(id, { role, wards: [] }) })),
  )
}
