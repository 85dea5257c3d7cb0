import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EhpadBoardRow, StayItem } from '@relais/contracts/boards'
import { insKeyOf } from '@relais/hl7v2/checks'
import { pamMessage, type PamMessage } from '@relais/hl7v2/fixtures'
import { startRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { commandLine, jsonLines } from './command-line.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000 })
const patience = { timeout: 20_000 }

const EHPAD = '990000028'
const asCarer = ['--as', 'ehpad', '--id', 'ehpad-essai:lea', '--organisation', EHPAD]
const Board = z.object({ rows: z.array(EhpadBoardRow) })
const Inbox = z.object({ items: z.array(StayItem) })

/** The invented patient of the fixtures, and somebody whom no hospital knows. */
const insBody = '2410799000001'
const ins = `${insBody}${insKeyOf(insBody) ?? ''}`
const register = [
  'numero;nom_naissance;prenoms;date_naissance;sexe;statut_identite;ins;ins_oid;chambre;date_entree',
  `R1;TEST-ÉGLANTINE;ZOÉ;09/07/1941;F;qualifiée;${ins};1.2.250.1.213.1.4.10;12;2026-03-01`,
  'R2;TEST-AUBÉPINE;MAX;01/02/1938;M;provisoire;;;14;2026-03-02',
].join('\n')

test('a resident whom no hospital knew arrives at the emergency department, is kept, and comes back', async () => {
  const platform = await startRelais()
  const relais = commandLine(platform.folder)
  const files = temporaryFolder()
  let written = 0
  const fileOf = (text: string) => {
    written += 1
    const path = join(files, `file-${written}`)
    writeFileSync(path, text)
    return path
  }
  const run = async (...args: string[]) => {
    const ran = await relais.run('--json', ...args)
    expect(ran).toMatchObject({ exitCode: 0 })
    return jsonLines(ran.stdout)[0]
  }
  const says = (message: Partial<PamMessage>) =>
    run('send', fileOf(pamMessage({ visit: 'V1', class: 'I', ...message })))
  const board = async () => Board.parse(await run('board', 'ehpad', EHPAD, ...asCarer)).rows
  const places = async () => (await board()).map(({ room, place }) => `${room} ${place}`)
  const items = async () => Inbox.parse(await run('inbox', ...asCarer)).items

  await run('import', 'residents', fileOf(register), ...asCarer)
  await expect.poll(async () => (await places()).toSorted(), patience).toEqual(['12 present', '14 present'])

  await says({ trigger: 'A04', class: 'E', ward: '8782', movement: 'M1', effective: '20261102090000' })
  await expect.poll(places, patience).toContain('12 emergency')
  await expect.poll(items, patience).toMatchObject([{ standing: { patientClass: 'E' }, expected: {} }])
  await says({ trigger: 'A06', movement: 'M2', effective: '20261102110000' })
  const planned = { planned: '20261105100000', expectedDischarge: '20261105100000' }
  await says({ trigger: 'A16', movement: 'M3', effective: '20261103090000', ...planned })
  await expect.poll(items, patience).toMatchObject([{ nature: 'planned', expected: { action: 'prepareReturn' } }])
  const [row] = (await board()).filter(({ place }) => place === 'hospitalised')
  expect(row).toMatchObject({
    room: '12',
    since: '2026-11-02T10:00:00.000Z',
    expectedBackAt: '2026-11-05T09:00:00.000Z',
    standing: { wards: [{ code: '4101' }] },
  })
  await says({ trigger: 'A03', movement: 'M4', effective: '20261105103000', exitMode: '8' })
  await expect.poll(async () => (await places()).toSorted(), patience).toEqual(['12 present', '14 present'])
  expect(await items()).toMatchObject([{ nature: 'discharged' }])
  await platform.stop()
})
