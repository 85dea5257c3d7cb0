import { linkEvents } from '@relais/contracts/patients'
import { stayEvents } from '@relais/contracts/stays'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { linked } from '@relais/runtime/link-facts.fixture'
import { moved, newStay } from '@relais/runtime/stay-facts.fixture'
import { describe, expect, test } from 'vitest'
import {
  caredFor,
  coordinator,
  DISCHARGED,
  home,
  nurse,
  openProtocols,
  otherNurse,
  pharmacist,
  physician,
  positionIn,
  problemOf,
  PROTOCOL,
  wardNurse,
} from './protocols.fixture.ts'
import { dischargeHome } from './shipped/discharge-home.ts'

const done = { requestId: '11111111-0000-4000-8000-000000000001' }

test('a discharge gives each step to who has it, and the nurse who does hers is heard at once', async () => {
  const protocols = await openProtocols()
  expect(await protocols.publish()).toMatchObject({ status: 204, body: null })
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home)
  const ask = await protocols.as(nurse)
  const runId = protocols.runOf(stay)
  const before = await ask(`/runs/${runId}`)
  expect(before.body).toMatchObject({
    status: 'running',
    patientId: stay.patientId,
    steps: [
      { stepId: 'appel', status: 'open', owner: nurse.id, dueAt: '2026-11-05T09:00:00.000Z' },
      { stepId: 'conciliation', status: 'open', owner: pharmacist.id, dueAt: '2026-11-06T09:00:00.000Z' },
      { stepId: 'visite', status: 'open', owner: physician.id, dueAt: '2026-11-10T22:59:59.999Z' },
    ],
  })
  const answer = await ask(`/runs/${runId}/steps/appel/done`, { body: { ...done, note: 'Tout va bien.' } })
  expect(answer.status).toBe(204)
  const after = await ask(`/patients/${stay.patientId}/runs`, { headers: positionIn(answer) })
  expect(after.body).toMatchObject({ runs: [{ runId, steps: [{ stepId: 'appel', status: 'done' }, {}, {}] }] })
  const notes = await ask(`/runs/${runId}/steps/appel/notes`)
  expect(notes.body).toMatchObject({ notes: [{ by: nurse.id, text: 'Tout va bien.' }] })
  expect(JSON.stringify(await protocols.facts())).not.toContain('Tout va bien')
})

test('two nurses who do it at once have done it once', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  const stay = await caredFor(protocols)
  await protocols.joins(stay, otherNurse, 'infirmier')
  await protocols.tell(stay, home)
  const path = `/runs/${protocols.runOf(stay)}/steps/appel/done`
  const asks = [await protocols.as(nurse), await protocols.as(otherNurse)]
  const answers = await Promise.all(asks.map((ask) => ask(path, { body: done })))
  expect(answers.map(({ status }) => status)).toEqual([204, 204])
  expect(await protocols.named('StepDone')).toHaveLength(1)
})

describe('who may', () => {
  test('a run is unknown to somebody outside', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    await protocols.tell(stay, home)
    const runId = protocols.runOf(stay)
    const ask = await protocols.as(otherNurse)
    expect(problemOf(await ask(`/runs/${runId}`))).toEqual({ status: 404, code: 'runUnknown' })
    expect(problemOf(await ask(`/runs/${runId}/steps/appel/done`, { body: done }))).toEqual({
      status: 404,
      code: 'runUnknown',
    })
    expect((await ask(`/patients/${stay.patientId}/runs`)).body).toEqual({ runs: [] })
    expect(problemOf(await ask(`/runs/${crypto.randomUUID()}`))).toEqual({ status: 404, code: 'runUnknown' })
  })
  test('the coordination sees the steps, and neither the patient nor what was written', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    await protocols.tell(stay, home)
    const runId = protocols.runOf(stay)
    const ask = await protocols.as(coordinator)
    const { body } = await ask(`/runs/${runId}`)
    expect(body).toMatchObject({ runId, steps: [{ owner: nurse.id }, {}, {}] })
    expect(JSON.stringify(body)).not.toContain(stay.patientId)
    expect(problemOf(await ask(`/runs/${runId}/steps/appel/notes`))).toEqual({ status: 404, code: 'runUnknown' })
    expect(problemOf(await ask(`/runs/${runId}/steps/appel/done`, { body: done }))).toEqual({
      status: 403,
      code: 'notYoursToDo',
    })
  })
  test('a protocol is published by its coordination', async () => {
    const protocols = await openProtocols()
    const ask = await protocols.as(nurse)
    const { definition } = dischargeHome
    const body = { definition, effectiveFrom: protocols.clock.now }
    const answer = await ask(`/protocols/${PROTOCOL}/versions/1`, { method: 'PUT', body })
    expect(problemOf(answer)).toEqual({ status: 403, code: 'notYours' })
  })
})

test('a definition that does not hold together is answered in French, by the path of the field', async () => {
  const protocols = await openProtocols()
  const { definition } = dischargeHome
  const [first, ...others] = definition.steps
  const wrong = {
    ...definition,
    steps: [{ ...first, owners: ['concierge'], due: { ...first.due, hours: 0 } }, ...others],
  }
  const ask = await protocols.as(coordinator)
  const { body } = await ask('/protocols/validate', { body: { definition: wrong } })
  expect(body).toEqual({
    problems: [
      { path: 'steps[0].owners[0]', message: expect.stringContaining('Ce rôle n’existe pas.') },
      { path: 'steps[0].due.hours', message: 'Un délai est d’au moins 1 : zéro ou moins serait déjà passé.' },
    ],
  })
  expect(problemOf(await protocols.publish(wrong))).toEqual({ status: 422, code: 'definitionInvalid' })
  const past = await protocols.publish(definition, { from: '2026-11-02T08:00:00.000Z' })
  expect(past.body).toMatchObject({
    type: 'urn:relais:problem:effectiveInPast',
    errors: [{ pointer: '/effectiveFrom', message: expect.any(String) }],
  })
  expect((await ask('/protocols')).body).toEqual({ protocols: [] })
})

test('a step that is not done in time is late, is escalated, and is listed for who has it and who coordinates', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home)
  protocols.moveTo('2026-11-05T09:00:00.000Z')
  await protocols.until('StepLate', 1)
  protocols.moveTo('2026-11-05T13:00:00.000Z')
  await protocols.until('StepEscalated', 1)
  expect(await protocols.named('StepEscalated')).toMatchObject([
    { data: { stepId: 'appel', to: physician.id, rung: 0 } },
  ])
  for (const who of [nurse, coordinator, physician]) {
    const ask = await protocols.as(who)
    const { body } = await ask('/runs?late=true', { headers: await protocols.shown() })
    expect(body).toMatchObject({ steps: [{ runId: protocols.runOf(stay), stepId: 'appel', owner: nurse.id }] })
  }
  const ask = await protocols.as(pharmacist)
  expect((await ask('/runs?late=true')).body).toEqual({ steps: [] })

  const outside = await (
    await protocols.as(coordinator)
  )(`/runs/${protocols.runOf(stay)}/steps/appel/reassign`, { body: { to: otherNurse.id } })
  expect(outside.body).toMatchObject({
    type: 'urn:relais:problem:ownerOutside',
    errors: [{ pointer: '/to' }],
  })
  expect((await (await protocols.as(otherNurse))(`/runs/${protocols.runOf(stay)}`)).status).toBe(404)
  const given = await (
    await protocols.as(coordinator)
  )(`/runs/${protocols.runOf(stay)}/steps/appel/reassign`, { body: { to: pharmacist.id } })
  expect(given.status).toBe(204)
  expect((await ask('/runs?late=true', { headers: positionIn(given) })).body).toMatchObject({
    steps: [{ stepId: 'appel', owner: pharmacist.id }],
  })
})

describe('what becomes of the stay', () => {
  test('a discharge that was withdrawn takes its work back, and one that comes again starts anew', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    const present = { nature: 'withdrawn' as const, arrivedAt: '2026-11-01T09:00:00.000Z' }
    // One after the other: of two that are heard of together, the first one may be looked at as the second one says.
    await protocols.tell(stay, home)
    await protocols.tell(stay, present)
    expect(await protocols.named('RunEnded')).toMatchObject([{ data: { because: 'stayWithdrawn' } }])
    await protocols.tell(stay, home)
    expect(await protocols.named('RunStarted')).toHaveLength(2)
    const ask = await protocols.as(nurse)
    expect((await ask(`/runs/${protocols.runOf(stay)}`)).body).toMatchObject({ status: 'running' })
    protocols.clock.now = '2026-11-20T09:00:00.000Z'
    await protocols.leaves(stay, physician, 'medecin-traitant')
    expect(await protocols.named('StepReassigned')).toHaveLength(1)
  })
  test('a death ends what other stays had begun', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    await protocols.tell(stay, home)
    const next = { ...newStay(stay.patientId) }
    await protocols.tell(next, { ...home, died: true, nature: 'died', dischargedAt: '2026-11-04T09:00:00.000Z' })
    expect(await protocols.named('RunEnded')).toMatchObject([
      { data: { because: 'died', runId: protocols.runOf(stay) } },
    ])
  })
  test('a death that no stay says ends the runs of the person, whichever number it is said of, until it is denied', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    await protocols.tell(stay, home)
    const { patientId: otherId } = newStay()
    await protocols.says(died(otherId))
    expect(await protocols.named('RunEnded')).toEqual([])
    const link = linked(stay.patientId, otherId)
    await protocols.record(linkEvents, link, { owner: link.data.linkId })
    await protocols.settled()
    const over = { data: { because: 'died', runId: protocols.runOf(stay) } }
    expect(await protocols.named('RunEnded')).toMatchObject([over])
    await protocols.says(died(otherId, { again: true, reportedAt: '2026-11-03T11:30:00.000Z' }))
    expect(await protocols.named('RunEnded')).toMatchObject([over])
    await protocols.says(denied(otherId, { reportedAt: '2026-11-03T12:00:00.000Z' }))
    expect(await protocols.named('RunStarted')).toHaveLength(2)
  })
  test('a stay that becomes confidential is followed by nobody outside', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    await protocols.tell(stay, home)
    await protocols.madeConfidential(stay)
    await protocols.tell(stay, { ...home, confidential: true })
    expect(await protocols.named('RunEnded')).toMatchObject([{ data: { because: 'confidential' } }])
    const ask = await protocols.as(nurse)
    expect(problemOf(await ask(`/runs/${protocols.runOf(stay)}`)).code).toBe('runUnknown')
  })
})

describe('who has a step', () => {
  test('the médecin traitant who leaves the circle hands over to who comes next', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    await protocols.tell(stay, home)
    await protocols.leaves(stay, physician, 'medecin-traitant')
    expect(await protocols.named('StepReassigned')).toMatchObject([
      { data: { stepId: 'visite', to: 'finess:990000044', because: 'memberLeft' } },
    ])
    await protocols.joins(stay, otherNurse, 'medecin')
    expect((await protocols.named('StepReassigned')).at(-1)).toMatchObject({
      data: { to: otherNurse.id, because: 'memberJoined' },
    })
  })
  test('a replacement who joins the circle has what the médecin traitant had', async () => {
    const protocols = await openProtocols()
    await protocols.publish()
    const stay = await caredFor(protocols)
    await protocols.tell(stay, home)
    await protocols.joins(stay, otherNurse, 'remplacant')
    expect(await protocols.named('StepReassigned')).toMatchObject([
      { data: { stepId: 'visite', from: physician.id, to: otherNurse.id, because: 'absence' } },
    ])
    await protocols.leaves(stay, otherNurse, 'remplacant')
    expect((await protocols.named('StepReassigned')).at(-1)).toMatchObject({ data: { to: physician.id } })
  })
})

test('an age is read where the identity is, when it is known', async () => {
  const protocols = await openProtocols()
  const { definition } = dischargeHome
  await protocols.publish(definition)
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home)
  expect(await protocols.named('RunStarted')).toEqual([])
  await protocols.identified(stay, '1951-11-04')
  expect(await protocols.named('RunStarted')).toEqual([])
  await protocols.identified(stay, '1951-11-03')
  expect(await protocols.named('RunStarted')).toHaveLength(1)
})

test('the ward of the stay may follow what it began', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  const stay = await caredFor(protocols)
  await protocols.record(stayEvents, moved('PatientAdmitted', stay, { ward: '4101' }), { owner: stay.stayId })
  await protocols.tell(stay, home)
  const ask = await protocols.as(wardNurse)
  expect((await ask(`/runs/${protocols.runOf(stay)}`)).body).toMatchObject({ trigger: { at: DISCHARGED } })
})
