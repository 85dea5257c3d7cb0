import { expectedOf } from '@relais/contracts/boards'
import type { NoticeNature } from '@relais/contracts/notices'
import type { CircleRole } from '@relais/contracts/patients'
import type { Standing } from '@relais/contracts/standing'
import { isOpen } from './stay-history.ts'

/** A member of the circle, or the EHPAD where the patient lives. */
export type Member = { memberId: string; role: CircleRole }
/** Somebody who was told of the stay, and how it stood then. */
export type Told = Member & {
  patientId: string
  noticeId: string
  revision: number
  nature: NoticeNature
  standing: Standing
  /** Where in the log he or she was last told. */
  position: number
  /** Dealt with it as he or she was last told of it. */
  hasActed: boolean
  hasReturned: boolean
}

/** What became of a stay, and who caused it. */
export type Change = {
  patientId: string
  nature: NoticeNature
  standing: Standing
  before?: Standing | undefined
  revision: number
  actor: { id: string; organisation?: string | undefined }
}

/** Who is told, of which patient, how the stay stands for that person, and what changed since he or she was last told. */
export type Telling = Member & {
  patientId: string
  standing: Standing
  changed: readonly string[]
  /** What he or she was told of the stay before. */
  replaces?: string | undefined
}

/**
 * Who is told of a change of a stay:
 * - of emergencies and hospitalisations (classes E and I), the members of the circle; of the others nobody, until the
 *   patient dies;
 * - of a correction, of a withdrawal, and of a stay that leaves these classes, everyone who was told of the stay;
 * - of a confidential stay nobody, until it is released;
 * - never who caused it, nor whoever said that this is no patient of theirs, nor anybody of something already told, nor of
 *   something of no consequence whoever has dealt with the stay.
 */
export function whoIsTold(change: Change, members: readonly Member[], before: readonly Told[]): Telling[] {
  const { standing, patientId } = change
  if (standing.confidential) return []
  const known = new Map(before.map((each) => [each.memberId, each]))
  const current = new Map(members.map((member) => [member.memberId, member]))
  const ofCircle = isTellable(standing) ? [...current.values()] : []
  const wronged = before.filter((each) => !each.hasReturned && mustKnow(change, each))
  const recipients = new Map([...wronged, ...ofCircle].map(({ memberId, role }) => [memberId, role]))
  return [...recipients].flatMap(([memberId, role]): Telling[] => {
    const last = known.get(memberId)
    if (isOwn(memberId, change) || (last && last.revision >= change.revision)) return []
    const told = { memberId, role, replaces: last?.noticeId }
    // Told of it as a stay of somebody else, and not entitled to know whose it is.
    if (last && last.patientId !== patientId && !current.has(memberId))
      return [{ ...told, patientId: last.patientId, standing: nothingLeft(last.standing), changed: ['status'] }]
    if (last?.patientId === patientId && isSettled(last, standing)) return []
    return [{ ...told, patientId, standing, changed: changedFields(last?.standing, standing) }]
  })
}

/** A stay as it stands, and what is known of the death of its patient otherwise than by a stay. */
export type Mourned = {
  stay: { patientId: string; standing: Standing }
  hasDied: boolean
  reporter?: string | undefined
}

/**
 * Who is told, of a stay that they were told of, that its patient has died: whoever was to do something about it, and may
 * still know, and the EHPAD whose register says so. Or that it is not so, after all.
 */
export function whoIsToldOfDeath(
  { stay, hasDied, reporter }: Mourned,
  members: readonly Member[],
  told: readonly Told[],
) {
  const { standing, patientId } = stay
  if (standing.confidential || standing.died || standing.status === 'withdrawn') return []
  const current = new Set(members.map(({ memberId }) => memberId))
  return told.flatMap((each): Telling[] => {
    const { memberId, role, nature, noticeId: replaces } = each
    const mayKnow =
      !each.hasReturned && each.patientId === patientId && (current.has(memberId) || memberId === reporter)
    const isToldAlready = (nature === 'died') === hasDied
    if (!mayKnow || isToldAlready || each.standing.died || (hasDied && !isAwaited(standing, each))) return []
    return [{ memberId, role, patientId, standing, changed: changedFields(each.standing, standing), replaces }]
  })
}

function isAwaited(standing: Standing, { nature, standing: told, role }: Told): boolean {
  return isOpen(standing) || expectedOf({ nature, standing: told, role }).action !== 'acknowledge'
}

/** Who joins a circle is told once of each of the patient's stays that is open, and of the one that was the reason. */
export function isToldOnJoining(standing: Standing, isReason = false): boolean {
  return (isReason || isOpen(standing)) && !standing.confidential && isTellable(standing)
}

const JUST_LEFT_MILLISECONDS = 2 * 86_400_000

/**
 * An EHPAD that enters somebody into its register often does so as he or she arrives from the hospital: the stay that has
 * just ended is then why the EHPAD joins.
 */
export function hasJustLeft({ dischargedAt }: Standing, joinedAt: string): boolean {
  return dischargedAt !== undefined && Date.parse(dischargedAt) > Date.parse(joinedAt) - JUST_LEFT_MILLISECONDS
}

/** Who causes a change knows of it: the person, the organisation, the establishment of the stay. */
export function isOwn(memberId: string, { actor, standing }: Pick<Change, 'actor' | 'standing'>): boolean {
  const { id, organisation } = actor
  return memberId === id || memberId === `finess:${organisation ?? ''}` || memberId === `finess:${standing.facility}`
}

/** The fields of a standing that are not as they were; none for who was never told. */
export function changedFields(before: Standing | undefined, now: Standing): string[] {
  if (before === undefined) return []
  const was = new Map(Object.entries(before))
  const is = new Map(Object.entries(now))
  const names = new Set([...was.keys(), ...is.keys()])
  return [...names].filter((name) => JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name))).toSorted()
}

/** Consultations, séances and remote monitoring are on record, and tell nobody; nor is there news of what is no more. */
function isTellable({ patientClass, status, died }: Standing): boolean {
  return (died || patientClass === 'E' || patientClass === 'I') && status !== 'withdrawn'
}

/** Whether who was told something has to learn that it is not so, or no longer. */
function mustKnow({ nature, standing, patientId }: Change, told: Told): boolean {
  if (nature === 'corrected' || nature === 'withdrawn' || standing.status === 'withdrawn') return true
  return told.patientId !== patientId || (isTellable(told.standing) && !isTellable(standing))
}

/** Of no consequence to who has dealt with a stay: the bed, and, once the patient has left, all that was before. */
const aboutTheBed: ReadonlySet<string> = new Set(['room', 'bed'])
const untilTheEnd: ReadonlySet<string> = new Set([
  ...aboutTheBed,
  'wards',
  'placeSince',
  'attendingPhysician',
  'arrivedAt',
  'hospitalisedAt',
  'expectedDischargeAt',
  'plannedDischarge',
  'plannedTransfer',
])

function isSettled({ hasActed, standing: told }: Told, now: Standing): boolean {
  const isOver = told.status === 'discharged' && now.status === 'discharged'
  const minor = isOver ? untilTheEnd : aboutTheBed
  return hasActed && changedFields(told, now).every((field) => minor.has(field))
}

/** All that may be said of a stay that turned out to be another patient's. */
function nothingLeft({ facility }: Standing): Standing {
  return { status: 'withdrawn', facility, wards: [], died: false, confidential: false }
}
