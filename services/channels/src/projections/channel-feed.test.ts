import { NoticeEvent } from '@relais/contracts/notices'
import { SessionEvent, SESSIONS_KEY } from '@relais/contracts/sessions'
import { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import {
  given,
  memberRemoved,
  ofReferral,
  ofStep,
  posted,
  postWithdrawn,
  requested,
  threadOpened,
} from '@relais/runtime/loop-facts.fixture'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { corrected, gp, joined, left, moved, newStay, withdrawn } from '../facts.fixture.ts'
import { channelFeed, type FeedEvent } from './channel-feed.ts'

const stays = [newStay(), newStay()]
const [thread, post] = [crypto.randomUUID(), crypto.randomUUID()]
const body = { documentId: post, size: 1, mediaType: 'text/plain; charset=utf-8', sha256: '0'.repeat(64) }
const movements = [crypto.randomUUID(), crypto.randomUUID()]
const ward = fc.constantFrom('3620', '4110')
const stay = fc.constantFrom(...stays)
const movementId = fc.constantFrom(...movements)
const anyEvent: fc.Arbitrary<FeedEvent> = fc.oneof(
  fc
    .tuple(stay, ward, movementId)
    .map(([of, code, id]) => moved('PatientAdmitted', of, { ward: code, movementId: id })),
  fc
    .tuple(stay, ward, movementId)
    .map(([of, code, id]) => moved('PatientDischarged', of, { ward: code, movementId: id })),
  fc.tuple(stay, ward, movementId).map(([of, code, id]) => corrected(of, { ward: code, movementId: id })),
  fc
    .tuple(stay, ward, movementId)
    .map(([of, code, id]) => withdrawn(of, { ward: code, withdrawn: 'admission', movementId: id })),
  stay.map((of) => joined(of)),
  stay.map((of) => left(of)),
  stay.map((of) => requested(of)),
  fc
    .tuple(stay, fc.boolean(), fc.constantFrom('open' as const, 'done' as const, 'withdrawn' as const))
    .map(([of, isStep, state]) => given(of, { subject: isStep ? ofStep(of) : ofReferral(of), state })),
  fc.tuple(stay, fc.constantFrom('open' as const, 'withdrawn' as const)).map(([of, state]) => workSent(of, state)),
  fc.constantFrom(
    threadOpened(thread, { kind: 'group', members: [gp] }),
    memberRemoved({ threadId: thread }, gp),
    posted({ threadId: thread }, post, body),
    postWithdrawn({ threadId: thread }, post),
  ),
)

function workSent(of: (typeof stays)[number], state: 'open' | 'withdrawn'): FeedEvent {
  const noticeId = of.stayId
  const { data } = given(of, { subject: ofReferral(of), state })
  if (!('work' in data)) throw new Error('nothing is asked')
  const { patientId, work, happenedAt } = data
  const sent = {
    noticeId,
    patientId,
    recipient: work.recipient,
    sourceEventId: noticeId,
    work,
    happenedAt,
    sentAt: happenedAt,
  }
  return NoticeEvent.parse({ type: 'WorkNoticeSent', data: sent })
}

function recordedAs(event: FeedEvent, position: number): Decoded<FeedEvent> {
  const recordedAt = new Date(Date.UTC(2026, 10, 22, 8, 0, position)).toISOString()
  const metadata = { $correlationId: 'test', recordedAt, actor: { id: 'rpps:1', role: 'infirmier' } }
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`
  return { id, stream: 'stay-1', revision: position, position, metadata, type: event.type, routing: {}, event }
}

function view(events: readonly Decoded<FeedEvent>[]): Map<string, unknown> {
  const rows = new Map<string, unknown>()
  for (const operation of events.flatMap((event) => channelFeed.rows(event))) {
    const { key = [] } = channelFeed.tables[operation.table] ?? {}
    const values = operation.op === 'upsert' ? operation.row : operation.key
    const name = JSON.stringify([operation.table, ...key.map((column) => values[column])])
    if (operation.op === 'upsert') rows.set(name, operation.row)
    else rows.delete(name)
  }
  return rows
}

test('stopped anywhere and resumed from any earlier checkpoint, the view is the same', () =>
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 20 }), fc.nat(20), fc.nat(20), (events, one, other) => {
      const log = events.map((event, index) => recordedAs(event, index + 1))
      const [checkpoint, stop] = [Math.min(one, other), Math.max(one, other)]
      expect(view([...log.slice(0, stop), ...log.slice(checkpoint)])).toEqual(view(log))
    }),
  ))

test('an entry is in the feed of its stay, which says whose it is, and of each ward it is for; a forgotten one is in none', () => {
  const [one] = stays
  if (!one) throw new Error('no stay')
  const transfer = recordedAs(moved('PatientTransferred', one, { ward: '4110', from: '3620' }), 7)
  const channels = (decoded: Decoded<FeedEvent>) =>
    channelFeed.rows(decoded).flatMap((operation) => {
      return operation.op === 'upsert' && operation.table === 'feed_channel' ? [operation.row['channel']] : []
    })
  expect(channels(transfer)).toEqual([`stay/${one.stayId}`, 'ward/750100018:4110', 'ward/750100018:3620'])
  expect(channels({ ...transfer, event: undefined })).toEqual([])
})

test('that somebody has signed out is heard, and leaves no row', () => {
  const ended = { keyOwner: SESSIONS_KEY, sessionId: crypto.randomUUID(), endedAt: '2026-11-22T18:00:00.000Z' }
  const event = SessionEvent.parse({ type: 'SessionEnded', data: ended })
  expect(channelFeed.rows(recordedAs(event, 1))).toEqual([])
  expect(channelFeed.unread).not.toContain(event.type)
})

test('what it passes over would have left no row', () => {
  const [one] = stays
  if (!one) throw new Error('no stay')
  const reported = { ...one, messageId: crypto.randomUUID(), reportedAt: '2026-11-22T08:30:00.000Z' }
  const facts = [
    StayEvent.parse({ type: 'IdentityReported', data: { ...reported, identity: body } }),
    StayEvent.parse({ type: 'ParticipantsReported', data: { ...reported, participants: [] } }),
  ]
  expect(facts.flatMap((event) => channelFeed.rows(recordedAs(event, 1)))).toEqual([])
  expect(channelFeed.unread).toEqual(expect.arrayContaining(facts.map(({ type }) => type)))
})
