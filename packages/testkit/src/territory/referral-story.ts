import { type PatientId, type ProfessionalId, Recipient } from '@relais/contracts/primitives'
import { DeclineReason, type ReferralEvent, referralEvents, type Requester } from '@relais/contracts/referrals'
import { ReferralId } from '@relais/contracts/work'
import { documentOf } from './documents.ts'
import { loopStory, type Moment } from './loop-story.ts'
import { type Chance, TERRITORY_HOSPITAL, uuidOf, wardOf } from './people.ts'
import { accepted, askedOf, type Request, requested, requesterWork, workOf } from './referral-facts.ts'
import { iso } from './told.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const titles = ['Suivi à domicile', 'Médecine générale', 'Bilan médicamenteux', 'Pansement complexe', 'Kinésithérapie']
const reasons = DeclineReason.options

export type Asking = {
  seed: number
  number: number
  patientId: PatientId
  physician: ProfessionalId
  /** All different; the first one who accepts releases the others. */
  receivers: readonly Recipient[]
  at: number
}

type Telling = { story: ReturnType<typeof loopStory<ReferralEvent>>; request: Request; random: Chance }

/** A referral from beginning to end: two in three are asked by a ward, the others by a practice in town. */
export function referralStory(asking: Asking, random: Chance): Moment<ReferralEvent>[] {
  const request = requestOf(asking, random)
  const story = loopStory(referralEvents, request.referralId, random)
  const telling = { story, request, random }
  story.say(asking.at, requested(request), request.from.by)
  if (random.percent(8)) cancelled(telling)
  else answered(telling, asking.at)
  return story.moments
}

function requestOf({ seed, number, patientId, physician, receivers, at }: Asking, random: Chance): Request {
  const referralId = ReferralId.parse(uuidOf(seed, 'referral', number))
  return {
    referralId,
    patientId,
    kind: random.percent(60) ? 'takeOver' : random.percent(75) ? 'advice' : 'unscheduled',
    urgency: random.percent(70) ? 'routine' : random.percent(70) ? 'soon' : 'urgent',
    title: titles[random.below(titles.length)] ?? 'Suivi',
    question: documentOf(referralId, 'question'),
    attachments: [],
    from: requesterOf(physician, random),
    receivers: receivers.map((recipient) => ({ recipient })),
    mode: 'firstAcceptance',
    answerBy: iso(at + (2 + random.below(5)) * DAY),
    identityWithheld: random.percent(10),
    ladder: [],
    requestedAt: iso(at),
  }
}

function requesterOf(physician: ProfessionalId, random: Chance): Requester {
  if (random.percent(33)) return { by: physician, wards: [], told: [physician] }
  const ward = wardOf(random.below(1000))
  const told = [Recipient.parse(`uf:${ward.facility}/${ward.code}`)]
  return { by: Recipient.parse(`ch-essai:${ward.code}`), organisation: TERRITORY_HOSPITAL, wards: [ward], told }
}

/** Nobody answers in time: it is looked for elsewhere. */
function cancelled({ story, request, random }: Telling): void {
  const { answerBy, from, receivers, referralId, patientId } = request
  const due = Date.parse(answerBy)
  const overdue = receivers.map(({ recipient }): ReferralEvent => ({
    type: 'AnswerOverdue',
    data: { ...askedOf(request, recipient), answerBy, notedAt: answerBy },
  }))
  const lookElsewhere = { nature: 'nobodyAccepts', expected: { action: 'lookElsewhere' }, at: answerBy } as const
  story.say(due, [...overdue, ...requesterWork(request, lookElsewhere)])
  const cancelledAt = iso(due + DAY + random.below(5 * DAY))
  const over = { nature: 'referralCancelled', at: cancelledAt } as const
  const ending = { referralId, patientId, from, by: from.by, reason: 'noLongerNeeded', cancelledAt } as const
  story.say(
    Date.parse(cancelledAt),
    [
      ...receivers.map(({ recipient }): ReferralEvent => ({
        type: 'ReceiverStoodDown',
        data: { ...askedOf(request, recipient), because: 'cancelled', stoodDownAt: cancelledAt },
      })),
      { type: 'ReferralCancelled', data: ending },
      ...receivers.map(({ recipient }) => workOf(request, { ...over, recipient, state: 'withdrawn' })),
      ...requesterWork(request, { ...over, state: 'done' }),
    ],
    from.by,
  )
}

/** One after the other says no, or somebody accepts. */
function answered(telling: Telling, begins: number): void {
  const { request, random } = telling
  let at = begins
  for (const [index, { recipient }] of request.receivers.entries()) {
    at += HOUR / 4 + random.below(10 * HOUR)
    if (random.percent(75)) return followed(telling, recipient, at)
    declined(telling, recipient, { at, isLast: index === request.receivers.length - 1 })
  }
  closed(telling, at + DAY)
}

function declined(
  { story, request, random }: Telling,
  recipient: Recipient,
  { at: when, isLast }: { at: number; isLast: boolean },
): void {
  const at = iso(when)
  const reason = reasons[random.below(reasons.length)] ?? 'full'
  const said = { ...askedOf(request, recipient), by: recipient, reason, declinedAt: at }
  const nobody = { nature: 'nobodyAccepts', expected: { action: 'lookElsewhere' }, at } as const
  const facts: ReferralEvent[] = [
    { type: 'ReferralDeclined', data: said },
    workOf(request, { recipient, nature: 'referralDeclined', state: 'done', at }),
    ...requesterWork(request, isLast ? nobody : { nature: 'referralDeclined', at }),
  ]
  story.say(when, facts, recipient)
}

/** From the acceptance to the end: an appointment and a visit, unless it is an advice; an answer; the requester closes. */
function followed(telling: Telling, recipient: Recipient, acceptedAt: number): void {
  const { story, request, random } = telling
  const done = { referralId: request.referralId, patientId: request.patientId, recipient, by: recipient }
  const say = (when: number, facts: readonly ReferralEvent[]) => story.say(when, facts, recipient)
  say(acceptedAt, accepted(request, recipient, iso(acceptedAt)))
  let when = acceptedAt + random.below(8 * HOUR)
  if (request.kind !== 'advice') {
    const startsAt = iso(when + DAY + random.below(12 * DAY))
    const scheduled = { nature: 'appointmentScheduled', at: iso(when) } as const
    const expected = { action: 'see', dueAt: startsAt } as const
    say(when, [
      { type: 'AppointmentScheduled', data: { ...done, startsAt, scheduledAt: iso(when) } },
      workOf(request, { ...scheduled, recipient, expected }),
      ...requesterWork(request, scheduled),
    ])
    when = Date.parse(startsAt) + HOUR
    const seen = { nature: 'patientSeen', at: iso(when) } as const
    say(when, [
      { type: 'PatientSeen', data: { ...done, seenAt: startsAt, notedAt: iso(when) } },
      workOf(request, { ...seen, recipient, expected: { action: 'answerQuestion' } }),
      ...requesterWork(request, seen),
    ])
  }
  when += HOUR + random.below(2 * DAY)
  const said = { nature: 'referralAnswered', at: iso(when) } as const
  const answer = documentOf(request.referralId, 'answer')
  say(when, [
    { type: 'ReferralAnswered', data: { ...done, answer, attachments: [], answeredAt: iso(when) } },
    workOf(request, { ...said, recipient, state: 'done' }),
    ...requesterWork(request, said),
  ])
  closed(telling, when + random.below(4 * DAY))
}

function closed({ story, request }: Telling, when: number): void {
  const { referralId, patientId, from } = request
  const [at, because] = [iso(when), 'done' as const]
  const data = { referralId, patientId, from, by: from.by, because, closedAt: at }
  const over = requesterWork(request, { nature: 'referralClosed', state: 'done', at })
  story.say(when, [{ type: 'ReferralClosed', data }, ...over], from.by)
}
