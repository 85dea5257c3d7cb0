import { isPathwayEntry } from '@relais/contracts/channel-entries'
import { ASKING_QUEUE, given, ofReferral, ofStep } from '@relais/runtime/loop-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { gp, joined, newStay } from './facts.fixture.ts'
import { connect, type Gateway, openGateway } from './gateway.fixture.ts'
import {
  askedOf,
  asker,
  colleague,
  physician,
  secretary,
  SECRETARY_QUEUE,
  workNotices,
  writing,
} from './loops.fixture.ts'
import { device, notices, stands, told } from './notices.fixture.ts'

const later = '2026-11-02T13:00:00.000Z'
const byPhysician = { metadata: { actor: { id: gp, role: 'medecin' } } }
const receipts = (noticeId: string) => `/notices/${noticeId}/receipts`

/** The ids of the notices of work to somebody, in order. */
async function noticesTo(gateway: Gateway, recipient: string): Promise<string[]> {
  const facts = await workNotices(gateway)
  return facts.flatMap(({ type, data }) =>
    type === 'WorkNoticeSent' && data.recipient === recipient ? [data.noticeId] : [],
  )
}

test('who is asked is told at once, and who asks sees it delivered, read and acted upon', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  const inbox = device(gateway, physician, { channel: `inbox/${gp}` })
  const ward = device(gateway, asker, { channel: 'ward/4101' })
  await Promise.all([inbox.began, ward.began])
  await write(given(stay, { subject: ofReferral(stay) }))
  await inbox.shows('work', 'delivered')
  const [noticeId = ''] = await noticesTo(gateway, gp)
  expect((await gateway.as(physician)(receipts(noticeId), { body: { receipt: 'read' } })).status).toBe(204)
  const answered = given(stay, { subject: ofReferral(stay), nature: 'referralAnswered', state: 'done', at: later })
  await write(answered, byPhysician)
  await ward.shows('work', 'delivered', 'read', 'acted')
  expect(ward.received.at(-1)).toMatchObject({ noticeId, receipt: 'acted', by: gp, action: 'handled', at: later })
  const again = await gateway.as(physician)(receipts(noticeId), { body: { receipt: 'acted', action: 'handled' } })
  expect(again.status).toBe(204)
  expect(await askedOf(gateway, 4)).toEqual([`${gp} referralAsked`, 'NoticeDelivered', 'NoticeRead', 'NoticeActedUpon'])
})

test('a step is done where it is done; what there is only to know is acknowledged; nothing of it is returned', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  const step = { subject: ofStep(stay), nature: 'stepOpened', action: 'doStep' } as const
  await write(given(stay, step))
  await write(given(stay, { subject: ofReferral(stay), nature: 'referralClosed', action: 'acknowledge' }))
  await askedOf(gateway, 2)
  const [toDo = '', toKnow = ''] = await noticesTo(gateway, gp)
  const say = gateway.as(physician)
  const acted = { body: { receipt: 'acted', action: 'acknowledged' } }
  expect((await say(receipts(toDo), acted)).body).toMatchObject({
    status: 409,
    type: 'urn:relais:problem:actedElsewhere',
  })
  expect((await say(receipts(toKnow), acted)).status).toBe(204)
  const back = await say(`/notices/${toKnow}/return`, { body: { reason: 'notMyPatient' } })
  expect(back.body).toMatchObject({ status: 409, type: 'urn:relais:problem:notReturnable' })
  expect((await gateway.as(colleague)(receipts(toKnow), acted)).status).toBe(404)
  await write(given(stay, { ...step, nature: 'runEnded', state: 'withdrawn', at: later }))
  await askedOf(gateway, 4)
  const withdrawn = (await noticesTo(gateway, gp)).at(-1) ?? ''
  expect((await say(receipts(withdrawn), acted)).status).toBe(204)
})

test('nobody is told of what he or she did: it is the receipt of what was asked last', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  const subject = ofReferral(stay)
  await write(given(stay, { subject }))
  await write(given(stay, { subject, nature: 'referralInformed', at: later }))
  await write(given(stay, { subject, nature: 'referralAccepted', action: 'schedule', at: later }), byPhysician)
  expect(await askedOf(gateway, 3)).toEqual([`${gp} referralAsked`, `${gp} referralInformed`, 'NoticeActedUpon'])
  const [, informed] = await noticesTo(gateway, gp)
  const facts = await workNotices(gateway)
  expect(facts.at(-1)).toMatchObject({ data: { noticeId: informed, by: gp, action: 'handled' } })
})

test('an inbox begins with what is asked and what became of that, of each item the last; not with what is asked no more', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const [open, done, withdrawn] = [newStay(), newStay(), newStay()]
  await write(given(open, { subject: ofReferral(open) }))
  for (const stay of [done, withdrawn]) await write(given(stay, { subject: ofReferral(stay) }))
  await write(given(open, { subject: ofReferral(open), nature: 'referralInformed' }))
  await write(given(withdrawn, { subject: ofReferral(withdrawn), nature: 'referralCancelled', state: 'withdrawn' }))
  await write(given(done, { subject: ofReferral(done), nature: 'referralAnswered', state: 'done' }), byPhysician)
  await askedOf(gateway, 6)
  const { follow, socket } = await connect(gateway, physician)
  const whole = await follow(`inbox/${gp}`)
  socket.send(JSON.stringify({ type: 'ack', id: '1', cursor: whole.caughtUp() }))
  await whole.receives(2)
  await waitUntil(async () => (await workNotices(gateway)).length === 11, 'what was not delivered to be')
  const fresh = await follow(`inbox/${gp}`)
  const [first, ...others] = fresh.entries().map(({ entry }) => entry)
  expect(first).toMatchObject({ kind: 'work', work: { nature: 'referralInformed' }, patientId: open.patientId })
  expect(new Set(others.map(({ kind, patientId }) => `${kind} ${patientId}`))).toEqual(
    new Set([`receipt ${open.patientId}`]),
  )
})

test('a secretary sorts a queue: she is sent what is asked, nothing of stays, and delivers no more than that', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  await gateway.record(joined({ ...stay, memberId: SECRETARY_QUEUE, role: 'ehpad' }))
  await gateway.record(stands(stay, { facility: '990000010' }))
  await told(gateway, 1)
  await write(given(stay, { subject: ofReferral(stay), recipient: SECRETARY_QUEUE }))
  await askedOf(gateway, 1)
  const desk = device(gateway, secretary, { channel: `inbox/${SECRETARY_QUEUE}` })
  await desk.shows('work', 'delivered')
  expect(desk.kinds()).toEqual(['work', 'delivered'])
  const delivered = (await notices(gateway)).filter(({ type }) => type === 'NoticeDelivered')
  expect(delivered).toMatchObject([{ data: { work: { kind: 'referral' }, by: 'ch-essai:lea' } }])
  const { follow } = await connect(gateway, secretary)
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBe('forbidden')
  expect((await follow(`inbox/${gp}`)).ended()).toBe('forbidden')
})

test('who the patient is stays unsaid until it may be said, in what is asked and in its receipts', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  const inbox = device(gateway, physician, { channel: `inbox/${gp}` })
  await inbox.began
  await write(given(stay, { subject: ofReferral(stay), withheld: true }))
  await inbox.shows('work', 'delivered')
  expect(JSON.stringify(inbox.received)).not.toContain(stay.patientId)
  expect(JSON.stringify(inbox.received)).not.toContain(stay.stayId)
  await write(given(stay, { subject: ofReferral(stay), nature: 'referralAccepted', at: later }))
  await waitUntil(() => inbox.received.filter(({ kind }) => kind === 'work').length === 2, 'the second')
  expect(inbox.received.findLast(({ kind }) => kind === 'work')?.patientId).toBe(stay.patientId)
  expect(inbox.received.some(isPathwayEntry)).toBe(false)
})

test('a queue is told of what one of its people does, and the others see who did', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  const queue = device(gateway, asker, { channel: `inbox/${ASKING_QUEUE}` })
  await queue.began
  const actor = { id: 'ch-essai:claire', role: 'infirmier', organisation: '990000010' }
  const question = { subject: ofReferral(stay), recipient: ASKING_QUEUE, action: 'giveInformation' } as const
  await write(given(stay, { ...question, nature: 'informationAsked' }))
  await write(given(stay, { ...question, nature: 'referralInformed', state: 'done', at: later }), {
    metadata: { actor },
  })
  await queue.shows('work', 'acted')
  expect(queue.received.findLast(({ kind }) => kind === 'receipt')).toMatchObject({
    by: actor.id,
    recipient: ASKING_QUEUE,
  })
})
