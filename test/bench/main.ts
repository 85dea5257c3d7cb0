import { globSync } from 'node:fs'
import { join } from 'node:path'
import { runCleanups } from '@relais/testkit/cleanup'
import { benchCommands } from './commands/commands-bench.ts'
import { benchDryRun } from './dryrun/dryrun-bench.ts'
import { benchLog } from './log/log-bench.ts'
import { benchLoops } from './loops/loops-bench.ts'
import { describeMachine } from './machine.ts'
import { type Name, type Options, readOptions } from './options.ts'
import { benchPush } from './push/push-bench.ts'
import { benchRelay } from './relay/relay-bench.ts'
import { record, render, type Report } from './report.ts'
import { benchSockets } from './sockets/sockets-bench.ts'
import { benchStart } from './start/start-bench.ts'
import { benchBoards } from './territory/boards-bench.ts'
import { benchRebuild } from './territory/rebuild-bench.ts'
import { whereTimeGoes } from './where-time-goes.ts'

const benches: Record<Name, (options: Options) => Promise<Report>> = {
  push: benchPush,
  log: benchLog,
  start: benchStart,
  boards: benchBoards,
  rebuild: benchRebuild,
  sockets: benchSockets,
  commands: benchCommands,
  relay: benchRelay,
  loops: benchLoops,
  dryrun: benchDryRun,
}

const options = readOptions(process.argv.slice(2))
try {
  for (const name of options.only) {
    const machine = describeMachine()
    const text = `${machine}.\n\n${render(await benches[name](options))}`
    const section = options.slowFlush ? `${name}, slow flush` : name
    console.log(`\n${section}\n${text}`)
    if (options.record) record(section, text)
  }
  for (const file of profiles(options)) console.log(`\n${file}\n${whereTimeGoes(file)}`)
} finally {
  await runCleanups()
}

function profiles({ profile }: Options): string[] {
  return profile === undefined ? [] : globSync('*.cpuprofile', { cwd: profile }).map((name) => join(profile, name))
}
