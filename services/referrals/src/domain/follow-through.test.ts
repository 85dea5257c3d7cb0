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
  closes,
  colleague,
  declines,
  document,
  gp,
  NOON,
  receivers,
  schedules,
  sees,
  subject,
  told,
  ward,
  work,
} from './referral.fixture.ts'

const { given } = specification(referral)
const APPOINTMENT = at('14:00', '25')
const TEN = at('10:00')
const done = { ...subject, recipient: gp, by: gp }
const accepted = [ask(), accepts()]

test('an appointment is something to come, for who gives it and for who waits for it', () =>
  given(...after(...accepted))
    .when({ type: 'Schedule', recipient: gp, by: gp, startsAt: APPOINTMENT, place: 'Cabinet, 2e étage', at: TEN })
    .thenEvents(
      {
        type: 'AppointmentScheduled',
        data: { ...done, startsAt: APPOINTMENT, place: 'Cabinet, 2e étage', scheduledAt: TEN },
      },
      work(gp, 'appointmentScheduled', { expected: { action: 'see', dueAt: APPOINTMENT }, happenedAt: TEN }),
      work(ward, 'appointmentScheduled', { happenedAt: TEN }),
    ))

test('the same appointment again changes nothing; another one instead is moved', () => {
  const history = after(...accepted, schedules(APPOINTMENT))
  given(...history)
    .when(schedules(APPOINTMENT, at('10:05')))
    .thenNothing()
  const moved = at('15:00', '26')
  given(...history)
    .when(schedules(moved, at('11:00')))
    .thenEvents(
      { type: 'AppointmentMoved', data: { ...done, before: APPOINTMENT, startsAt: moved, movedAt: at('11:00') } },
      work(gp, 'appointmentMoved', { expected: { action: 'see', dueAt: moved }, happenedAt: at('11:00') }),
      work(ward, 'appointmentMoved', { happenedAt: at('11:00') }),
    )
})

test('an appointment is given by who has accepted, and for later', () => {
  given(...after(ask()))
    .when(schedules(APPOINTMENT))
    .thenRejected({ code: 'notAccepted' })
  given(...after(...accepted))
    .when(schedules(TEN))
    .thenRejected({ code: 'appointmentPassed' })
  given(...after(...accepted))
    .when(schedules('2026-11-23T10:00:00.001Z'))
    .thenEvents(...after(...accepted, schedules('2026-11-23T10:00:00.001Z')).slice(-3))
  given(...after(ask({ kind: 'advice' }), accepts()))
    .when(schedules(APPOINTMENT))
    .thenRejected({ code: 'notForAdvice' })
})

const missed = (startsAt = APPOINTMENT, when = at('14:30', '25')): ReferralCommand => ({
  type: 'RecordNoShow',
  recipient: gp,
  by: gp,
  startsAt,
  at: when,
})

test('a patient who did not come needs another appointment', () =>
  given(...after(...accepted, schedules(APPOINTMENT)))
    .when(missed())
    .thenEvents(
      { type: 'NoShowRecorded', data: { ...done, startsAt: APPOINTMENT, notedAt: at('14:30', '25') } },
      work(gp, 'noShow', { expected: { action: 'schedule' }, happenedAt: at('14:30', '25') }),
      work(ward, 'noShow', { happenedAt: at('14:30', '25') }),
    ))

test('nobody fails to come before the hour, nor to an appointment that is not there', () => {
  const history = after(...accepted, schedules(APPOINTMENT))
  given(...history)
    .when(missed(APPOINTMENT, at('13:59', '25')))
    .thenRejected({ code: 'appointmentAhead' })
  given(...history)
    .when(missed(NOON))
    .thenRejected({ code: 'appointmentUnknown' })
  given(...after(...accepted))
    .when(missed())
    .thenRejected({ code: 'appointmentUnknown' })
  given(...history, ...after(...accepted, schedules(APPOINTMENT), missed()).slice(history.length))
    .when(missed())
    .thenNothing()
})

test('who has seen the patient has to say what came of it', () =>
  given(...after(...accepted, schedules(APPOINTMENT)))
    .when(sees(at('14:10', '25'), at('18:00', '25')))
    .thenEvents(
      { type: 'PatientSeen', data: { ...done, seenAt: at('14:10', '25'), notedAt: at('18:00', '25') } },
      work(gp, 'patientSeen', { expected: { action: 'answerQuestion' }, happenedAt: at('18:00', '25') }),
      work(ward, 'patientSeen', { happenedAt: at('18:00', '25') }),
    ))

test('nobody was seen in the future, or before it was asked', () => {
  given(...after(...accepted))
    .when(sees(at('14:10'), at('14:09')))
    .thenRejected({ code: 'seenOutOfTime' })
  given(...after(...accepted))
    .when(sees(at('07:59'), at('14:00')))
    .thenRejected({ code: 'seenOutOfTime' })
  given(...after(ask()))
    .when(sees(at('14:10')))
    .thenRejected({ code: 'notAccepted' })
})

test('a patient is seen once; then there is no appointment to give', () => {
  const history = after(...accepted, sees(at('14:10')))
  given(...history)
    .when(sees(at('14:10'), at('15:00')))
    .thenNothing()
  given(...history)
    .when(sees(at('14:20'), at('15:00')))
    .thenRejected({ code: 'patientAlreadySeen' })
  given(...history)
    .when(schedules(APPOINTMENT, at('15:00')))
    .thenRejected({ code: 'patientAlreadySeen' })
})

test('an answer ends what was asked of who gives it', () =>
  given(...after(...accepted, sees(at('14:10'))))
    .when(answers(at('15:00')))
    .thenEvents(
      {
        type: 'ReferralAnswered',
        data: { ...done, answer: document(5), attachments: [], answeredAt: at('15:00') },
      },
      work(gp, 'referralAnswered', { state: 'done', happenedAt: at('15:00') }),
      work(ward, 'referralAnswered', { happenedAt: at('15:00') }),
    ))

test('the same answer again changes nothing, another one is a clash', () => {
  const history = after(...accepted, answers(at('15:00')))
  given(...history)
    .when(answers(at('15:01')))
    .thenNothing()
  given(...history)
    .when(answers(at('15:01'), gp, document(6)))
    .thenRejected({ code: 'alreadyAnswered', status: 'answered' })
})

test('a letter goes with an answer; the same answer with another letter, or without one, is a clash', () => {
  const said = (...letters: readonly number[]) => {
    const attachments = letters.map((n) => ({ document: document(n), fileName: `lettre-${n}.txt` }))
    const answer = { recipient: gp, by: gp, answer: document(5), attachments, at: at('15:00') }
    return { command: { type: 'Answer', ...answer } satisfies ReferralCommand, attachments }
  }
  const history = after(...accepted)
  const { command, attachments } = said(7)
  given(...history)
    .when(command)
    .thenEvents(
      { type: 'ReferralAnswered', data: { ...done, answer: document(5), attachments, answeredAt: at('15:00') } },
      work(gp, 'referralAnswered', { state: 'done', happenedAt: at('15:00') }),
      work(ward, 'referralAnswered', { happenedAt: at('15:00') }),
    )
  const answered = after(...accepted, command)
  given(...answered)
    .when(command)
    .thenNothing()
  for (const other of [said(8), said(), said(7, 8)])
    given(...answered)
      .when(other.command)
      .thenRejected({ code: 'alreadyAnswered', status: 'answered' })
})

test('an advice is answered at once, and that is to accept it', () => {
  const details = { kind: 'advice' as const, receivers: receivers(gp, colleague) }
  const history = after(ask(details))
  const asked = { ...askedOf(gp), kind: 'advice' as const }
  given(...history)
    .when(answers(TEN))
    .thenEvents(
      { type: 'ReferralAccepted', data: { ...asked, by: gp, acceptedAt: TEN } },
      {
        type: 'ReceiverStoodDown',
        data: { ...asked, recipient: colleague, because: 'acceptedElsewhere', stoodDownAt: TEN },
      },
      { type: 'ReferralAnswered', data: { ...done, answer: document(5), attachments: [], answeredAt: TEN } },
      work(colleague, 'referralAcceptedElsewhere', { state: 'withdrawn', happenedAt: TEN }),
      work(gp, 'referralAnswered', { state: 'done', happenedAt: TEN }),
      work(ward, 'referralAnswered', { happenedAt: TEN }),
    )
  given(...history, ...after(ask(details), answers(TEN)).slice(history.length))
    .when(answers(TEN, colleague))
    .thenRejected({ code: 'acceptedByAnother' })
})

test('who takes over accepts before answering', () => {
  given(...after(ask()))
    .when(answers(TEN))
    .thenRejected({ code: 'notAccepted' })
  given(...after(ask(), declines()))
    .when(answers(TEN))
    .thenRejected({ code: 'alreadyAnswered', status: 'declined' })
})

test('an advice that was accepted waits for its answer, and closing it keeps what was answered', () => {
  const advice = ask({ kind: 'advice' })
  expect(told(after(advice, accepts()))[1]).toBe(`${gp} referralAccepted answerQuestion`)
  expect(told(after(advice, accepts(), answers(TEN), closes(NOON))).slice(-1)).toEqual([`${ward} referralClosed done`])
})
