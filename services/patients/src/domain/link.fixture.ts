import { type AskedOfLink, type LinkDoubt, LinkEvent, LinkId, type LinkReason } from '@relais/contracts/patients'
import { MessageId, PatientId } from '@relais/contracts/primitives'
import type { Contradiction } from './contradiction.ts'
import type { KnownLink } from './link-graph.ts'

export const linkId = LinkId.parse('00000000-0000-4000-8000-0000000000f1')
const authority = '990000010'
const patient = (n: number) => PatientId.parse(`00000000-0000-4000-8000-00000000000${n}`)
export const [a, b, c, d] = [patient(1), patient(2), patient(3), patient(4)]
export const motive = 'doublon confirmé par la personne'
const message = (n: number) => MessageId.parse(`00000000-0000-4000-8000-10000000000${n}`)
const day = (n: number) => `2026-03-0${n}T10:00:00.000Z`
export const ab = { linkId, patientId: b, otherId: a }
export const ba = { linkId, patientId: a, otherId: b }
type Pair = typeof ab

/** Which message, and the day on which it says so. */
type Saying = readonly [n: number, at: number]
type Around = { pair?: Pair; links?: readonly KnownLink[]; contradictions?: readonly Contradiction[] }
type Details = { pair?: Pair; again?: boolean }
type Doubted = { asked: AskedOfLink; doubt: LinkDoubt; pair?: Pair }
/** What message `n` says, on day `at`. */
export const report = (asked: AskedOfLink, [n, at]: Saying, { pair = ab, links = [] }: Around = {}) =>
  ({ type: 'ReportLink', asked, messageId: message(n), authority, reportedAt: day(at), links, ...pair }) as const
export const linked = ([n, at]: Saying, reason: LinkReason, details: Details = {}): LinkEvent => ({
  type: 'PatientsLinked',
  data: {
    ...(details.pair ?? ab),
    reason,
    reportedAt: day(at),
    source: 'reported',
    messageId: message(n),
    again: details.again ?? false,
  },
})
export const unlinked = (n: number, at: number, again = false): LinkEvent => ({
  type: 'PatientsUnlinked',
  data: { ...ab, reason: 'unlinked', reportedAt: day(at), source: 'reported', messageId: message(n), again },
})
export const doubted = ([n, at]: Saying, { asked, doubt, pair = ab }: Doubted): LinkEvent => ({
  type: 'LinkDoubted',
  data: { ...pair, messageId: message(n), asked, doubt, authority, reportedAt: day(at) },
})
export const settled = (
  [n, at]: Saying,
  outcome: 'applied' | 'dismissed' | 'explained',
  pair: Pair = ab,
): LinkEvent => ({
  type: 'LinkDoubtSettled',
  data: { ...pair, messageId: message(n), outcome, settledAt: day(at) },
})
export const linkedByPerson = (
  at: number,
  reason: LinkReason,
  { pair = ab, again = false }: Details = {},
): LinkEvent => ({
  type: 'PatientsLinked',
  data: { ...pair, reason, reportedAt: day(at), source: 'person', motive, again },
})
export const undone = (at: number, pair: Pair = ab): LinkEvent => ({
  type: 'PatientsUnlinked',
  data: { ...pair, reason: 'undone', reportedAt: day(at), source: 'person', motive, again: false },
})
export const linkBy = (at: number, reason: LinkReason, { pair = ab, links = [], contradictions = [] }: Around = {}) =>
  ({ type: 'LinkPatients', reason, motive, at: day(at), links, contradictions, ...pair }) as const
export const undo = (at: number) => ({ type: 'UndoLink', motive, at: day(at) }) as const
export const settle = ([n, at]: Saying, outcome: 'applied' | 'dismissed', links: readonly KnownLink[] = []) =>
  ({ type: 'SettleDoubt', messageId: message(n), outcome, at: day(at), links }) as const
export const known = (patientId: PatientId, otherId: PatientId, reason: LinkReason = 'merged'): KnownLink => ({
  linkId: `${patientId}${otherId}`,
  patientId,
  otherId,
  reason,
})

/** The same facts when a person did what a message had asked for: the message is the motive. */
export function asked(event: LinkEvent): LinkEvent {
  if (event.type !== 'PatientsLinked' && event.type !== 'PatientsUnlinked') return event
  const { motive: _, ...data } = event.data
  return LinkEvent.parse({ type: event.type, data })
}
