import { randomUUID } from 'node:crypto'
import { type Asked, drive, type Figures, type Server } from '../driving.ts'
import { type Options, ROUNDS } from '../options.ts'
import { startProgram } from '../processes.ts'
import type { Cell, Report } from '../report.ts'
import { medians, processorSeconds } from '../sampling.ts'
import type { BareCommandsSettings } from './bare-commands.ts'
import { type CommandPlatform, openCommandPlatform } from './platform.ts'
import { preparations, type Prepare } from './preparing.ts'
import { lastAppend } from './recorded.ts'

const IN_FLIGHT = [1, 16]
/** Each command is given once, and prepared before: so many of them for each of `--seconds`. */
const EACH_SECOND = 60
const WARM_UP = 200

const commands = {
  accept: { label: 'accept a referral', category: 'referral' },
  step: { label: 'do a step', category: 'protocolRun' },
  message: { label: 'post a message', category: 'post' },
} as const
type Name = keyof typeof commands
const names = ['accept', 'step', 'message'] as const

/** The commands that people give most, each through HTTP to the whole platform, beside a bare append behind the same HTTP. */
export async function benchCommands(options: Options): Promise<Report> {
  const platform = await openCommandPlatform(options)
  const prepare = await preparations(platform)
  const rows: Cell[][] = []
  for (const name of names) await warmUp(platform, prepare[name])
  const events: BareCommandsSettings['events'] = Object.fromEntries(
    names.map((name) => [name, lastAppend(platform.folder, commands[name].category)]),
  )
  const settings: BareCommandsSettings = { issuer: platform.issuer, jwks: platform.jwks, events }
  const bare = await startProgram(new URL('./bare-commands.ts', import.meta.url), settings, options)
  for (const name of names) {
    const appended = events[name]?.length ?? 0
    const compared = { name, appended, platform, bare, prepare: prepare[name] }
    for (const inFlight of IN_FLIGHT) rows.push(...(await compare({ ...compared, inFlight }, options)))
  }
  await bare.stop()
  await platform.stop()
  return report(rows, options)
}

async function warmUp(platform: CommandPlatform, prepare: Prepare): Promise<void> {
  await drive(platform.server, await prepare(WARM_UP), { inFlight: 16, requests: WARM_UP })
}

type Compared = {
  name: Name
  /** Events of each. */
  appended: number
  platform: CommandPlatform
  bare: Server
  prepare: Prepare
  inFlight: number
}

async function compare(compared: Compared, { seconds }: Options): Promise<Cell[][]> {
  const { name, appended, platform, bare, prepare, inFlight } = compared
  const rounds: { own: Figures[]; least: Figures[] } = { own: [], least: [] }
  const count = Math.round(seconds * EACH_SECOND)
  await drive(bare, bareOf(name, platform, WARM_UP), { inFlight, requests: WARM_UP })
  for (let round = 0; round < ROUNDS; round += 1) {
    const asked = await prepare(count)
    await platform.rest()
    rounds.least.push(await drive(bare, bareOf(name, platform, count), { inFlight, requests: count }))
    rounds.own.push(await driveAndRest(platform, asked, inFlight))
  }
  const [own, least] = [medians(rounds.own), medians(rounds.least)]
  const row = (side: string, { perSecond, p50, p99, processor }: Figures): Cell[] => {
    const ratios = [least.perSecond / perSecond, p50 / least.p50, p99 / least.p99]
    return [commands[name].label, inFlight, side, appended, perSecond, p50, p99, ...ratios, processor * 1000]
  }
  return [row('bare append', least), row('Relais', own)]
}

/** Its processor time is that of all that follows too: views, reactions, notices. */
async function driveAndRest(platform: CommandPlatform, asked: readonly Asked[], inFlight: number): Promise<Figures> {
  const { server } = platform
  const usedBefore = processorSeconds(server.pid)
  const figures = await drive(server, asked, { inFlight, requests: asked.length })
  await platform.rest()
  return { ...figures, processor: (processorSeconds(server.pid) - usedBefore) / asked.length }
}

function bareOf(name: Name, { tokens }: CommandPlatform, count: number): Asked[] {
  const body = JSON.stringify({ requestId: randomUUID() })
  return Array.from({ length: count }, () => {
    return { path: `/${name}/${randomUUID()}`, token: tokens.nurse, method: 'POST', body }
  })
}

function report(rows: Cell[][], { seconds }: Options): Report {
  const ratios = ['rate ratio', 'p50 ratio', 'p99 ratio']
  return {
    columns: ['', 'in flight', '', 'events', 'commands/s', 'p50 ms', 'p99 ms', ...ratios, 'CPU ms'],
    rows,
    notes: [
      `Medians of ${ROUNDS} rounds in turn of ${Math.round(seconds * EACH_SECOND)} commands, each given once; what it is ` +
        'about was there before. The rate ratio is that of the bare side over ours: 2 is half as fast. The bare side verifies ' +
        'the same tokens with the same code and inserts the same bytes in one flushed transaction. CPU is that of the ' +
        'server, all threads, for one command, and for Relais of all that follows it: views, reactions, notices, pushes.',
    ],
  }
}
