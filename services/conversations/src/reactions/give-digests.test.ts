import { type DigestEvent, digestEvents } from '@relais/contracts/conversations'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import {
  after,
  type Ask,
  gp,
  homeNurse,
  open,
  openConversations,
  outsider,
  problemOf,
  write,
} from '../conversations.fixture.ts'
import { quietUntil } from '../quiet-hours.ts'

const zone = 'Europe/Paris'
const night = { from: '20:00', to: '07:00', zone }
const EVENING = '2026-11-03T21:30:00.000Z'

test.each([
  ['in the evening', '2026-11-03T19:00:00.000Z', '2026-11-04T06:00:00.000Z'],
  ['after midnight', '2026-11-04T02:00:00.000Z', '2026-11-04T06:00:00.000Z'],
  ['in their last millisecond', '2026-11-04T05:59:59.999Z', '2026-11-04T06:00:00.000Z'],
  ['as they end', '2026-11-04T06:00:00.000Z', undefined],
  ['just before they begin', '2026-11-03T18:59:59.999Z', undefined],
  ['in the night in which the clocks go back', '2026-10-24T20:00:00.000Z', '2026-10-25T06:00:00.000Z'],
])('quiet hours from 20:00 to 07:00, %s', (_, at, end) => expect(quietUntil(at, night)).toBe(end))

test('quiet hours of an afternoon end the same day', () => {
  const nap = { from: '13:00', to: '14:00', zone }
  expect(quietUntil('2026-11-03T12:30:00.000Z', nap)).toBe('2026-11-03T13:00:00.000Z')
  expect(quietUntil('2026-11-03T13:30:00.000Z', nap)).toBeUndefined()
})

async function inTheEvening() {
  const conversations = await openConversations()
  const { clock, adapters, store } = conversations
  const [doctor, nurse] = [await conversations.as(gp), await conversations.as(homeNurse)]
  clock.now = EVENING
  const prefer = async (ask: Ask, preference: object) => {
    const body = { muted: [], digest: true, quietHours: night, ...preference }
    await ask('/threads', after(await ask('/threads/preferences', { method: 'PUT', body })))
  }
  const digests = async () => {
    const found = []
    for await (const recorded of store.readAll()) {
      const event = (await adapters.codecOf<DigestEvent>(digestEvents).decode(recorded))?.event
      if (event) found.push(event)
    }
    return found
  }
  const given = async () => (await digests()).filter(({ type }) => type === 'DigestGiven')
  /** The clock of a test is not one that deadlines listen to: what is written in the morning wakes them. */
  const morning = async () => {
    clock.now = '2026-11-04T06:00:00.000Z'
    await open(doctor, { kind: 'group', members: [] })
    return waitUntil(async () => (await given()).length > 0 && given(), 'the digest of the night')
  }
  const waiting = async () => {
    const { db } = await adapters.openViews<{ deadline: { deadline_id: string } }>('conversations')
    return (await db.selectFrom('deadline').selectAll().execute()).length
  }
  return { ...conversations, waiting, doctor, nurse, prefer, digests, morning }
}

test('who is asleep is told once, in the morning, of what is still unread', async () => {
  const { admit, doctor, nurse, prefer, digests, awaited, morning, waiting } = await inTheEvening()
  await prefer(nurse, {})
  const { patientId } = await admit()
  const ofPatient = await open(doctor, { kind: 'patient', patientId })
  const ofGroup = await open(doctor, { kind: 'group', members: [homeNurse.id] })
  for (const text of ['Un', 'Deux']) await write(doctor, ofPatient, text)
  const { answer } = await write(doctor, ofGroup, 'Trois')
  await awaited()
  await doctor('/threads', after(answer))
  expect(await digests()).toMatchObject([{ type: 'DigestAwaited', data: { person: homeNurse.id } }])
  const [told] = await morning()
  expect(told?.data).toMatchObject({
    person: homeNurse.id,
    dueAt: '2026-11-04T06:00:00.000Z',
    threads: [
      { threadId: ofGroup, unread: 1 },
      { threadId: ofPatient, unread: 2 },
    ],
  })
  await waitUntil(async () => (await waiting()) === 0, 'nothing more to be awaited')
})

test('who has read all of it, or has left since, is told of nothing', async () => {
  const { doctor, nurse, prefer, awaited, morning } = await inTheEvening()
  await prefer(nurse, {})
  const [read, left] = [
    await open(doctor, { kind: 'group', members: [homeNurse.id] }),
    await open(doctor, { kind: 'group', members: [homeNurse.id] }),
  ]
  const { postId } = await write(doctor, read)
  await write(doctor, left)
  await awaited()
  await nurse(`/threads/${read}/read`, { body: { upTo: postId } })
  await doctor('/threads', after(await doctor(`/threads/${left}/members/${homeNurse.id}`, { method: 'DELETE' })))
  expect(await morning()).toMatchObject([{ data: { threads: [] } }])
})

test('nothing is awaited for who muted the thread, wants no digest, wrote it, is awake, or is not in it', async () => {
  const { doctor, nurse, as, prefer, digests, awaited, clock } = await inTheEvening()
  const threadId = await open(doctor, { kind: 'group', members: [homeNurse.id] })
  await prefer(nurse, { muted: [threadId] })
  await prefer(doctor, {})
  await prefer(await as(outsider), {})
  await write(doctor, threadId)
  await prefer(nurse, { digest: false })
  await write(doctor, threadId)
  await prefer(nurse, {})
  clock.now = '2026-11-03T18:00:00.000Z'
  await write(doctor, threadId)
  await awaited()
  expect(await digests()).toEqual([])
})

test('a preference is one’s own, and says what it was given', async () => {
  const { doctor, nurse, prefer } = await inTheEvening()
  expect((await nurse('/threads/preferences')).body).toEqual({ muted: [], digest: false })
  await prefer(nurse, {})
  expect((await nurse('/threads/preferences')).body).toEqual({ muted: [], digest: true, quietHours: night })
  expect((await doctor('/threads/preferences')).body).toEqual({ muted: [], digest: false })
  const wrong = [
    { ...night, zone: 'Europe/Atlantis' },
    { ...night, to: '20:00' },
    { ...night, from: '24:00' },
  ]
  for (const quietHours of wrong) {
    const answer = await nurse('/threads/preferences', { method: 'PUT', body: { muted: [], digest: true, quietHours } })
    expect(problemOf(answer)).toEqual({ status: 400, code: 'invalidBody' })
  }
})

test('a muted thread is marked so in one’s list', async () => {
  const { doctor, nurse, prefer } = await inTheEvening()
  const threadId = await open(doctor, { kind: 'group', members: [homeNurse.id] })
  await prefer(nurse, { muted: [threadId] })
  expect((await nurse('/threads')).body.threads).toMatchObject([{ threadId, muted: true }])
  expect((await doctor('/threads')).body.threads).toMatchObject([{ threadId, muted: false }])
})
