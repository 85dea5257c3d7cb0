import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { eventCodec } from '@relais/events/codec'
import { expect, test } from 'vitest'
import {
  clerk,
  type Directory,
  EHPAD,
  HOSPITAL,
  openDirectory,
  operator,
  positionIn,
  problemOf,
} from '../directory.fixture.ts'

const scopes = ['directory:read', 'absence:write']
const gp = { id: 'rpps:10002909371', role: 'medecin', scopes }
const locum = 'rpps:10000023084'
/** The tests begin on the third at eight. */
const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T08:00:00.000Z`
const away = (details: object = {}) => ({
  professionalId: gp.id,
  from: day(10),
  to: day(20),
  replacement: locum,
  ...details,
})

type Asking = Awaited<ReturnType<Directory['as']>>
const put = (ask: Asking, body: object, id: string = crypto.randomUUID()) =>
  ask(`/absences/${id}`, { method: 'PUT', body })
const listed = async (ask: Asking, headers = {}) =>
  (await ask(`/absences?professional=${encodeURIComponent(gp.id)}`, { headers })).body.absences

/** What the log says of absences, oldest first: `AbsenceBegan 10`, by the day of November. */
async function told({ store, adapters }: Directory) {
  const codec = eventCodec<AbsenceEvent>(absenceEvents, adapters.vault)
  const found: string[] = []
  for await (const recorded of store.readAll()) {
    const event = (await codec.decode(recorded))?.event
    if (event?.data.professionalId === gp.id) found.push(event.type)
  }
  return found
}

test('a GP says when he or she is away and who stands in, and is back earlier', async () => {
  const directory = await openDirectory()
  const [ask, anybody] = [await directory.as(gp), await directory.as(operator)]
  const absenceId = crypto.randomUUID()
  const answer = await put(ask, away(), absenceId)
  expect(answer.status).toBe(204)
  expect(await listed(anybody, positionIn(answer))).toEqual([{ absenceId, ...away() }])
  const withdrawn = await ask(`/absences/${absenceId}`, { method: 'DELETE', headers: positionIn(answer) })
  expect(withdrawn.status).toBe(204)
  expect(await listed(anybody, positionIn(withdrawn))).toEqual([])
})

test('it begins and ends when its time comes, without anybody saying so', async () => {
  const directory = await openDirectory()
  await put(await directory.as(operator), away())
  for (const n of [10, 20]) {
    directory.clock.now = day(n)
    // What is written wakes what waits for its hour.
    const ask = await directory.as(operator)
    await put(
      ask,
      away({ professionalId: 'rpps:10000000021', from: day(n + 1), to: day(n + 2), replacement: undefined }),
    )
    await expect.poll(() => told(directory), { timeout: 20_000 }).toHaveLength(n === 10 ? 2 : 3)
  }
  expect(await told(directory)).toEqual(['AbsenceDeclared', 'AbsenceBegan', 'AbsenceEnded'])
  expect(await listed(await directory.as(operator))).toEqual([])
})

test('who tends the directory where a professional works may say it too, and nobody names oneself', async () => {
  const directory = await openDirectory()
  const place = { placeId: 'P1', finess: HOSPITAL, name: 'CH', address: { lines: [], city: 'ESSAI' } }
  const details = { familyName: 'TEST', profession: 'Médecin', places: [place] }
  const said = await (
    await directory.as(operator)
  )(`/directory/professionals/${gp.id}`, { method: 'PUT', body: details })
  expect(said.status).toBe(200)
  const [here, elsewhere] = [await directory.as(clerk), await directory.as({ ...clerk, organisation: EHPAD })]
  expect((await put(here, away())).status).toBe(204)
  expect(problemOf(await put(elsewhere, away()))).toEqual({ status: 403, code: 'notYours' })
  expect(problemOf(await put(here, away({ replacement: clerk.id })))).toEqual({ status: 403, code: 'notYours' })
})

test('what is refused says why', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(gp)
  const absenceId = crypto.randomUUID()
  const answer = await put(ask, away(), absenceId)
  await listed(ask, positionIn(answer))
  const refused = async (body: object, id?: string) => problemOf(await put(ask, body, id)).code
  expect(await refused(away({ to: day(9) }))).toBe('periodReversed')
  expect(await refused(away({ replacement: gp.id }))).toBe('replacedByOneself')
  expect(await refused(away({ from: day(1), to: day(3) }))).toBe('absenceOver')
  expect(await refused(away({ from: day(19), to: day(22), replacement: 'rpps:10000023092' }))).toBe('absenceOverlaps')
  expect(await refused(away({ professionalId: locum }))).toBe('notYours')
  const colleague = await directory.as({ ...gp, id: locum })
  const reused = await put(colleague, away({ professionalId: locum, replacement: gp.id }), absenceId)
  expect(problemOf(reused)).toEqual({ status: 409, code: 'absenceIdReused' })
  const unknown = await ask(`/absences/${crypto.randomUUID()}`, { method: 'DELETE' })
  expect(problemOf(unknown)).toEqual({ status: 404, code: 'absenceUnknown' })
  const reader = await directory.as({ ...gp, scopes: ['directory:read'] })
  expect(problemOf(await put(reader, away())).code).toBe('scopeMissing')
})
