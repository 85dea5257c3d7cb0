import { PostEvent, type PostId, ThreadEvent, type ThreadKind } from '@relais/contracts/conversations'
import type { DocumentRef } from '@relais/contracts/primitives'
import { RunEvent } from '@relais/contracts/protocol-runs'
import { ReferralEvent } from '@relais/contracts/referrals'
import { type Work, WorkSubject } from '@relais/contracts/work'
import { derivedUuid } from '@relais/events/derived-uuid'
import { FACILITY, type Stay } from './stay-facts.fixture.ts'

export const REQUESTER = 'ch-essai:claire'
/** The ward that asks, and where it is told of what becomes of it. */
export const ASKING_WARD = { facility: FACILITY, code: '4101' }
export const ASKING_QUEUE = `uf:${FACILITY}/4101`
const NOON = '2026-11-02T12:00:00.000Z'

export const referralIdOf = (stay: Pick<Stay, 'stayId'>, name = 'referral') => derivedUuid(name, stay.stayId)
export const runIdOf = (stay: Pick<Stay, 'stayId'>) => derivedUuid('run', stay.stayId)
export const PROTOCOL = '00000000-0000-4000-8000-00000000f001'

const document = { documentId: PROTOCOL, size: 1, mediaType: 'text/plain; charset=utf-8', sha256: '0'.repeat(64) }
const from = { by: REQUESTER, organisation: FACILITY, wards: [ASKING_WARD] }

type OfReferral = { referralId?: string; at?: string }
type Request = OfReferral & { recipient?: string; ofNoStay?: boolean }

/** A nurse of a ward asks somebody to take a patient over. */
export function requested(stay: Stay, { referralId = referralIdOf(stay), at = NOON, ...rest }: Request = {}) {
  const { recipient = 'rpps:10002909371', ofNoStay = false } = rest
  const { patientId, stayId } = stay
  const asked = { kind: 'takeOver', urgency: 'soon', title: 'Cardiologie', question: document, attachments: [] }
  const how = { mode: 'independent', answerBy: '2026-11-03T12:00:00.000Z', identityWithheld: false, ladder: [] }
  const who = { from: { ...from, told: [ASKING_QUEUE] }, receivers: [{ recipient }] }
  const data = { referralId, patientId, ...(ofNoStay ? {} : { stayId }), ...asked, ...how, ...who, requestedAt: at }
  return ReferralEvent.parse({ type: 'ReferralRequested', data })
}

/** The recipient takes the patient over. */
export function accepted(
  stay: Stay,
  recipient: string,
  { referralId = referralIdOf(stay), at = NOON }: OfReferral = {},
) {
  const asked = { referralId, patientId: stay.patientId, kind: 'takeOver', recipient, askedAt: NOON }
  return ReferralEvent.parse({ type: 'ReferralAccepted', data: { ...asked, by: recipient, acceptedAt: at } })
}

export const ofReferral = (stay: Stay, name?: string) =>
  WorkSubject.parse({ kind: 'referral', referralId: referralIdOf(stay, name) })
export const ofStep = (stay: Stay, stepId = 'call') => WorkSubject.parse({ kind: 'step', runId: runIdOf(stay), stepId })

type Given = {
  subject: WorkSubject
  recipient?: string
  nature?: Work['nature']
  state?: Work['state']
  action?: Work['expected']['action']
  dueAt?: string
  withheld?: boolean
  role?: string
  at?: string
}

/** What is asked of somebody from now on, or no longer. */
export function given(stay: Stay, details: Given): ReferralEvent | RunEvent {
  const { subject, recipient = 'rpps:10002909371', state = 'open', dueAt, withheld = false, role, at = NOON } = details
  const { nature = 'referralAsked', action = 'answerReferral' } = details
  const expected = { action, ...(dueAt === undefined ? {} : { dueAt }) }
  const { patientId, stayId } = stay
  const asked = { subject, recipient, nature, state, expected, urgency: 'soon', title: 'Cardiologie', withheld, from }
  const work = { ...asked, stayId, ...(role === undefined ? {} : { role }) }
  const data = { patientId, work, happenedAt: at }
  return subject.kind === 'referral'
    ? ReferralEvent.parse({
        type: 'WorkGiven',
        data: { ...data, referralId: subject.referralId, party: recipient === ASKING_QUEUE ? 'requester' : 'receiver' },
      })
    : RunEvent.parse({ type: 'WorkGiven', data: { ...data, runId: subject.runId, stayId, protocolId: PROTOCOL } })
}

/** A step of a protocol that somebody has to do. */
export function stepOpened(stay: Stay, { stepId = 'call', owner = 'rpps:10002909371', at = NOON } = {}): RunEvent {
  const run = { runId: runIdOf(stay), ...stay, protocolId: PROTOCOL }
  const step = { stepId, title: 'Appel', owner, role: 'infirmier', dueAt: '2026-11-03T12:00:00.000Z', openedAt: at }
  return RunEvent.parse({ type: 'StepOpened', data: { ...run, ...step } })
}
/** A run of a protocol for a stay, without any step yet. */
export function runStarted(stay: Stay, { at = NOON } = {}): RunEvent {
  const trigger = { on: 'discharge', at, eventId: PROTOCOL }
  const where = { coordinator: 'cpts:alix', department: '33', facility: FACILITY, wards: [ASKING_WARD], steps: [] }
  const run = { runId: runIdOf(stay), ...stay, protocolId: PROTOCOL }
  const plan = { version: 3, title: 'Sortie d’une personne âgée', trigger, ...where }
  return RunEvent.parse({ type: 'RunStarted', data: { ...run, plan, stayRevision: 1, startedAt: at } })
}

type Opened = { kind?: ThreadKind; patientId?: string; members?: string[]; by?: string }
/** A thread, of a patient where one is named. */
export function threadOpened(threadId: string, { kind = 'patient', patientId, members = [], by = REQUESTER }: Opened) {
  const thread = { threadId, keyOwner: patientId ?? threadId, ...(patientId === undefined ? {} : { patientId }) }
  return ThreadEvent.parse({
    type: 'ThreadOpened',
    data: { ...thread, kind, title: 'Organisation', members, by, openedAt: NOON },
  })
}

type OfThread = { threadId: string; patientId?: string | undefined; by?: string }
const ofThread = ({ threadId, patientId, by = REQUESTER }: OfThread) => {
  return { threadId, keyOwner: patientId ?? threadId, ...(patientId === undefined ? {} : { patientId }), by }
}

export function memberRemoved(thread: OfThread, member: string): ThreadEvent {
  return ThreadEvent.parse({ type: 'ThreadMemberRemoved', data: { ...ofThread(thread), member, removedAt: NOON } })
}

/** A message whose text is in the vault. */
export function posted(thread: OfThread, postId: PostId | string, body: DocumentRef): PostEvent {
  const content = { body, attachments: [], quotes: [], mentions: [], mentionedRoles: [], urgent: false, postedAt: NOON }
  return PostEvent.parse({ type: 'MessagePosted', data: { postId, ...ofThread(thread), ...content } })
}
export function postWithdrawn(thread: OfThread, postId: PostId | string): PostEvent {
  return PostEvent.parse({ type: 'MessageWithdrawn', data: { postId, ...ofThread(thread), withdrawnAt: NOON } })
}
/** Whom a message has to reach now. */
export function alerted(thread: OfThread, postId: PostId | string, recipients: string[]): PostEvent {
  const { by: _, ...alert } = ofThread(thread)
  const data = { postId, ...alert, because: 'mention', recipients, alertedAt: NOON }
  return PostEvent.parse({ type: 'PeopleAlerted', data })
}
