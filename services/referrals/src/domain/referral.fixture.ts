import type { DocumentRef, Instant } from '@relais/contracts/primitives'
import { PatientId, ProfessionalId, Recipient, StayId } from '@relais/contracts/primitives'
import { QuestionId, type ReferralEvent } from '@relais/contracts/referrals'
import { ReferralId, type Work, type WorkNature } from '@relais/contracts/work'
import type { ReferralCommand } from './commands.ts'
import { referral } from './referral.ts'
import type { Data } from './referral-state.ts'

/** The nurse of a ward who asks, a GP, a colleague of the GP, and a team that shares a queue. */
export const nurse = ProfessionalId.parse('rpps:10100000001')
export const gp = Recipient.parse('rpps:10002909371')
export const colleague = Recipient.parse('rpps:10100000009')
export const team = Recipient.parse('finess:990000036')
export const member = ProfessionalId.parse('rpps:10100000021')
export const secretary = ProfessionalId.parse('rpps:10100000022')
/** The queue of the nurse's ward, where answers go. */
export const ward = Recipient.parse('uf:990000010/2104')

export const referralId = ReferralId.parse('00000000-0000-4000-8000-000000000001')
export const patientId = PatientId.parse('00000000-0000-4000-8000-000000000002')
export const stayId = StayId.parse('00000000-0000-4000-8000-000000000003')
export const questionId = QuestionId.parse('00000000-0000-4000-8000-000000000004')
export const subject = { referralId, patientId }

/** Asked on a Monday at eight, to be answered by noon. */
export const ASKED: Instant = '2026-11-23T08:00:00.000Z'
export const at = (clock: string, day = '23'): Instant => `2026-11-${day}T${clock}:00.000Z`
export const NOON = at('12:00')

export function document(n: number): DocumentRef {
  const documentId = `d0000000-0000-4000-8000-00000000000${n}`
  return { documentId, size: n, mediaType: 'text/plain; charset=utf-8', sha256: String(n).repeat(64) }
}

type Details = Data<'ReferralRequested'>

/** A GP is asked to take a patient over, unless the test says otherwise. */
export function requestOf(details: Partial<Details> = {}): Details {
  return {
    ...subject,
    stayId,
    kind: 'takeOver',
    urgency: 'soon',
    title: 'Cardiologie',
    question: document(1),
    attachments: [],
    from: requester,
    receivers: [{ recipient: gp }],
    mode: 'firstAcceptance',
    answerBy: NOON,
    identityWithheld: false,
    ladder: [],
    requestedAt: ASKED,
    ...details,
  }
}
export const requester = {
  by: nurse,
  organisation: '990000010',
  wards: [{ facility: '990000010', code: '2104' }],
  told: [ward],
}

export const receivers = (...recipients: Recipient[]) => recipients.map((recipient) => ({ recipient }))
export const rung = (clock: string, ...recipients: Recipient[]) => ({
  after: Date.parse(at(clock)) - Date.parse(ASKED),
  from: 'request' as const,
  clock: 'plain' as const,
  at: at(clock),
  receivers: receivers(...recipients),
})

export const ask = (details: Partial<Details> = {}): ReferralCommand => ({
  type: 'Request',
  details: requestOf(details),
})
export const accepts = (recipient: Recipient = gp, when = at('09:00'), by = recipient): ReferralCommand => ({
  type: 'Accept',
  recipient,
  by,
  at: when,
})
export const declines = (recipient: Recipient = gp, when = at('09:00')): ReferralCommand => ({
  type: 'Decline',
  recipient,
  by: recipient,
  reason: 'full',
  at: when,
})
export const redirects = (recipient: Recipient, to: Recipient, when = at('09:00')): ReferralCommand => ({
  type: 'Redirect',
  recipient,
  by: recipient,
  to,
  reason: 'outOfScope',
  at: when,
})
export const schedules = (startsAt: Instant, when = at('10:00'), recipient: Recipient = gp): ReferralCommand => ({
  type: 'Schedule',
  recipient,
  by: recipient,
  startsAt,
  at: when,
})
export const sees = (seenAt: Instant, when = seenAt, recipient: Recipient = gp): ReferralCommand => ({
  type: 'RecordSeen',
  recipient,
  by: recipient,
  seenAt,
  at: when,
})
export const answers = (when: Instant, recipient: Recipient = gp, answer = document(5)): ReferralCommand => ({
  type: 'Answer',
  recipient,
  by: recipient,
  answer,
  attachments: [],
  at: when,
})
export const closes = (when: Instant): ReferralCommand => ({ type: 'Close', by: nurse, at: when })
export const cancels = (when: Instant): ReferralCommand => ({ type: 'Cancel', by: nurse, reason: 'mistake', at: when })
export const escalates = (rung: number, when: Instant): ReferralCommand => ({ type: 'Escalate', rung, at: when })

/** What these commands leave on record. @throws Error where one of them is refused */
export function after(...commands: readonly ReferralCommand[]): ReferralEvent[] {
  const events: ReferralEvent[] = []
  for (const command of commands) {
    const decision = referral.decide(command, events.reduce(referral.evolve, referral.initialState))
    if (!decision.accepted) throw new Error(`${command.type} is refused: ${decision.rejection.code}`)
    events.push(...decision.events)
  }
  return events
}

/** What every fact about one who was asked repeats. */
export const askedOf = (recipient: Recipient, askedAt = ASKED) => ({
  ...subject,
  kind: 'takeOver' as const,
  recipient,
  askedAt,
})

export function asked(
  recipient: Recipient,
  { because = 'requested', askedAt = ASKED, answerBy = NOON }: Partial<Data<'ReceiverAsked'>> = {},
): ReferralEvent {
  return { type: 'ReceiverAsked', data: { ...askedOf(recipient, askedAt), because, answerBy } }
}

type WorkDetails = Partial<Pick<Work, 'state' | 'expected' | 'withheld' | 'urgency' | 'title'>>

/** What is asked of somebody, or said to somebody, from a moment on. */
export function work(
  recipient: Recipient,
  nature: WorkNature,
  { happenedAt, ...details }: WorkDetails & { happenedAt: Instant },
): ReferralEvent {
  const { by, organisation, wards } = requester
  const given: Work = {
    subject: { kind: 'referral', referralId },
    recipient,
    nature,
    state: 'open',
    expected: { action: 'acknowledge' },
    urgency: 'soon',
    title: 'Cardiologie',
    stayId,
    withheld: false,
    from: { by, organisation, wards },
    ...details,
  }
  const party = recipient === ward ? 'requester' : 'receiver'
  return { type: 'WorkGiven', data: { ...subject, party, work: given, happenedAt } }
}

/** The same in brief: who is told what, and whether anything is expected. */
export function told(events: readonly ReferralEvent[]): string[] {
  return events.flatMap(({ type, data }) => {
    if (type !== 'WorkGiven') return []
    const { recipient, nature, state, expected } = data.work
    return [`${recipient} ${nature} ${state === 'open' ? expected.action : state}`]
  })
}
