import type { Attachment } from '@relais/contracts/conversations'
import type { RequestReferralBody } from '@relais/contracts/referral-routes'
import type { z } from 'zod'
import { fromLocal } from '../ward/local-time.ts'

type Body = z.input<typeof RequestReferralBody>
export const kinds = ['takeOver', 'advice', 'unscheduled'] as const satisfies readonly Body['kind'][]
export const modes = ['firstAcceptance', 'independent'] as const satisfies readonly Body['mode'][]
export const urgencies = ['routine', 'soon', 'urgent'] as const satisfies readonly Body['urgency'][]
export const promises = ['snp24', 'sas48'] as const satisfies readonly NonNullable<Body['promise']>[]
export const MOST_RUNGS = 5
export const MOST_RECEIVERS = 20

const HOUR_MILLISECONDS = 3_600_000
/** How long others have to answer unless it is said. */
const answerHours: Record<Body['urgency'], number> = { routine: 72, soon: 24, urgent: 2 }

/** Whom to ask besides, for want of an answer. */
export type DraftRung = { hours: string; from: 'request' | 'due'; receivers: readonly string[] }
/** What is asked of others. The id makes it one request however often it is sent. */
export type ReferralDraft = {
  referralId: string
  kind: Body['kind']
  urgency: Body['urgency']
  title: string
  question: string
  /** Files that have arrived already. */
  attachments: readonly Attachment[]
  receivers: readonly string[]
  mode: Body['mode']
  /** As the field holds it; nothing is what the urgency means. */
  answerBy: string
  identityWithheld: boolean
  promise: (typeof promises)[number]
  /** Of the receivers, those who are asked first. */
  first: readonly string[]
  firstHours: string
  ladder: readonly DraftRung[]
}

export function newReferral(newId: () => string): ReferralDraft {
  const nothing = {
    title: '',
    question: '',
    attachments: [],
    receivers: [],
    answerBy: '',
    first: [],
    firstHours: '',
    ladder: [],
  }
  return {
    referralId: newId(),
    ...nothing,
    kind: 'takeOver',
    urgency: 'soon',
    mode: 'firstAcceptance',
    identityWithheld: false,
    promise: 'snp24',
  }
}

/** Until when an answer is awaited: what was typed, else what the urgency means. */
export function answerByOf({ answerBy, urgency }: Pick<ReferralDraft, 'answerBy' | 'urgency'>, now: number): string {
  return fromLocal(answerBy) ?? new Date(now + answerHours[urgency] * HOUR_MILLISECONDS).toISOString()
}

export type ReferralFault =
  | 'titleMissing'
  | 'questionMissing'
  | 'receiverMissing'
  | 'answerByPassed'
  | 'firstTimeMissing'
  | 'firstTooLate'
  | 'rungIncomplete'
  | 'rungRepeats'

/** What keeps it from being sent. */
export function faultsOf(draft: ReferralDraft, now: number): ReferralFault[] {
  const answerBy = Date.parse(answerByOf(draft, now))
  const firstUntil = now + hoursIn(draft.firstHours) * HOUR_MILLISECONDS
  const isFirst = hasPriority(draft)
  const named = [...draft.receivers, ...draft.ladder.flatMap(({ receivers }) => receivers)]
  const found: Record<ReferralFault, boolean> = {
    titleMissing: draft.title.trim() === '',
    questionMissing: draft.question.trim() === '',
    receiverMissing: draft.receivers.length === 0,
    answerByPassed: answerBy <= now,
    firstTimeMissing: isFirst && !(hoursIn(draft.firstHours) > 0),
    firstTooLate: isFirst && firstUntil >= answerBy,
    rungIncomplete: draft.ladder.some(({ hours, receivers }) => !(hoursIn(hours) >= 0) || receivers.length === 0),
    rungRepeats: new Set(named).size < named.length,
  }
  return faults.filter((fault) => found[fault])
}

const faults = [
  'titleMissing',
  'questionMissing',
  'receiverMissing',
  'answerByPassed',
  'firstTimeMissing',
  'firstTooLate',
  'rungIncomplete',
  'rungRepeats',
] as const satisfies readonly ReferralFault[]

/** Some are asked before the others, where the first who accepts is enough. */
export function hasPriority({ mode, first, receivers }: ReferralDraft): boolean {
  return mode === 'firstAcceptance' && first.length > 0 && first.length < receivers.length
}

/** `NaN` for what is no number. */
const hoursIn = (text: string) => (text.trim() === '' ? Number.NaN : Number(text.replace(',', '.')))

/** What is said to the platform. The draft MUST have no fault. */
export function bodyOf(draft: ReferralDraft, { patientId, stayId, now }: Known): Body {
  const { kind, urgency, mode, identityWithheld, first, firstHours, promise } = draft
  return {
    patientId,
    ...(stayId === undefined ? {} : { stayId }),
    kind,
    urgency,
    title: draft.title.trim(),
    question: draft.question.trim(),
    attachments: [...draft.attachments],
    receivers: draft.receivers.map((recipient) => ({ recipient })),
    mode,
    answerBy: answerByOf(draft, now),
    identityWithheld,
    ...(hasPriority(draft) && {
      priority: {
        recipients: [...first],
        until: new Date(now + hoursIn(firstHours) * HOUR_MILLISECONDS).toISOString(),
      },
    }),
    ladder: draft.ladder.map(({ hours, from, receivers }) => ({
      after: Math.round(hoursIn(hours) * HOUR_MILLISECONDS),
      from,
      receivers: receivers.map((recipient) => ({ recipient })),
    })),
    ...(kind === 'unscheduled' && { promise }),
  }
}

type Known = { patientId: string; stayId: string | undefined; now: number }

/** Who was chosen is in, once. */
export function withReceiver(draft: ReferralDraft, recipient: string): ReferralDraft {
  if (draft.receivers.includes(recipient) || draft.receivers.length >= MOST_RECEIVERS) return draft
  return { ...draft, receivers: [...draft.receivers, recipient] }
}

export function withoutReceiver(draft: ReferralDraft, recipient: string): ReferralDraft {
  const others = (all: readonly string[]) => all.filter((one) => one !== recipient)
  return { ...draft, receivers: others(draft.receivers), first: others(draft.first) }
}
