import { expect, test } from 'vitest'
import { carer, clerk, type Directory, INS, openDirectory, otherCarer, positionIn } from '../directory.fixture.ts'

const HEAD =
  'numero;nom_naissance;nom_utilise;prenoms;date_naissance;sexe;commune_naissance;statut_identite;ins;ins_oid;chambre;date_entree'
const zoe = `R1;TEST-ÉGLANTINE;;ZOÉ MARIE;1941-07-09;F;99001;qualifiée;${INS.matricule};;12;2026-03-01`
const max = 'R2;TEST-AUBÉPINE;;MAX;01/02/1938;m;;provisoire;;;;2026-03-02'

async function send(directory: Directory, lines: readonly string[] | Uint8Array, as: object = carer) {
  const token = await directory.tokenFor({ wards: [], ...as } as never)
  const body = lines instanceof Uint8Array ? Buffer.from(lines) : lines.join('\n')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' }
  const response = await directory.service.app.request('/residents/import', { method: 'POST', headers, body })
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}
async function register(directory: Directory, answer: Awaited<ReturnType<typeof send>>) {
  const { body } = await (await directory.as(carer))('/residents', { headers: positionIn(answer) })
  return body.residents.toSorted((one: { room?: string }, other: { room?: string }) =>
    (one.room ?? '').localeCompare(other.room ?? ''),
  )
}

test('each line is a resident, whose day of entry and of birth are read as people write them', async () => {
  const directory = await openDirectory()
  const answer = await send(directory, [HEAD, zoe, max])
  expect(answer.body).toEqual({ lines: 3, changed: 2, unchanged: 0, refused: 0, warnings: 0, notes: [] })
  expect(await register(directory, answer)).toMatchObject([
    { identity: { birthName: 'TEST-AUBÉPINE', birthDate: '1938-02-01', sex: 'M', status: 'provisional' } },
    {
      room: '12',
      enteredAt: '2026-03-01T12:00:00.000Z',
      identity: { birthplaceCog: '99001', status: 'qualified', ins: INS },
    },
  ])
})

test('the same file again changes nothing; a later one brings the register up to date', async () => {
  const directory = await openDirectory()
  await send(directory, [HEAD, zoe, max])
  expect((await send(directory, [HEAD, zoe, max])).body).toMatchObject({ changed: 0, unchanged: 2 })
  const later = await send(directory, [HEAD, zoe.replace(';12;', ';14;'), max.replace('AUBÉPINE', 'ACACIA')])
  expect(later.body).toMatchObject({ changed: 2, unchanged: 0 })
  expect(await register(directory, later)).toMatchObject([{ identity: { birthName: 'TEST-ACACIA' } }, { room: '14' }])
  expect(await directory.named('ResidentEntered')).toHaveLength(2)
})

test('refused lines are named by number, column and reason, and never quoted', async () => {
  const directory = await openDirectory()
  const { body } = await send(directory, [
    HEAD,
    zoe,
    zoe.slice(0, 30),
    zoe,
    max.replace('TEST-AUBÉPINE', ''),
    max.replace('01/02/1938', '31/02/1938'),
    max.replace('provisoire', 'certaine'),
    zoe.replace('R1', 'R9').replace(INS.matricule, '241079900000183'),
    zoe.replace('R1', 'R8').replace('qualifiée', 'validée'),
    'R7;"TEST;;MAX;01/02/1938;m;;provisoire;;;;2026-03-02',
  ])
  expect(body).toMatchObject({ changed: 2, unchanged: 0, refused: 7, warnings: 1 })
  expect(body.notes).toEqual([
    { line: 3, reason: 'columnsMissing', severity: 'refused' },
    { line: 4, column: 'numero', reason: 'repeated', severity: 'refused' },
    { line: 5, column: 'nom_naissance', reason: 'missing', severity: 'refused' },
    { line: 6, column: 'date_naissance', reason: 'invalid', severity: 'refused' },
    { line: 7, column: 'statut_identite', reason: 'invalid', severity: 'refused' },
    { line: 8, reason: 'refused', code: 'insKeyWrong', severity: 'refused' },
    { line: 9, column: 'ins', reason: 'insNotKept', severity: 'warning' },
    { line: 10, reason: 'quoteUnbalanced', severity: 'refused' },
  ])
})

test('who has died is not entered again by a file, nor is who has left for a day before', async () => {
  const directory = await openDirectory()
  await send(directory, [HEAD, zoe, max])
  const ask = await directory.as(carer)
  const entered = await directory.named('ResidentEntered')
  const [first, second] = entered.map((data) => data.residentId)
  await ask(`/residents/${first}/death`, { body: { leftAt: '2026-04-01T12:00:00.000Z' } })
  await ask(`/residents/${second}/exit`, { body: { leftAt: '2026-04-01T12:00:00.000Z' } })
  const later = [zoe.replace('2026-03-01', '2026-05-01'), max.replace('2026-03-02', '2026-03-05')]
  expect((await send(directory, [HEAD, ...later])).body.notes).toMatchObject([
    { line: 2, code: 'residentDied' },
    { line: 3, code: 'beforeExit' },
  ])
})

test('who is there does not enter another day', async () => {
  const directory = await openDirectory()
  await send(directory, [HEAD, zoe])
  const { body } = await send(directory, [HEAD, zoe.replace('2026-03-01', '2026-03-09')])
  expect(body.notes).toMatchObject([{ line: 2, code: 'residentPresent' }])
})

test('the same number in another EHPAD is somebody else', async () => {
  const directory = await openDirectory()
  await send(directory, [HEAD, zoe])
  expect((await send(directory, [HEAD, zoe], otherCarer)).body).toMatchObject({ changed: 1 })
  const ids = (await directory.named('ResidentEntered')).map(({ residentId }) => residentId)
  expect(new Set(ids).size).toBe(2)
})

const utf16 = new Uint8Array(Buffer.from([HEAD, zoe].join('\n'), 'utf16le'))
test.each([
  ['in another encoding', utf16, 'encodingUnreadable'],
  ['without a column', [HEAD.replace('sexe;', ''), zoe], 'headerUnexpected'],
  ['with a column twice', [`${HEAD};sexe`, `${zoe};F`], 'headerUnexpected'],
  ['with a column that nobody knows', [`${HEAD};medecin`, zoe], 'headerUnexpected'],
] as const)('a file %s is refused once, as a whole', async (_, lines, refusal) => {
  const directory = await openDirectory()
  expect((await send(directory, lines)).body).toMatchObject({ refusal, changed: 0, notes: [] })
  expect(await directory.named('ResidentEntered')).toEqual([])
})

test('a spreadsheet of Windows is read as well, and a file of another type is not', async () => {
  const directory = await openDirectory()
  const file = new Uint8Array(Buffer.from([HEAD, zoe].join('\r\n'), 'latin1'))
  const answer = await send(directory, file)
  expect(await register(directory, answer)).toMatchObject([{ identity: { birthName: 'TEST-ÉGLANTINE' } }])
  const ask = await directory.as({ ...clerk, organisation: '990000028' })
  expect((await ask('/residents/import', { body: {} })).status).toBe(415)
})
