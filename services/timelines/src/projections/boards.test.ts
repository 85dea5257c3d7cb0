import { linkEvents, type LinkEvent, circleEvents, type CircleEvent } from '@relais/contracts/patients'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import {
  residentEvents,
  type ResidentEvent,
  residentMatchEvents,
  type ResidentMatchEvent,
} from '@relais/contracts/residents'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { eventCodec } from '@relais/events/codec'
import { given, ofReferral, ofStep, requested } from '@relais/runtime/loop-facts.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { stood } from '@relais/runtime/standing-facts.fixture'
import { anyPatientId, anyStayId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { test } from 'vitest'
import {
  acted,
  delivered,
  entered,
  gone,
  letIn,
  matched,
  movedTo,
  read,
  returned,
  sent,
  unmatched,
} from '../boards.fixture.ts'
import { recordLoop, workSent } from '../work.fixture.ts'
import { boards } from './boards.ts'

const anyStay = fc.record({ patientId: anyPatientId, stayId: anyStayId })
const anyResident = fc.constantFrom(...[1, 2].map((n) => `e0000000-0000-4000-8000-00000000000${n}`))

const standings = fc
  .tuple(
    anyStay,
    fc.record({
      status: fc.constantFrom('expected' as const, 'present' as const, 'discharged' as const, 'withdrawn' as const),
      ward: fc.constantFrom('4101', '4110'),
      room: fc.constantFrom('1', '2'),
      confidential: fc.boolean(),
    }),
  )
  .map(
    ([stay, details]): Recordable =>
      (record) =>
        record(stayEvents, stood(stay, details), { owner: stay.stayId }),
  )

const notices = fc
  .tuple(
    anyStay,
    fc.nat(2),
    fc.constantFrom(({ event }: ReturnType<typeof sent>) => event, delivered, read, acted, returned),
  )
  .map(([stay, number, make]): Recordable => {
    const notice = sent(stay, { number })
    return (record) => record(noticeEvents, make(notice), { owner: notice.noticeId })
  })

const registers = fc
  .tuple(
    anyResident,
    fc.constantFrom(entered, gone, (id: string) => movedTo(id, '12')),
  )
  .map(
    ([residentId, make]): Recordable =>
      (record) =>
        record(residentEvents, make(residentId), { owner: residentId }),
  )

const circles = fc.tuple(anyResident, anyPatientId, fc.constantFrom(matched, unmatched, undefined)).map(
  ([residentId, patientId, make]): Recordable =>
    (record) =>
      make
        ? record(residentMatchEvents, make(residentId, patientId), { owner: residentId })
        : record(circleEvents, letIn(patientId), { owner: patientId }),
)

const work = fc
  .tuple(
    anyStay,
    fc.constantFrom('given' as const, 'told' as const, 'acted' as const, 'requested' as const),
    fc.boolean(),
  )
  .chain(([stay, what, ofAStep]) =>
    fc.constantFrom('open' as const, 'done' as const).map((state): Recordable => {
      const event = given(stay, { subject: ofAStep ? ofStep(stay) : ofReferral(stay), state })
      const notice = workSent(event, stay.stayId)
      return (record) => {
        if (what === 'requested') return recordLoop(record, requested(stay))
        if (what === 'given') return recordLoop(record, event)
        return record(noticeEvents, what === 'told' ? notice.sent : notice.acted, { owner: notice.noticeId })
      }
    }),
  )

eachDatabase('the projection of boards and inboxes', (open) => {
  test('stopped anywhere and resumed from any earlier checkpoint, shows the same', async () => {
    const property = resumesFromAnywhere({
      projection: boards,
      codecs: (keyring) => [
        eventCodec<StayEvent>(stayEvents, keyring),
        eventCodec<CircleEvent>(circleEvents, keyring),
        eventCodec<LinkEvent>(linkEvents, keyring),
        eventCodec<NoticeEvent>(noticeEvents, keyring),
        eventCodec<ResidentEvent>(residentEvents, keyring),
        eventCodec<ResidentMatchEvent>(residentMatchEvents, keyring),
        eventCodec<ReferralEvent>(referralEvents, keyring),
        eventCodec<RunEvent>(runEvents, keyring),
      ],
      facts: fc.oneof(standings, notices, registers, circles, work),
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })
})
