import { ShownEvent, shownEvents } from '@relais/contracts/notices'
import { recorder } from '@relais/runtime/adapters.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { gp, joined, moved, newStay } from './facts.fixture.ts'
import { connect, nurse, openGateway, person } from './gateway.fixture.ts'
import { caregiver, device, EHPAD, notices, physician, sentIn, stands, told, wardNurse } from './notices.fixture.ts'

test('one acts, the other sees it at once; who was away has each thing once after coming back', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined({ ...stay, memberId: EHPAD, role: 'ehpad' }))
  const [one, other] = ['rpps:10100000031', 'rpps:10100000032'].map(caregiver) as [string, string]
  const first = device(gateway, one, { channel: `inbox/${EHPAD}` })
  const second = device(gateway, other, { channel: `inbox/${EHPAD}` })
  const away = device(gateway, other, { channel: `inbox/${EHPAD}` })
  await Promise.all([first.began, second.began, away.began])
  const { cursor } = away.subscription
  away.client.close()

  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), stands(stay))
  await Promise.all([first.shows('notice', 'delivered'), second.shows('notice', 'delivered')])
  const since = performance.now()
  const answer = await gateway.as(one)(`/notices/${first.noticeOf()}/receipts`, {
    body: { receipt: 'acted', action: 'acknowledged' },
  })
  expect(answer.status).toBe(204)
  await second.shows('acted')
  expect(performance.now() - since).toBeLessThan(1000)
  expect(second.received.at(-1)).toMatchObject({ receipt: 'acted', by: 'rpps:10100000031', action: 'acknowledged' })

  const back = device(gateway, other, { channel: `inbox/${EHPAD}`, after: cursor })
  await back.began
  expect(back.kinds()).toEqual(['notice', 'delivered', 'acted'])
  expect(away.kinds()).toEqual([])
  const ward = device(gateway, wardNurse, { channel: 'ward/3620' })
  await ward.began
  expect(ward.kinds()).toEqual(['admission', 'notice', 'delivered', 'acted'])
  const fresh = device(gateway, other, { channel: `inbox/${EHPAD}` })
  await fresh.began
  expect(fresh.kinds()).toEqual([])
})

test('an inbox begins with one item for each stay, however much happened in it', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined(stay))
  await gateway.record(stands(stay))
  for (const ward of ['4110', '4120', '4130']) await gateway.record(stands(stay, { nature: 'moved', ward }))
  await gateway.record(stands(stay, { nature: 'discharged', status: 'discharged', ward: '4130' }))
  await told(gateway, 5)
  const inbox = device(gateway, physician, { channel: `inbox/${gp}` })
  await inbox.began
  expect(inbox.received).toMatchObject([{ kind: 'notice', nature: 'discharged', stayId: stay.stayId }])
})

test('the ward sees live who has had, read and handled what it sent', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined(stay))
  const ward = device(gateway, wardNurse, { channel: 'ward/3620' })
  await ward.began
  await gateway.record(stands(stay))
  await ward.shows('notice')
  const say = gateway.as(physician)
  const path = `/notices/${ward.noticeOf()}/receipts`
  expect((await say(path, { body: { receipt: 'read' } })).status).toBe(204)
  expect((await say(path, { body: { receipt: 'acted', action: 'handled' } })).status).toBe(204)
  await ward.shows('read', 'acted')
  const again = await say(path, { body: { receipt: 'acted', action: 'accepted' } })
  expect(again.body).toMatchObject({ status: 409, type: 'urn:relais:problem:alreadyActedUpon' })
  const stranger = gateway.as(person({ id: 'rpps:10100000077', scopes: ['notice:acknowledge'] }))
  expect((await stranger(path, { body: { receipt: 'read' } })).status).toBe(404)
})

test('“not my patient”: access ends with the answer, the ward sees a misdirection and closes it', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined(stay), joined({ ...stay, role: 'medecin' }))
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), stands(stay))
  const { follow } = await connect(gateway, physician)
  const [patient, inbox] = [await follow(`patient/${stay.patientId}`), await follow(`inbox/${gp}`)]
  await inbox.receives(1)
  const [{ noticeId } = { noticeId: '' }] = sentIn(await notices(gateway))
  const ward = device(gateway, wardNurse, { channel: 'ward/3620' })
  await ward.began
  const returned = await gateway.as(physician)(`/notices/${noticeId}/return`, { body: { reason: 'notMyPatient' } })
  expect(returned.status).toBe(204)
  expect(await patient.ends()).toBe('accessEnded')
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBe('forbidden')
  expect((await follow(`inbox/${gp}`)).entries().map(({ entry }) => entry.kind)).not.toContain('notice')
  await ward.shows('returned')

  const headers = { 'relais-position': returned.headers.get('relais-position') ?? '' }
  const ask = gateway.as(wardNurse)
  const open = await ask('/misdirections', { headers })
  expect(open.body.misdirections).toMatchObject([{ noticeId, recipient: gp, by: gp, ...stay }])
  const elsewhere = gateway.as(person({ wards: ['9999'], scopes: ['board:read'] }))
  expect((await elsewhere('/misdirections', { headers })).body.misdirections).toEqual([])
  expect((await elsewhere(`/misdirections/${noticeId}/close`, { body: { outcome: 'nobodyToTell' } })).status).toBe(404)
  const closed = await ask(`/misdirections/${noticeId}/close`, { body: { outcome: 'recipientCorrected' } })
  expect(closed.status).toBe(204)
  const now = { 'relais-position': closed.headers.get('relais-position') ?? '' }
  expect((await ask('/misdirections', { headers: now })).body.misdirections).toEqual([])
  const history = await ask('/misdirections?status=closed', { headers: now })
  expect(history.body.misdirections).toMatchObject([{ noticeId, closed: { outcome: 'recipientCorrected' } }])

  await gateway.record(stands(stay, { nature: 'corrected', room: '14' }))
  await gateway.record(joined(stay))
  expect(await told(gateway, 2)).toEqual([`${gp} admitted present`, `${gp} joined present`])
})

test('acknowledgments of other channels, and of cursors that are none, deliver nothing', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined({ ...stay, memberId: EHPAD, role: 'ehpad' }))
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), stands(stay))
  await told(gateway, 1)
  const { follow, socket } = await connect(gateway, nurse)
  const ward = await follow('ward/3620')
  await ward.receives(2)
  const say = (id: string, cursor: string) => socket.send(JSON.stringify({ type: 'ack', id, cursor }))
  say('1', ward.entries()[1]?.cursor ?? '')
  say('1', 'made-up')
  say('nothing', 'made-up')
  const register = await connect(gateway, caregiver('rpps:10100000031'))
  const ehpad = await register.follow('ehpad/990000028')
  register.socket.send(JSON.stringify({ type: 'ack', id: '1', cursor: ehpad.caughtUp() }))
  await gateway.record(stands(stay, { nature: 'planned' }))
  await ward.receives(3)
  expect((await notices(gateway)).map(({ type }) => type)).toEqual(['NoticeSent', 'NoticeSent'])
})

test('a page that somebody was given is a delivery, once', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined(stay))
  await gateway.record(stands(stay))
  await told(gateway, 1)
  const { noticeId, patientId } = sentIn(await notices(gateway))[0] ?? { noticeId: '', patientId: '' }
  const now = () => '2026-11-22T10:00:00.000Z'
  const record = recorder({ store: gateway.store, keyring: gateway.vault, now })
  const show = (by: string) => {
    const event = ShownEvent.parse({ type: 'NoticeShown', data: { noticeId, patientId, by, shownAt: now() } })
    return record(shownEvents, event, { owner: noticeId })
  }
  await show(gp)
  await show('rpps:10100000077')
  await gateway.record(stands(stay, { nature: 'planned' }))
  await told(gateway, 2)
  await waitUntil(async () => (await notices(gateway)).some(({ type }) => type === 'NoticeDelivered'), 'the delivery')
  const deliveries = (await notices(gateway)).filter(({ type }) => type === 'NoticeDelivered')
  expect(deliveries).toMatchObject([{ data: { noticeId, by: gp, deliveredAt: now() } }])
})

test('what is kept from somebody is not delivered: stays that are confidential', async () => {
  const gateway = await openGateway()
  const [secret, open] = [newStay(), newStay()]
  await gateway.record(joined(secret), joined(open))
  await gateway.record(stands(secret))
  await told(gateway, 1)
  await gateway.record(stands(secret, { nature: 'madeConfidential', confidential: true }))
  await gateway.record(stands(open))
  await told(gateway, 2)
  const inbox = device(gateway, physician, { channel: `inbox/${gp}` })
  await inbox.shows('notice', 'delivered')
  const deliveries = (await notices(gateway)).filter(({ type }) => type === 'NoticeDelivered')
  expect(deliveries).toMatchObject([{ data: { stayId: open.stayId } }])
})
