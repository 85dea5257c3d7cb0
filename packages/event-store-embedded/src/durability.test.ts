import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import type { EmbeddedLog, LogRecord } from './log.ts'
import { openEmbeddedLog } from './open-log.ts'

type Acknowledged = { stream: string; revision: number; position: number; ids: string[] }

const program = fileURLToPath(new URL('../test/append-until-killed.ts', import.meta.url))

/** Lets a process append to `folder` until it has acknowledged `count` appends and `meanwhile` is done, then kills it. */
async function appendThenKill(folder: string, count: number, meanwhile = async () => {}): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const acknowledged: Acknowledged[] = []
  let isKilled = false
  for await (const line of createInterface({ input: child.stdout })) {
    // What was printed before the kill is whole: the program writes a line at a time.
    acknowledged.push(JSON.parse(line) as Acknowledged)
    if (acknowledged.length < count || isKilled) continue
    isKilled = true
    await meanwhile()
    child.kill('SIGKILL')
  }
  await exited
  return acknowledged
}

function everything(log: EmbeddedLog): LogRecord[] {
  const all: LogRecord[] = []
  for (let from = 1; ;) {
    const { records, scannedTo } = log.readAll({ direction: 'forwards', from, limit: 500 })
    if (scannedTo === undefined) return all
    all.push(...records)
    from = scannedTo + 1
  }
}

test('nothing acknowledged is lost, and nothing half written, when the process is killed', async () => {
  const folder = temporaryFolder()
  const acknowledged = [...(await appendThenKill(folder, 150)), ...(await appendThenKill(folder, 150))]
  const log = await openEmbeddedLog({ folder })
  const all = everything(log)
  await log.close()

  const byPlace = new Map(all.map((record) => [`${record.stream} ${record.revision}`, record]))
  for (const { stream, revision, position, ids } of acknowledged) {
    const stored = [2, 1, 0].map((back) => byPlace.get(`${stream} ${revision - back}`))
    expect(stored.map((record) => record?.id)).toEqual(ids)
    expect(stored.at(-1)?.position).toBe(position)
  }
  expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index + 1))
  const perStream = Map.groupBy(all, ({ stream }) => stream)
  for (const records of perStream.values()) {
    expect(records.length % 3).toBe(0)
    expect(records.map(({ revision }) => revision)).toEqual(records.map((_, index) => index))
  }
})

test('a folder is refused while another process uses it, and free once that process is killed', async () => {
  const folder = temporaryFolder()
  await appendThenKill(folder, 1, async () => {
    await expect(openEmbeddedLog({ folder })).rejects.toMatchObject({ code: 'folderInUse' })
  })
  const log = await openEmbeddedLog({ folder })
  expect(log.lastPosition()).toBeGreaterThan(0)
  await log.close()
})
