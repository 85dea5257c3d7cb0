import { rmSync } from 'node:fs'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { type Options, ROUNDS } from '../options.ts'
import { startPlatform } from '../processes.ts'
import type { Report } from '../report.ts'
import { medians, residentMebibytes } from '../sampling.ts'
import { eventsIn, folderWithEvents } from './history.ts'

const EVENTS = 20_000

type Figures = Awaited<ReturnType<typeof measure>>

/** From launching the process to `/readyz` saying 200, on an empty data folder and on one with a history. */
export async function benchStart(options: Options): Promise<Report> {
  const warm = await folderWithEvents(EVENTS)
  const rounds: { cold: Figures[]; warm: Figures[] } = { cold: [], warm: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    const cold = temporaryFolder()
    rounds.cold.push(await measure(cold, options))
    rmSync(cold, { recursive: true })
    rounds.warm.push(await measure(warm, options))
  }
  const row = (name: string, { ready, resident, stopped }: Figures) => [name, ready, resident, stopped]
  return {
    columns: ['folder', 'ready s', 'resident MiB', 'stop s'],
    rows: [
      row('empty', medians(rounds.cold)),
      row(`${eventsIn(warm).toLocaleString('en')} events`, medians(rounds.warm)),
    ],
    notes: [
      `Medians of ${ROUNDS} starts in turn, on an installed checkout. Resident memory is that of the moment when ` +
        '`/readyz` says 200; stop is from SIGTERM to the end of the process.',
    ],
  }
}

async function measure(folder: string, options: Options) {
  const launchedAt = performance.now()
  const platform = await startPlatform(options, folder)
  const readyAt = performance.now()
  const resident = residentMebibytes(platform.pid)
  const askedAt = performance.now()
  await platform.stop()
  return { ready: (readyAt - launchedAt) / 1000, resident, stopped: (performance.now() - askedAt) / 1000 }
}
