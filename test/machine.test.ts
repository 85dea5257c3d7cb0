import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  cpSync,
  globSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { CloseCode } from '@relais/contracts/channels'
import { type Ack, readAck } from '@relais/hl7v2/ack'
import { pamBytes } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { afterTestFile } from '@relais/testkit/cleanup'
import { startRelais, type RunningRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { findPatient, nurse, pathwayOf, type Platform, tokenFor } from './people.fixture.ts'
import { refusedStart } from './refused-start.fixture.ts'
import { welcomedSocket } from './sockets.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

/** A hospital's software: admits patients, one at a time. */
function hospitalOf({ mllp }: RunningRelais) {
  const client = mllpClient({ ...mllp, timeoutMilliseconds: 20_000 })
  return {
    admit: async (ipp: string) => readAck(await client.send(pamBytes({ ipp, visit: `V${ipp}`, movement: `M${ipp}` }))),
    close: client.close,
  }
}

/** How many entries the pathway of each of these patients has. */
async function entriesOf(platform: Platform, ipps: readonly string[]) {
  const token = await tokenFor(platform, nurse)
  const counts: number[] = []
  for (const ipp of ipps) {
    const patientId = await waitUntil(() => findPatient(platform, token, ipp), `patient ${ipp} to be known`)
    counts.push((await pathwayOf(platform, token, patientId)).entries.length)
  }
  return counts
}

describe('a folder that cannot be used', () => {
  let used: string
  beforeAll(async () => {
    const platform = await startRelais()
    await hospitalOf(platform).admit('1')
    await platform.stop()
    used = platform.folder
  })

  const mayChange = /^(relais\.log|data\/relais\.(stays|patients|channels|directory|protocols|boards)\..*)$/
  /** The hash of every file, but for views, which follow the log, and for what the process says of itself. */
  const contentOf = (folder: string) =>
    Object.fromEntries(
      globSync('**/*', { cwd: folder })
        .filter((name) => statSync(join(folder, name)).isFile() && !mayChange.test(name))
        .map((name) => [
          name,
          createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex'),
        ]),
    )

  const garbage = 'overwritten '.repeat(1000)
  test.for([
    { name: 'half of folder.json', file: 'folder.json', content: '{"mode":', says: 'restore it' },
    { name: 'another mode', file: 'folder.json', content: '{"mode":"rehearsal","bornAt":"now"}', says: 'restore it' },
    { name: 'a damaged key', file: 'secrets/site.key', content: 'lost', says: 'restore it' },
    { name: 'a damaged log', file: 'log/log.sqlite', content: garbage, says: 'restore the last backup' },
    { name: 'a damaged vault', file: 'data/relais.vault.sqlite', content: garbage, says: 'Restore it' },
    { name: 'a damaged view', file: 'data/relais.timelines.sqlite', content: garbage, says: 'move it away and start' },
  ])('$name is named, with what to do, and left as it is', async ({ file, content, says }) => {
    const folder = temporaryFolder()
    cpSync(used, folder, { recursive: true })
    writeFileSync(join(folder, file), content)
    const before = contentOf(folder)
    const { exitCode, stderr } = await refusedStart(folder)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(join(folder, file))
    expect(stderr).toContain(says)
    expect(contentOf(folder)).toEqual(before)
  })

  test('a file in its place is left alone', async () => {
    const file = join(temporaryFolder(), 'relais')
    writeFileSync(file, 'not a folder')
    const { exitCode, stderr } = await refusedStart(file)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${file} cannot be used: check that it is a folder`)
    expect(readFileSync(file, 'utf8')).toBe('not a folder')
  })

  test('one that another process uses is left to it', async () => {
    const first = await startRelais({ folder: used })
    const { exitCode, stderr } = await refusedStart(used)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/is used by another Relais process\. Stop that process first, or /)
    expect(stderr).toContain(used)
    const run = JSON.parse(readFileSync(join(used, 'run.json'), 'utf8')) as { pid: number }
    expect(run.pid).toBe(first.pid)
    expect((await hospitalOf(first).admit('2'))?.code).toBe('AA')
    expect(await first.stop()).toBe(0)
  })
})

test('a port that is taken is said, and a free one is used', async () => {
  const others = [createServer(), createServer()]
  const taken: string[] = []
  for (const other of others) {
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    taken.push(String(typeof address === 'object' && address?.port))
  }
  const [http = '', mllp = ''] = taken
  const platform = await startRelais({ env: { PORT: http, MLLP_PORT: mllp } })
  const got = new URL(platform.url).port
  expect(taken).not.toContain(got)
  expect(platform.logs()).toContain(`port ${http} was taken: HTTP is on ${got}`)
  expect(platform.logs()).toContain(`port ${mllp} was taken: MLLP is on ${platform.mllp.port}`)
  expect((await hospitalOf(platform).admit('1'))?.code).toBe('AA')
  for (const other of others) other.close()
})

test.for(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0; sockets are told, data is kept', async (signal) => {
  const platform = await startRelais()
  const hospital = hospitalOf(platform)
  expect((await hospital.admit('1'))?.code).toBe('AA')
  const token = await tokenFor(platform, nurse)
  const socket = await welcomedSocket(platform.url, token)
  const deaf = await welcomedSocket(platform.url, token)
  deaf.pause()
  expect(await platform.stop(signal)).toBe(0)
  expect(await socket.closed).toBe(CloseCode.goingAway)
  expect(globSync('run.json', { cwd: platform.folder })).toEqual([])
  await expect(hospital.admit('2')).rejects.toMatchObject({ code: 'mllpUnavailable' })

  const again = await startRelais({ folder: platform.folder })
  expect(await entriesOf(again, ['1'])).toEqual([1])
})

const mayMount = process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0
if (!mayMount) process.stderr.write('skipped: the full disk, because only root may mount a small one\n')

describe.skipIf(!mayMount)('a full disk', () => {
  function smallDisk(): string {
    const folder = temporaryFolder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=700', 'tmpfs', folder])
    afterTestFile(() => void execFileSync('umount', [folder]))
    return folder
  }

  /** Takes whatever room is left. */
  function fill(file: string) {
    const descriptor = openSync(file, 'a')
    try {
      for (const size of [65_536, 1]) while (writeSync(descriptor, Buffer.alloc(size)) === size);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    } finally {
      closeSync(descriptor)
    }
  }

  test('refuses messages until there is room, and loses none that it accepted', async () => {
    const disk = smallDisk()
    const filler = join(disk, 'filler')
    const folder = join(disk, 'relais')
    const platform = await startRelais({ folder })
    const hospital = hospitalOf(platform)
    expect((await hospital.admit('1'))?.code).toBe('AA')

    fill(filler)
    const answers = new Map<string, Ack | undefined>()
    for (let n = 2; n <= 40; n += 1) {
      // A little room now and then: enough for one of the files that a message is written to, not for all.
      if (n % 5 === 0) truncateSync(filler, statSync(filler).size - 40_000)
      answers.set(String(n), await hospital.admit(String(n)))
      if (n % 5 === 4) fill(filler)
    }
    const refused = [...answers].filter(([, answer]) => answer?.code !== 'AA')
    expect(refused.length).toBeGreaterThan(10)
    const noRoom = { code: 'AR', errors: [{ text: expect.stringContaining('no room') }] }
    expect(refused).toMatchObject(refused.map(([ipp]) => [ipp, noRoom]))

    rmSync(filler)
    for (const [ipp] of refused) expect((await hospital.admit(ipp))?.code).toBe('AA')
    const everybody = ['1', ...answers.keys()]
    const isReady = async () => (await fetch(`${platform.url}/readyz`)).status === 200
    await waitUntil(isReady, 'the views to go on by themselves', 30)
    const areThere = everybody.map(() => 1)
    await waitUntil(
      async () => (await entriesOf(platform, everybody)).every((count) => count === 1),
      'every pathway to be complete',
    )
    expect(await platform.stop()).toBe(0)
    expect(await entriesOf(await startRelais({ folder }), everybody)).toEqual(areThere)
  })
})
