import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StayItem, WardBoardRow } from '@relais/contracts/boards'
import { pamMessage, type PamMessage } from '@relais/hl7v2/fixtures'
import { startRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type CommandLine, commandLine, jsonLines } from './command-line.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000 })

const GP = '10002909371'
const asGp = ['--as', 'medecin', '--id', GP]
const asNurse = ['--as', 'infirmier', '--organisation', '990000010']
const Inbox = z.object({ items: z.array(StayItem) })
const Board = z.object({ rows: z.array(WardBoardRow) })

const files = temporaryFolder()
let written = 0
function file(message: Partial<PamMessage>): string {
  written += 1
  const path = join(files, `message-${written}.er7`)
  writeFileSync(path, pamMessage(message))
  return path
}

async function result(relais: CommandLine, ...args: string[]): Promise<unknown> {
  const ran = await relais.run('--json', ...args)
  expect(ran).toMatchObject({ exitCode: 0 })
  return jsonLines(ran.stdout)[0]
}

test('the médecin traitant is told, says so to the ward, and hears of what is withdrawn; or is the wrong one', async () => {
  const platform = await startRelais()
  const relais = commandLine(platform.folder)
  const items = async () => Inbox.parse(await result(relais, 'inbox', ...asGp)).items
  const board = async () => Board.parse(await result(relais, 'board', 'ward', '4101', ...asNurse)).rows
  await result(relais, 'send', file({ movement: 'M1', primaryPhysicianRpps: GP }))
  await expect.poll(items, { timeout: 20_000 }).toMatchObject([{ nature: 'joined', standing: { status: 'present' } }])
  const [{ noticeId, patientId } = { noticeId: '', patientId: '' }] = await items()
  expect((await relais.run('inbox', ...asGp)).stdout).toContain('TEST-')

  await result(relais, 'acknowledge', noticeId, ...asGp)
  await expect
    .poll(board, { timeout: 20_000 })
    .toMatchObject([{ patientId, group: 'present', notices: [{ receipts: { delivered: {}, acted: {} } }] }])
  expect(await items()).toEqual([])

  const discharge = { movement: 'M2', effective: '20261105143000' }
  await result(relais, 'send', file({ ...discharge, trigger: 'A03' }))
  await expect.poll(items, { timeout: 20_000 }).toMatchObject([{ nature: 'discharged' }])
  await result(relais, 'send', file({ ...discharge, trigger: 'A13' }))
  await expect
    .poll(items, { timeout: 20_000 })
    .toMatchObject([{ nature: 'withdrawn', standing: { status: 'present' } }])

  const [last] = await items()
  await result(relais, 'acknowledge', last?.noticeId ?? '', '--not-my-patient', ...asGp)
  await expect.poll(items, { timeout: 20_000 }).toEqual([])
  const pathway = async () => (await relais.run('pathway', '--patient', patientId, ...asGp)).exitCode
  await expect.poll(pathway, { timeout: 20_000 }).toBe(1)
  expect((await board())[0]?.notices).toMatchObject([{ receipts: { returned: {} } }])
  await platform.stop()
})
