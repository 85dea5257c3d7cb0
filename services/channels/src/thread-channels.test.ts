import { linked, unlinked } from '@relais/runtime/link-facts.fixture'
import { alerted, memberRemoved, postWithdrawn, threadOpened } from '@relais/runtime/loop-facts.fixture'
import { expect, test } from 'vitest'
import { gp, joined, left, moved, newStay, withdrawn } from './facts.fixture.ts'
import { connect, type Gateway, openGateway, person } from './gateway.fixture.ts'
import { colleague, forgotten, physician, textsIn, writing } from './loops.fixture.ts'
import { notices, sentIn, stands, told } from './notices.fixture.ts'

const COLLEAGUE = 'rpps:10100000021'
const scopes = ['channel:follow', 'thread:read']
const nurse = person({ wards: ['3620'], scopes })

/** A thread of a patient in ward 3620, of whose circle the physician is. */
async function openThread(gateway: Gateway) {
  const stay = newStay()
  const { write, say } = writing(gateway)
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), joined(stay))
  const threadId = crypto.randomUUID()
  const thread = { threadId, patientId: stay.patientId }
  await write(threadOpened(threadId, { patientId: stay.patientId }))
  return { stay, thread, channel: `thread/${threadId}`, write, say: (text: string) => say(thread, text) }
}

test('who takes part in the care hears what is said, live and after a cut, each message once with its text', async () => {
  const gateway = await openGateway()
  const { channel, say } = await openThread(gateway)
  const [here, ward] = [await connect(gateway, physician), await connect(gateway, nurse)]
  const [own, team] = [await here.follow(channel), await ward.follow(channel)]
  await say('Bonjour')
  await say('Elle rentre vendredi')
  await Promise.all([own.receives(3), team.receives(3)])
  expect(textsIn(team.entries())).toEqual(['Bonjour', 'Elle rentre vendredi'])
  const again = await here.follow(channel, own.entries()[1]?.cursor)
  expect(textsIn(again.entries())).toEqual(['Elle rentre vendredi'])
  expect(again.entries()[0]?.cursor).toBe(own.entries()[2]?.cursor)
  expect((await here.follow(channel, own.entries()[2]?.cursor)).entries()).toEqual([])
  const stranger = await connect(gateway, colleague)
  expect((await stranger.follow(channel)).ended()).toBe('forbidden')
  const silent = await connect(gateway, person({ wards: ['3620'] }))
  expect((await silent.follow(channel)).ended()).toBe('forbidden')
  expect(JSON.stringify(gateway.lines)).not.toContain('vendredi')
})

test('a message that was withdrawn leaves only that it was there, and one of who was forgotten has no text', async () => {
  const gateway = await openGateway()
  const { channel, say, thread, write } = await openThread(gateway)
  const mistaken = await say('à la mauvaise personne')
  await say('à la bonne')
  const { follow } = await connect(gateway, physician)
  const before = await follow(channel)
  await write(postWithdrawn(thread, mistaken))
  await before.receives(4)
  expect(textsIn(before.entries())).toEqual(['à la mauvaise personne', 'à la bonne', '(withdrawn)'])
  const after = await follow(channel)
  expect(textsIn(after.entries())).toEqual(['(posted)', 'à la bonne', '(withdrawn)'])
  const left = after.entries().find(({ entry }) => entry.kind === 'post')?.entry
  for (const part of ['text', 'body', 'attachments', 'quotes']) expect(left).not.toHaveProperty(part)
  await gateway.vault.forget(thread.patientId)
  expect(textsIn((await follow(channel)).entries())).toEqual(['(posted)', '(posted)', '(withdrawn)'])
})

test('whoever comes without a cursor begins with the last fifty entries', async () => {
  const gateway = await openGateway()
  const { channel, say } = await openThread(gateway)
  for (let number = 1; number <= 52; number += 1) await say(`message ${number}`)
  const { follow } = await connect(gateway, physician)
  const texts = textsIn((await follow(channel)).entries())
  expect([texts.length, texts[0], texts.at(-1)]).toEqual([50, 'message 3', 'message 52'])
})

test('who leaves the circle is cut at that moment, and hears nothing that comes after', async () => {
  const gateway = await openGateway()
  const { channel, say, stay } = await openThread(gateway)
  const [here, ward] = [await connect(gateway, physician), await connect(gateway, nurse)]
  const [own, team] = [await here.follow(channel), await ward.follow(channel)]
  await gateway.record(left(stay))
  expect(await own.ends()).toBe('accessEnded')
  await say('Entre nous')
  await team.receives(2)
  expect([team.ended(), textsIn(own.entries())]).toEqual([undefined, []])
  expect((await here.follow(channel)).ended()).toBe('forbidden')
})

test('a ward whose admission is withdrawn is cut at that moment', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const { write } = writing(gateway)
  const movementId = crypto.randomUUID()
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620', movementId }))
  const threadId = crypto.randomUUID()
  await write(threadOpened(threadId, { patientId: stay.patientId }))
  const { follow } = await connect(gateway, nurse)
  const team = await follow(`thread/${threadId}`)
  await gateway.record(withdrawn(stay, { ward: '3620', withdrawn: 'admission', movementId }))
  expect(await team.ends()).toBe('accessEnded')
})

test('“not my patient” cuts whoever says so from what is said of the patient', async () => {
  const gateway = await openGateway()
  const { channel, stay } = await openThread(gateway)
  await gateway.record(stands(stay))
  await told(gateway, 1)
  const { follow } = await connect(gateway, physician)
  const own = await follow(channel)
  const [{ noticeId } = { noticeId: '' }] = sentIn(await notices(gateway))
  const returned = await gateway.as(physician)(`/notices/${noticeId}/return`, { body: { reason: 'notMyPatient' } })
  expect(returned.status).toBe(204)
  expect(await own.ends()).toBe('accessEnded')
})

test('who followed because two numbers were one person is cut when they no longer are', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const [own, other] = [newStay(), newStay()]
  await gateway.record(joined(own))
  await gateway.record(moved('PatientAdmitted', other, { ward: '3620' }))
  await gateway.record(linked(own.patientId, other.patientId))
  const threadId = crypto.randomUUID()
  await write(threadOpened(threadId, { patientId: other.patientId }))
  const [here, ward] = [await connect(gateway, physician), await connect(gateway, nurse)]
  const [mine, theirs] = [await here.follow(`thread/${threadId}`), await ward.follow(`thread/${threadId}`)]
  expect(mine.ended()).toBeUndefined()
  await gateway.record(unlinked(own.patientId, other.patientId))
  expect(await mine.ends()).toBe('accessEnded')
  expect(theirs.ended()).toBeUndefined()
})

test('a group is secret: only its members follow it, and who is removed is cut at once', async () => {
  const gateway = await openGateway()
  const { write, say } = writing(gateway)
  const threadId = crypto.randomUUID()
  const channel = `thread/${threadId}`
  await write(threadOpened(threadId, { kind: 'group', members: [gp, COLLEAGUE] }))
  const [one, other, stranger] = await Promise.all([physician, colleague, nurse].map((who) => connect(gateway, who)))
  const [own, theirs] = [await one?.follow(channel), await other?.follow(channel)]
  const secret = await stranger?.follow(channel)
  expect([own?.ended(), theirs?.ended(), secret?.ended()]).toEqual([undefined, undefined, 'forbidden'])
  await write(memberRemoved({ threadId }, gp))
  expect(await own?.ends()).toBe('accessEnded')
  await say({ threadId }, 'sans lui')
  await theirs?.receives(3)
  expect([textsIn(own?.entries() ?? []), textsIn(theirs?.entries() ?? [])]).toEqual([[], ['sans lui']])
})

test.each([
  { kind: 'wardCommunity' as const, members: ['uf:750100018/3620'], follow: [nurse], refused: [physician] },
  { kind: 'territory' as const, members: [], follow: [nurse, physician], refused: [person({ wards: ['3620'] })] },
])('a thread of kind $kind is for whom it names, or for everybody here', async ({ kind, members, follow, refused }) => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const threadId = crypto.randomUUID()
  await write(threadOpened(threadId, { kind, members }))
  const ended = async (token: string) => (await (await connect(gateway, token)).follow(`thread/${threadId}`)).ended()
  for (const token of follow) expect(await ended(token)).toBeUndefined()
  for (const token of refused) expect(await ended(token)).toBe('forbidden')
})

test('what is said of a patient is not for those who give no care, also where a ward of theirs is named', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const threadId = crypto.randomUUID()
  const stay = newStay()
  await write(threadOpened(threadId, { kind: 'wardCommunity', patientId: stay.patientId, members: ['ch:7'] }))
  const clerk = person({ id: 'ch:7', role: 'admissions', wards: ['3620'], scopes })
  expect((await (await connect(gateway, clerk)).follow(`thread/${threadId}`)).ended()).toBe('forbidden')
})

test('who is mentioned hears so in the inbox, and no longer once the patient is not theirs', async () => {
  const gateway = await openGateway()
  const { thread, write, say } = await openThread(gateway)
  const { follow } = await connect(gateway, physician)
  await told(gateway, 1)
  const inbox = await follow(`inbox/${gp}`)
  const postId = await say('@docteur')
  await write(alerted(thread, postId, [gp, COLLEAGUE]))
  await inbox.receives(2)
  expect(inbox.entries()[1]?.entry).toMatchObject({ kind: 'threadNews', because: 'mention', postId, alert: 'now' })
  const start = inbox.entries()[0]?.cursor
  expect((await follow(`inbox/${gp}`, start)).kinds()).toEqual(['threadNews'])
  const other = await (await connect(gateway, colleague)).follow(`inbox/${COLLEAGUE}`)
  expect(other.kinds()).toEqual([])
  const [{ noticeId } = { noticeId: '' }] = sentIn(await notices(gateway))
  await gateway.as(physician)(`/notices/${noticeId}/return`, { body: { reason: 'notMyPatient' } })
  await inbox.receives(3)
  expect((await follow(`inbox/${gp}`, start)).kinds()).toEqual(['receipt'])
})

test('once the patient is forgotten, what was said is over for everybody', async () => {
  const gateway = await openGateway()
  const { channel, stay } = await openThread(gateway)
  const { follow } = await connect(gateway, physician)
  const own = await follow(channel)
  await gateway.record(forgotten(stay.patientId))
  expect(await own.ends()).toBe('accessEnded')
  expect((await follow(channel)).ended()).toBe('forbidden')
})
