import { createHash } from 'node:crypto'
import { PART_BYTES } from '@relais/contracts/import-routes'
import { expect, test } from 'vitest'
import { carer, clerk, type Directory, openDirectory, operator, problemOf } from '../directory.fixture.ts'
import {
  fileOf,
  FINESS_HEAD,
  finessLine,
  GEOLOCATION,
  latin1,
  RPPS_HEAD,
  rppsLine,
} from '../imports/extracts.fixture.ts'

type Kind = 'finess' | 'rpps'
const hashOf = (file: Uint8Array) => createHash('sha256').update(file).digest('hex')

/** Whoever operates Relais, and what the command line does. */
async function importer(directory: Directory) {
  const ask = await directory.as(operator)
  const token = await directory.tokenFor({ ...operator, wards: [] } as never)
  const open = async (kind: Kind, file: Uint8Array, again = false) =>
    (await ask('/directory/imports', { body: { kind, sha256: hashOf(file), size: file.length, again } })).body
  async function send(importId: string, offset: number, bytes: Uint8Array) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
    const path = `/directory/imports/${importId}/parts?offset=${offset}`
    const response = await directory.service.app.request(path, { method: 'POST', headers, body: Buffer.from(bytes) })
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
  }
  async function sendAll(kind: Kind, file: Uint8Array, { size = file.length, again = false } = {}) {
    let view = await open(kind, file, again)
    while (view.state === 'running')
      view = (await send(view.importId, view.offset, file.subarray(view.offset, view.offset + size))).body
    return view
  }
  const notes = async (importId: string) => (await ask(`/directory/imports/${importId}`)).body.notes
  return { ask, open, send, sendAll, notes }
}

const written = async (directory: Directory) => {
  let count = 0
  for await (const { stream } of directory.store.readAll()) if (/^(facility|professional)-/.test(stream)) count += 1
  return count
}

const finess = fileOf(
  FINESS_HEAD,
  finessLine(),
  finessLine({ number: '990000037', long: 'CLINIQUE', category: '365' }),
  finessLine().slice(0, 60),
  finessLine({ category: '' }),
  finessLine(),
  GEOLOCATION,
)

test('an extract of FINESS becomes facilities; refused lines are named, doubts are kept', async () => {
  const directory = await openDirectory()
  const { sendAll, notes, ask } = await importer(directory)
  const view = await sendAll('finess', finess)
  const counts = { lines: 7, changed: 2, unchanged: 0, refused: 3, warnings: 1 }
  expect(view).toMatchObject({ kind: 'finess', state: 'done', offset: finess.length, size: finess.length, ...counts })
  expect(await notes(view.importId)).toEqual([
    { line: 3, column: 'nofinesset', reason: 'keyDoubtful', severity: 'warning' },
    { line: 4, reason: 'columnsMissing', severity: 'refused' },
    { line: 5, column: 'categetab', reason: 'missing', severity: 'refused' },
    { line: 6, reason: 'repeated', severity: 'refused' },
  ])
  await expect
    .poll(async () => (await ask('/directory/search?q=lilas essai')).body.found, { timeout: 20_000 })
    .toEqual([
      { kind: 'facility', id: '990000028', name: 'RÉSIDENCE LES LILAS', what: '500', cities: ['ESSAI SUR LOIRE'] },
    ])
})

const rpps = fileOf(
  RPPS_HEAD,
  rppsLine(),
  rppsLine({ 'Identifiant technique de la structure': 'R2', 'Libellé commune (coord. structure)': 'Ailleurs' }),
  rppsLine({ 'Identifiant PP': '10000023084', "Nom d'exercice": 'TEST-DUBOIS' }),
  rppsLine({ 'Identifiant technique de la structure': 'R3' }),
  rppsLine({ 'Identifiant PP': '10002909389', "Nom d'exercice": '' }),
)

test('an extract of professionals becomes people with all their places, in parts of any size', async () => {
  const directory = await openDirectory()
  const { sendAll, notes, ask } = await importer(directory)
  const view = await sendAll('rpps', rpps, { size: rpps.length - 200 })
  expect(view).toMatchObject({ state: 'done', lines: 6, changed: 2, unchanged: 0, refused: 2, warnings: 0 })
  expect(await notes(view.importId)).toEqual([
    { line: 5, reason: 'repeated', severity: 'refused' },
    { line: 6, column: "Nom d'exercice", reason: 'missing', severity: 'refused' },
  ])
  await expect
    .poll(async () => (await ask('/directory/professionals/rpps:10002909371')).body.places, { timeout: 20_000 })
    .toMatchObject([{ placeId: 'R10100000328372' }, { placeId: 'R2' }])
})

test.each([
  ['finess', finess],
  ['rpps', rpps],
] as const)(
  'the same file of %s again is done already, and from the first byte it changes nothing',
  async (kind, file) => {
    const directory = await openDirectory()
    const { open, sendAll } = await importer(directory)
    const first = await sendAll(kind, file, { size: file.length - 200 })
    const count = await written(directory)
    expect(await open(kind, file)).toEqual(first)
    const again = await sendAll(kind, file, { size: file.length - 100, again: true })
    expect(again).toEqual({ ...first, changed: 0, unchanged: first.changed })
    expect(await written(directory)).toBe(count)
  },
)

test('an import cut short goes on where it was, in another process too', async () => {
  const before = await openDirectory()
  const one = await importer(before)
  const { importId } = await one.open('rpps', rpps)
  const cut = await one.send(importId, 0, rpps.subarray(0, rpps.length - 200))
  expect(cut.body).toMatchObject({ state: 'running' })
  await before.close()
  const after = await openDirectory({ folder: before.folder, store: before.store })
  const other = await importer(after)
  expect(await other.open('rpps', rpps)).toEqual(cut.body)
  expect(await other.sendAll('rpps', rpps)).toMatchObject({ state: 'done', lines: 6, changed: 2, refused: 2 })
})

test('a part that comes again, or of another place in the file, is told where the next one begins', async () => {
  const directory = await openDirectory()
  const { open, send } = await importer(directory)
  const { importId } = await open('finess', finess)
  const first = finess.subarray(0, 300)
  const { body } = await send(importId, 0, first)
  expect(body.offset).toBeGreaterThan(0)
  expect(await send(importId, 0, first)).toMatchObject({ status: 409, body: { offset: body.offset } })
  const tooLong = await send(importId, body.offset, finess)
  expect(problemOf(tooLong)).toEqual({ status: 422, code: 'partTooLong' })
  const both = await Promise.all([1, 2].map(() => send(importId, body.offset, finess.subarray(body.offset))))
  expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409'])
})

test.each([
  [
    'another encoding',
    'finess',
    new Uint8Array(Buffer.from(`${FINESS_HEAD}\n${finessLine()}\n`, 'utf16le')),
    'encodingUnreadable',
  ],
  ['professionals in another encoding', 'rpps', latin1(RPPS_HEAD, rppsLine()), 'encodingUnreadable'],
  ['another file', 'finess', rpps, 'headerUnexpected'],
] as const)('a file in %s is refused as a whole, and writes nothing', async (_, kind, file, refusal) => {
  const directory = await openDirectory()
  const { sendAll } = await importer(directory)
  expect(await sendAll(kind, file)).toMatchObject({ state: 'refused', refusal, changed: 0 })
  expect(await written(directory)).toBe(0)
})

test('a facility told twice is told once, also by neighbours', async () => {
  const directory = await openDirectory()
  const { sendAll, notes } = await importer(directory)
  const view = await sendAll('finess', fileOf(FINESS_HEAD, finessLine(), finessLine({ long: 'AUTRE' })))
  expect(view).toMatchObject({ changed: 1, refused: 1 })
  expect(await notes(view.importId)).toEqual([{ line: 3, reason: 'repeated', severity: 'refused' }])
})

test('what a person said of a facility is not undone by the extract', async () => {
  const directory = await openDirectory()
  const { ask, sendAll } = await importer(directory)
  const said = {
    entity: 'EG',
    category: '500',
    name: 'LES ROSES',
    address: { lines: [], city: 'ESSAI' },
    zone: 'Europe/Paris',
  }
  await ask('/directory/facilities/990000028', { method: 'PUT', body: said })
  expect(await sendAll('finess', finess)).toMatchObject({ changed: 1, unchanged: 1 })
})

test('imports are for who operates Relais, and parts have an end', async () => {
  const directory = await openDirectory()
  const { open, send } = await importer(directory)
  const body = { kind: 'finess', sha256: 'a'.repeat(64), size: 10 }
  for (const as of [clerk, carer])
    expect(problemOf(await (await directory.as(as))('/directory/imports', { body }))).toEqual({
      status: 403,
      code: 'operatorsOnly',
    })
  const big = new Uint8Array(PART_BYTES + 1)
  const { importId } = await open('finess', big)
  expect((await send(importId, 0, big)).status).toBe(413)
  expect(problemOf(await send(crypto.randomUUID(), 0, finess))).toEqual({ status: 404, code: 'importUnknown' })
})
