import { StayId } from '@relais/contracts/primitives'
import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import type { ReferralCommand } from './commands.ts'
import { referral } from './referral.ts'
import {
  accepts,
  after,
  answers,
  ask,
  askedOf,
  at,
  cancels,
  closes,
  gp,
  NOON,
  nurse,
  requester,
  sees,
  stayId,
  subject,
  told,
  ward,
  work,
} from './referral.fixture.ts'

const { given } = specification(referral)
const dies = (when: string): ReferralCommand => ({ type: 'CloseForDeath', at: when })

test('closing releases who has not seen the patient, taking charge included', () =>
  given(...after(ask(), accepts()))
    .when(closes(NOON))
    .thenEvents(
      {
        type: 'ReceiverStoodDown',
        data: {
          ...askedOf(gp),
          because: 'closed',
          accepted: { by: gp, at: at('09:00') },
          stoodDownAt: NOON,
        },
      },
      { type: 'ReferralClosed', data: { ...subject, from: requester, by: nurse, because: 'done', closedAt: NOON } },
      work(gp, 'referralClosed', { state: 'withdrawn', happenedAt: NOON }),
      work(ward, 'referralClosed', { state: 'done', happenedAt: NOON }),
    ))

test('who has seen the patient was in charge, and is not released by the end', () => {
  const events = after(ask(), accepts(), sees(at('10:00')), closes(NOON))
  expect(events.filter(({ type }) => type === 'ReceiverStoodDown')).toEqual([])
  expect(told(events).slice(-2)).toEqual([`${gp} referralClosed withdrawn`, `${ward} referralClosed done`])
})

test('a request that is taken back is withdrawn for all who were asked', () =>
  given(...after(ask()))
    .when(cancels(NOON))
    .thenEvents(
      { type: 'ReceiverStoodDown', data: { ...askedOf(gp), because: 'cancelled', stoodDownAt: NOON } },
      {
        type: 'ReferralCancelled',
        data: { ...subject, from: requester, by: nurse, reason: 'mistake', cancelledAt: NOON },
      },
      work(gp, 'referralCancelled', { state: 'withdrawn', happenedAt: NOON }),
    ))

test('once a patient was seen, nothing is taken back', () => {
  given(...after(ask(), accepts(), sees(at('10:00'))))
    .when(cancels(NOON))
    .thenRejected({ code: 'patientAlreadySeen' })
  given(...after(ask({ kind: 'advice' }), answers(at('10:00'))))
    .when(cancels(NOON))
    .thenRejected({ code: 'patientAlreadySeen' })
})

test('what has ended as it was to end has ended; otherwise it is a clash', () => {
  const [closed, cancelled] = [after(ask(), closes(NOON)), after(ask(), cancels(NOON))]
  given(...closed)
    .when(closes(at('12:01')))
    .thenNothing()
  given(...cancelled)
    .when(cancels(at('12:01')))
    .thenNothing()
  given(...closed)
    .when(cancels(NOON))
    .thenRejected({ code: 'referralEnded', status: 'closed' })
  given(...cancelled)
    .when(closes(NOON))
    .thenRejected({ code: 'referralEnded', status: 'cancelled' })
})

test('nothing is asked any more for a patient who has died, and everybody learns why', () => {
  given(...after(ask()))
    .when(dies(NOON))
    .thenEvents(
      { type: 'ReceiverStoodDown', data: { ...askedOf(gp), because: 'patientDied', stoodDownAt: NOON } },
      { type: 'ReferralClosed', data: { ...subject, from: requester, because: 'patientDied', closedAt: NOON } },
      work(gp, 'patientDied', { state: 'withdrawn', happenedAt: NOON }),
      work(ward, 'patientDied', { state: 'withdrawn', happenedAt: NOON }),
    )
  given(...after(ask(), closes(at('11:00'))))
    .when(dies(NOON))
    .thenNothing()
})

test('the requester looks, once, at what was asked for a stay that never was', () => {
  const withdrawn: ReferralCommand = { type: 'NoteStayWithdrawn', stayId, at: at('11:00') }
  given(...after(ask()))
    .when(withdrawn)
    .thenEvents(work(ward, 'stayWithdrawn', { happenedAt: at('11:00') }))
  given(...after(ask(), withdrawn))
    .when({ ...withdrawn, at: at('13:00') })
    .thenNothing()
  const other = StayId.parse('00000000-0000-4000-8000-000000000009')
  given(...after(ask()))
    .when({ ...withdrawn, stayId: other })
    .thenNothing()
})
