import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

export const names = [
  'push',
  'log',
  'start',
  'boards',
  'rebuild',
  'sockets',
  'commands',
  'relay',
  'loops',
  'dryrun',
] as const
export type Name = (typeof names)[number]

export type Options = {
  only: readonly Name[]
  /** Of each measurement of `push`; the others take a part of it. */
  seconds: number
  /** Each flush takes a millisecond more, in what is measured and in what it is compared with. */
  slowFlush: boolean
  /** Writes the figures into `docs/benchmarks.md`. */
  record: boolean
  /** A folder where the measured processes leave their CPU profiles. */
  profile: string | undefined
  /** Where the history of a territory is kept: making it takes minutes, and it is made once. */
  folder: string
  /** How long that history is. */
  years: number
}

export const ROUNDS = 3

const usage = `pnpm bench [--only ${names.join('|')}] [--seconds 10] [--slow-flush] [--record] [--profile <folder>] [--folder <folder>] [--years 5]`

/** @throws Error with the usage */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: '10' },
      'slow-flush': { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      profile: { type: 'string' },
      folder: { type: 'string', default: join(tmpdir(), 'relais-bench') },
      years: { type: 'string', default: '5' },
    },
  })
  const only = names.filter((name) => values.only === undefined || name === values.only)
  const [seconds, years] = [Number(values.seconds), Number(values.years)]
  if (only.length === 0 || !(seconds > 0) || !(years > 0)) throw new Error(usage)
  const { 'slow-flush': slowFlush, record, profile, folder } = values
  return { only, seconds, slowFlush, record, profile, folder, years }
}
