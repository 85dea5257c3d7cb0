import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { person } from '@relais/runtime/adapters.fixture'
import { expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, openStays, senderAt, type Stays } from '../stays.fixture.ts'

type Asking = Awaited<ReturnType<Stays['ask']>>
type Answer = Awaited<ReturnType<Asking>>

const here = { address: '10.0.0.1' }
const there = { address: '10.0.0.2' }
const senders = [senderAt(here.address), senderAt(there.address, { authorities: [{ id: ELSEWHERE }] })]

const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY }
const stranger = { id: 'ch-ailleurs:durand', role: 'admissions', organisation: ELSEWHERE }
const unknown = '00000000-0000-4000-8000-000000000000'

/** A discharge whose ZBE has one field too many, and the edit that puts it right. */
const broken = pamMessage({ trigger: 'A03', controlId: 'SHIFTED' }).replace('||INSERT', '|||INSERT')
const unshift = [{ op: 'removeField', path: 'ZBE-3' }]

async function quarantined(stays: Stays, message = broken): Promise<string> {
  const before = (await stays.facts()).length
  expect(await stays.send(message, here)).toMatchObject({ code: 'AE' })
  return (await stays.facts())[before]?.routing['messageId'] ?? ''
}

const repairing = (ask: Asking, id: string, edits: readonly object[] = unshift) =>
  ask(`/quarantine/${id}/repairs`, { body: { edits } })
const replaying = (ask: Asking, id: string) => ask(`/quarantine/${id}/replays`, { body: { cause: 'person' } })
const problemOf = ({ status, body }: Answer) => ({ status, code: body.type.replace('urn:relais:problem:', '') })
const valuesIn = ({ body }: Answer, name: string) =>
  body.segments
    .find((segment: { name: string }) => segment.name === name)
    .fields.map((field: { value: string }) => field.value)

test('what waits is listed with its reasons, for the people of the sender’s establishment', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  stays.clock.now = '2026-11-03T09:00:00.000Z'
  await stays.send({ trigger: 'A13', movement: 'M13' }, here)
  const ask = await stays.ask(clerk)
  await expect.poll(async () => (await ask('/quarantine')).body.messages, { timeout: 20_000 }).toHaveLength(2)
  expect((await ask('/quarantine')).body.messages).toMatchObject([
    {
      messageId,
      senderId: 'sender-10-0-0-1',
      receivedAt: '2026-11-03T08:00:00.000Z',
      trigger: 'ADT^A03^ADT_A03',
      status: 'waiting',
      problems: expect.arrayContaining([
        {
          path: 'ZBE-5',
          code: 'fieldInvalid',
          text: 'one of Y, N is expected',
          expected: { code: 'oneOf', values: ['Y', 'N'] },
        },
      ]),
    },
    { trigger: 'ADT^A13^ADT_A01', status: 'awaitingMovement', problems: [{ path: 'ZBE-1', code: 'movementUnknown' }] },
  ])
  expect((await ask('/quarantine?status=awaitingMovement')).body.messages).toHaveLength(1)
  expect((await ask('/quarantine?status=resolved')).body.messages).toEqual([])
  const others = await stays.ask(stranger)
  expect((await others('/quarantine')).body.messages).toEqual([])
})

test('a message is shown field by field, masked, with each problem at its place', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  const shown = await ask(`/quarantine/${messageId}`)
  expect(shown.status).toBe(200)
  expect(shown.body).toMatchObject({ messageId, status: 'waiting', trigger: 'ADT^A03^ADT_A03' })
  const zbe = shown.body.segments.find(({ name }: { name: string }) => name === 'ZBE')
  expect(zbe.fields).toContainEqual({ path: 'ZBE-5', value: 'INSERT', masked: false, problem: 'fieldInvalid' })
  const text = JSON.stringify(shown.body)
  for (const value of ['TEST-ÉGLANTINE', 'ZOÉ', '19410709', '2410799000001', 'V900001'])
    expect(text).not.toContain(value)
  expect(valuesIn(shown, 'PID')[4]).toBe('••••^••••^••••^^^^••••')
})

test('each view, repair and replay is on record with its author', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  await ask(`/quarantine/${messageId}`)
  stays.clock.now = '2026-11-03T09:00:00.000Z'
  await repairing(ask, messageId)
  await replaying(ask, messageId)
  const { history } = (await ask(`/quarantine/${messageId}`)).body
  expect(history).toEqual([
    { at: '2026-11-03T08:00:00.000Z', what: 'quarantined', by: 'sender:sender-10-0-0-1' },
    { at: '2026-11-03T08:00:00.000Z', what: 'viewed', by: 'ch-essai:martin' },
    {
      at: '2026-11-03T09:00:00.000Z',
      what: 'repaired',
      by: 'ch-essai:martin',
      edits: [{ op: 'removeField', path: 'ZBE-3', from: { value: '', masked: false } }],
    },
    { at: '2026-11-03T09:00:00.000Z', what: 'replayed', by: 'ch-essai:martin' },
  ])
})

test('what a repair made of each field is on record, masked as the message is', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  const seen = (value: string) => ({ value, masked: false })
  const hidden = (value: string) => ({ value, masked: true })
  await repairing(ask, messageId, [
    ...unshift,
    { op: 'set', path: 'ZBE-5', value: 'Y' },
    { op: 'insertField', path: 'PV1-50', value: 'TEST-VALEUR' },
  ])
  const { history } = (await ask(`/quarantine/${messageId}`)).body
  expect(history.at(-1)).toMatchObject({
    what: 'repaired',
    edits: [
      { op: 'removeField', path: 'ZBE-3', from: seen('') },
      { op: 'set', path: 'ZBE-5', from: seen('N'), to: seen('Y') },
      { op: 'insertField', path: 'PV1-50', to: hidden('••••') },
    ],
  })
  expect(JSON.stringify(history)).not.toContain('TEST-VALEUR')
})

test('repaired, then replayed, a message becomes the movement it was meant to be', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  const repaired = await repairing(ask, messageId)
  expect(repaired).toMatchObject({ status: 200, body: { problems: [] } })
  const headers = { 'relais-position': repaired.headers.get('relais-position') ?? '' }
  expect((await ask('/quarantine', { headers })).body.messages).toMatchObject([{ messageId, status: 'repaired' }])
  const replayed = await replaying(ask, messageId)
  expect(replayed).toMatchObject({ status: 200, body: { outcome: 'accepted', problems: [] } })
  const facts = await stays.facts()
  const discharge = facts.find(({ type }) => type === 'PatientDischarged')
  expect(discharge?.event?.data).toMatchObject({ messageId })
  expect(discharge?.metadata.actor).toEqual({ id: clerk.id, role: clerk.role, organisation: FACILITY })
  const position = { 'relais-position': replayed.headers.get('relais-position') ?? '' }
  expect((await ask('/quarantine', { headers: position })).body.messages).toEqual([])
})

test('the original bytes stay, and the repaired ones end with them', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  await repairing(ask, messageId)
  await repairing(ask, messageId)
  const facts = (await stays.facts()).flatMap(({ event }) => (event && 'raw' in event.data ? [event.data.raw] : []))
  expect(facts).toHaveLength(2)
  const [original, repaired] = facts
  expect(await stays.adapters.vault.get(original?.documentId ?? '')).toMatchObject({ bytes: Buffer.from(broken) })
  await stays.adapters.vault.purge('2027-02-01T07:59:59.000Z')
  expect(await stays.adapters.vault.get(repaired?.documentId ?? '')).toMatchObject({ ref: repaired })
  await stays.adapters.vault.purge('2027-02-01T08:00:01.000Z')
  for (const raw of facts) expect(await stays.adapters.vault.get(raw.documentId)).toBeUndefined()
})

test('a message of a known patient whose bytes have had their time is gone, and says so', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays, pamMessage({ trigger: 'A13' }))
  await stays.adapters.vault.purge('2027-02-01T08:00:01.000Z')
  const ask = await stays.ask(clerk)
  const gone = { status: 410, code: 'messageForgotten' }
  expect(problemOf(await ask(`/quarantine/${messageId}`))).toEqual(gone)
  expect(problemOf(await repairing(ask, messageId))).toEqual(gone)
  expect(problemOf(await replaying(ask, messageId))).toEqual(gone)
})

test('a forgotten patient’s message waits for nobody', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays, pamMessage({ trigger: 'A13' }))
  const [fact] = await stays.facts()
  await stays.adapters.vault.forget(fact?.routing['keyOwner'] ?? '')
  const ask = await stays.ask(clerk)
  expect((await ask('/quarantine')).body.messages).toEqual([])
  expect(problemOf(await ask(`/quarantine/${messageId}`))).toEqual({ status: 404, code: 'messageUnknown' })
  await stays.send({ trigger: 'A03' }, here)
  await stays.settled()
  expect((await stays.facts()).map(({ type }) => type)).not.toContain('MovementWithdrawn')
})

test('a repair that leaves something wrong says what, and its replay waits on', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  const edits = [...unshift, { op: 'set', path: 'ZBE-2', value: 'demain' }]
  const problems = [{ path: 'ZBE-2', code: 'timestampInvalid' }]
  expect((await repairing(ask, messageId, edits)).body).toMatchObject({ problems })
  expect((await replaying(ask, messageId)).body).toMatchObject({ outcome: 'quarantined', problems })
  expect((await ask(`/quarantine/${messageId}`)).body).toMatchObject({ status: 'waiting', problems })
})

test.each([
  ['a segment that the message lacks', [{ op: 'set', path: 'ZFM-2', value: '8' }]],
  ['a field that is not there', [{ op: 'removeField', path: 'EVN-40' }]],
  ['the separators', [{ op: 'set', path: 'MSH-1', value: '#' }]],
  ['a value with a separator in it', [{ op: 'set', path: 'ZBE-4', value: 'INSERT|N' }]],
])('a repair that names %s cannot be applied', async (_, edits) => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  expect(problemOf(await repairing(ask, messageId, edits))).toEqual({ status: 422, code: 'repairNotApplicable' })
  expect((await stays.facts()).map(({ type }) => type)).toEqual(['MessageQuarantined'])
})

test('what was accepted can neither be replayed nor repaired again', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  await repairing(ask, messageId)
  await replaying(ask, messageId)
  const refused = { status: 409, code: 'messageResolved' }
  expect(problemOf(await replaying(ask, messageId))).toEqual(refused)
  expect(problemOf(await repairing(ask, messageId, [{ op: 'set', path: 'ZBE-9', value: 'S' }]))).toEqual(refused)
  expect((await stays.facts()).filter(({ type }) => type === 'PatientDischarged')).toHaveLength(1)
})

test('a message sent again after a person repaired it is not recorded twice', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  await repairing(ask, messageId)
  await replaying(ask, messageId)
  await stays.send(broken, here)
  const types = (await stays.facts()).map(({ type }) => type)
  expect(types.filter((type) => type === 'PatientDischarged' || type === 'MessageQuarantined')).toHaveLength(2)
})

test('a message of another establishment is answered like one that does not exist', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(stranger)
  for (const asked of [
    (id: string) => ask(`/quarantine/${id}`),
    (id: string) => repairing(ask, id),
    (id: string) => replaying(ask, id),
  ]) {
    const [foreign, none] = [await asked(messageId), await asked(unknown)]
    expect(problemOf(foreign)).toEqual({ status: 404, code: 'messageUnknown' })
    expect({ ...foreign.body, instance: '' }).toEqual({ ...none.body, instance: '' })
  }
  expect((await stays.facts()).map(({ type }) => type)).toEqual(['MessageQuarantined'])
})

test('an operator tends the messages of every sender', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask({ id: 'relais:operateur', role: 'operateur' })
  expect((await ask(`/quarantine/${messageId}`)).status).toBe(200)
})

test('what a caller posted is tended by the caller’s organisation', async () => {
  const stays = await openStays({ senders })
  const token = await stays.ask({ ...clerk, scopes: ['message:send', 'quarantine:read'] })
  const posted = await stays.service.app.request('/hl7v2', {
    method: 'POST',
    headers: { ...(await authorization(stays)), 'content-type': 'application/hl7-v2' },
    body: broken,
  })
  expect(await posted.text()).toContain('MSA|AE')
  const messageId = (await stays.facts())[0]?.routing['messageId']
  expect((await token(`/quarantine/${messageId}`)).status).toBe(200)
  const others = await stays.ask(stranger)
  expect((await others(`/quarantine/${messageId}`)).status).toBe(404)
})

test('pages follow one another, whoever else’s messages lie between', async () => {
  const stays = await openStays({ senders })
  const own: string[] = []
  for (let index = 0; index < 6; index += 1) {
    stays.clock.now = `2026-11-03T08:00:${String(10 + Math.floor(index / 2))}.000Z`
    if (index === 0 || index === 3)
      await stays.send(withField(pamMessage({ facility: ELSEWHERE, controlId: `X${index}` }), 'ZBE-4', ''), there)
    own.push(await quarantined(stays, broken.replace('SHIFTED', `OWN-${index}`)))
  }
  await stays.settled()
  const ask = await stays.ask(clerk)
  await expect.poll(async () => (await ask('/quarantine')).body.messages, { timeout: 20_000 }).toHaveLength(6)
  const seen: string[] = []
  for (;;) {
    const after = seen.at(-1)
    const { messages } = (await ask(`/quarantine?limit=2${after ? `&after=${after}` : ''}`)).body
    if (messages.length === 0) break
    expect(messages).toHaveLength(2)
    seen.push(...messages.map(({ messageId }: { messageId: string }) => messageId))
  }
  expect(seen.toSorted()).toEqual(own.toSorted())
})

test.each([
  ['GET', '', 'quarantine:read'],
  ['GET', `/${unknown}`, 'quarantine:read'],
  ['POST', `/${unknown}/repairs`, 'quarantine:repair'],
  ['POST', `/${unknown}/replays`, 'quarantine:repair'],
] as const)('%s /quarantine%s asks for %s', async (method, path, scope) => {
  const stays = await openStays({ senders })
  const scopes = ['quarantine:read', 'quarantine:repair'].filter((one) => one !== scope)
  const without = await stays.ask({ ...clerk, scopes: scope === 'quarantine:read' ? [] : scopes })
  const body = path.endsWith('repairs') ? { edits: unshift } : { cause: 'person' }
  const asked = method === 'POST' ? { body } : {}
  expect(problemOf(await without(`/quarantine${path}`, asked))).toEqual({ status: 403, code: 'scopeMissing' })
})

test('who may read but not repair sees a message and cannot change it', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask({ ...clerk, scopes: ['quarantine:read'] })
  expect((await ask(`/quarantine/${messageId}`)).status).toBe(200)
  expect((await repairing(ask, messageId)).status).toBe(403)
  expect((await replaying(ask, messageId)).status).toBe(403)
})

test('a malformed request says where it is wrong', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  expect(problemOf(await ask('/quarantine?limit=0'))).toEqual({ status: 400, code: 'invalidQuery' })
  expect(problemOf(await ask('/quarantine/nothing'))).toEqual({ status: 400, code: 'invalidPath' })
  const edits = [{ op: 'set', path: 'nowhere', value: 'TEST-ÉGLANTINE' }]
  const answer = await repairing(ask, messageId, edits)
  expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '/edits/0/path' }] })
  expect(JSON.stringify(answer.body)).not.toContain('ÉGLANTINE')
})

async function authorization(stays: Stays) {
  return { authorization: `Bearer ${await stays.tokenFor(person(clerk))}` }
}

test.each([
  ['another patient', { op: 'set', path: 'PID-3', value: '900777' }],
  ['another visit', { op: 'set', path: 'PV1-19', value: 'V900777' }],
])('a repair moves no message to %s', async (_, edit) => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  expect(problemOf(await repairing(ask, messageId, [...unshift, edit]))).toEqual({
    status: 422,
    code: 'repairNotAllowed',
  })
})

test('a patient number that was refused may be repaired', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays, withField(pamMessage({ controlId: 'NO-IPP' }), 'PID-3', ''))
  const ask = await stays.ask(clerk)
  const edit = { op: 'set', path: 'PID-3', value: `900001^^^CH-ESSAI&${FACILITY}&N^PI` }
  expect(await repairing(ask, messageId, [edit])).toMatchObject({ status: 200, body: { problems: [] } })
})

test('a repair brings no production message into a demonstration', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  const ask = await stays.ask(clerk)
  const edit = { op: 'set', path: 'MSH-11', value: 'P' }
  expect(problemOf(await repairing(ask, messageId, [...unshift, edit]))).toEqual({
    status: 422,
    code: 'repairNotAllowed',
  })
})

test('the people of one establishment do not tend a sender that speaks for several, unless it says so', async () => {
  const both = { authorities: [{ id: FACILITY }, { id: ELSEWHERE }] }
  const open = async (details: object) => {
    const stays = await openStays({ senders: [senderAt(here.address, { ...both, ...details })] })
    const messageId = await quarantined(stays)
    return (await stays.ask(stranger))(`/quarantine/${messageId}`)
  }
  expect(await open({})).toMatchObject({ status: 404 })
  expect(await open({ tendedBy: [ELSEWHERE] })).toMatchObject({ status: 200 })
})

test('without a token nothing is looked for, whatever the path', async () => {
  const stays = await openStays({ senders })
  const messageId = await quarantined(stays)
  for (const path of [`/quarantine/${messageId}`, `/quarantine/${messageId}/x`, `/quarantine/${unknown}/x`])
    expect((await stays.service.app.request(path)).status).toBe(401)
})
