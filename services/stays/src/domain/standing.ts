import { movementWards } from '@relais/contracts/pathway'
import type { Instant, Ward } from '@relais/contracts/primitives'
import type { Movement } from '@relais/contracts/movements'
import type { Standing } from '@relais/contracts/standing'
import { compareEffect, expects, inOrderOfEffect, opens } from './order.ts'
import { type Place, placeAfter, wardsBut, wardsOf } from './places.ts'
import { type KnownMovement, movementOf, type StayState } from './stay-state.ts'

/**
 * What a stay now is, from what is known of it: the same whatever the order in which that was heard of. `undefined` as
 * long as no movement is known.
 */
export function standingOf(state: StayState): Standing | undefined {
  const all = Object.values(state.movements)
  const [first] = inOrderOfEffect(all)
  if (!first) return undefined
  const known = inOrderOfEffect(all.filter(({ withdrawnAt }) => withdrawnAt === undefined))
  const place = placeAfter(all)
  const confidential = isConfidential(state)
  if (known.length === 0)
    return { status: 'withdrawn', facility: movementOf(first).facility, wards: [], died: false, confidential }
  const facility = place.facility.value ?? movementOf(first).facility
  const end = endOf(known)
  const status = statusOf(known, end)
  return complete({
    status,
    patientClass: place.patientClass.value,
    facility,
    wards: wardsOf(place),
    room: place.lodging.value?.room,
    bed: place.lodging.value?.bed,
    attendingPhysician: place.attending.value,
    placeSince: place.since,
    ...(status === 'expected' ? { expectedAt: expectedAt(known) } : lifeOf(known, place)),
    ...(end ? endingOf(end) : plansOf(known, place)),
    awaySince: status === 'onLeave' ? awaySince(known) : undefined,
    died: known.some(saysDeath),
    confidential,
  })
}

/** The names of what differs; of everything there is when nothing was known before. */
export function changesOf(before: Standing | undefined, after: Standing): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after)])
  const values = (standing: object | undefined) => new Map(Object.entries(standing ?? {}))
  const [old, now] = [values(before), values(after)]
  return [...names].filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name))).toSorted()
}

/** The wards where the patient is, or is expected. */
export function wardsHolding(standing: Standing | undefined): Standing['wards'] {
  return !standing || standing.status === 'discharged' ? [] : standing.wards
}

/** What was said last counts; a message that repeats what it said before a person's word does not undo that. */
export function isConfidential({ movements, confidentiality: person }: StayState): boolean {
  const sayings = Object.values(movements).flatMap((known) => {
    const { confidential, reportedAt } = movementOf(known)
    const at = known.withdrawnAt === undefined ? known.saidAt : reportedAt
    return confidential === undefined ? [] : [{ confidential, at }]
  })
  if (person?.confidential) return true
  const lastAt = sayings.reduce<Instant>((latest, { at }) => (at > latest ? at : latest), '')
  const last = sayings.filter(({ at }) => at === lastAt)
  return last.some(({ confidential, at }) => confidential && (person === undefined || person.at < at))
}

/** Whether somebody has said that it is not: a person, or a message (PV2-22). */
export function wasOpened({ movements, confidentiality: person }: StayState): boolean {
  return (
    person?.confidential === false || Object.values(movements).some((one) => movementOf(one).confidential === false)
  )
}

/** No death is planned, whatever a message says of one. */
function announcesDeath({ said: { discharge } }: Pick<KnownMovement, 'said'>): boolean {
  return discharge?.exitMode === '9' || discharge?.circumstances?.startsWith('D') === true
}

/** ZFM-2 is 9 (décès), or PV1-36 begins with D. */
export function saysDeath(known: Pick<KnownMovement, 'kind' | 'said'>): boolean {
  return known.kind === 'discharge' && announcesDeath(known)
}

/** The discharge that ends the stay: the last one, unless the patient, alive, has come again since (séances). */
function endOf(inOrder: readonly KnownMovement[]): KnownMovement | undefined {
  const at = inOrder.findLastIndex(({ kind }) => kind === 'discharge')
  const arrives = ({ kind }: KnownMovement) => opens(kind)
  const hasComeAgain = inOrder.slice(0, Math.max(at, 0)).some(arrives) && inOrder.slice(at + 1).some(arrives)
  return hasComeAgain && !inOrder.some(saysDeath) ? undefined : inOrder[at]
}

/** Whether a movement shows by itself that the patient has come. */
const showsPresence = ({ kind }: KnownMovement) =>
  !expects(kind) && kind !== 'attendingChange' && kind !== 'plannedTransfer' && kind !== 'plannedDischarge'

function statusOf(inOrder: readonly KnownMovement[], end: KnownMovement | undefined): Standing['status'] {
  if (end) return 'discharged'
  const isExpected = inOrder.some(({ kind }) => expects(kind)) && !inOrder.some(showsPresence)
  if (isExpected) return 'expected'
  return awaySince(inOrder) === undefined ? 'present' : 'onLeave'
}

function awaySince(inOrder: readonly KnownMovement[]): Instant | undefined {
  const last = inOrder.findLast(({ kind }) => kind === 'leave' || kind === 'return' || opens(kind))
  return last?.kind === 'leave' ? movementOf(last).effectiveAt : undefined
}

function lifeOf(inOrder: readonly KnownMovement[], { hospitalisedAt }: Place) {
  const arrival = inOrder.find(({ kind }) => opens(kind))
  return { arrivedAt: arrival && movementOf(arrival).effectiveAt, hospitalisedAt }
}

function endingOf(end: KnownMovement): { dischargedAt: Instant; discharge: Movement['discharge'] } {
  const { effectiveAt, discharge } = movementOf(end)
  return { dischargedAt: effectiveAt, discharge }
}

function expectedAt(inOrder: readonly KnownMovement[]): Instant | undefined {
  const last = lastSaid(inOrder.filter(({ kind }) => expects(kind)))
  return last && plannedFor(last)
}

function plansOf(inOrder: readonly KnownMovement[], place: Place) {
  const discharge = lastSaid(inOrder.filter(({ said }) => said.expectedDischargeAt !== undefined))
  const plan = lastSaid(inOrder.filter(({ kind }) => kind === 'plannedDischarge'))
  const transfer = lastSaid(
    inOrder.filter((known) => known.kind === 'plannedTransfer' && !hasTakenPlace(known, inOrder)),
  )
  return {
    expectedDischargeAt: discharge?.said.expectedDischargeAt,
    plannedDischarge: plan && !announcesDeath(plan) ? plan.said.discharge : undefined,
    plannedTransfer: transfer && { at: plannedFor(transfer), wards: wardsPlanned(transfer, place) },
  }
}

const plannedFor = ({ said: { plannedAt, effectiveAt } }: KnownMovement) => plannedAt ?? effectiveAt

/** A planned transfer that repeats where the patient is says nothing of where he or she will be. */
function wardsPlanned({ said }: KnownMovement, place: Place): Ward[] {
  return said.plannedWard ? [said.plannedWard] : wardsBut(movementWards(said), wardsOf(place))
}

/** The patient was moved since: to the ward that was planned, or when it was planned. */
function hasTakenPlace(plan: KnownMovement, inOrder: readonly KnownMovement[]): boolean {
  const planned = plan.said.plannedWard ? [plan.said.plannedWard] : movementWards(plan.said)
  return inOrder.some((known) => {
    if (known.kind !== 'transfer' || compareEffect(known, plan) <= 0) return false
    const entered = movementWards(known.said)
    return known.said.effectiveAt >= plannedFor(plan) || wardsBut(entered, planned).length < entered.length
  })
}

function lastSaid(inOrder: readonly KnownMovement[]): KnownMovement | undefined {
  return inOrder.reduce<KnownMovement | undefined>(
    (last, known) => (last === undefined || known.saidAt >= last.saidAt ? known : last),
    undefined,
  )
}

type Incomplete = { [Key in keyof Standing]: Standing[Key] | undefined }

function complete(standing: Incomplete): Standing {
  // Every key taken away was `undefined`; those that must be there are given above.
  return Object.fromEntries(Object.entries(standing).filter(([, value]) => value !== undefined)) as Standing
}
