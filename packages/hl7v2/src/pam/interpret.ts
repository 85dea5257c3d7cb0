import type { FieldProblem } from '@relais/contracts/messages'
import type { ReportedIdentity } from '@relais/contracts/patients'
import type { OutsideIdentifier } from '@relais/contracts/primitives'
import type { Flag, MovementKind, Participant } from '@relais/contracts/movements'
import type { Message } from '../message.ts'
import { dossierAt } from './dossier.ts'
import { readIdentity, readIpp } from './identity.ts'
import { type IdentityReport, identityTriggers, interpretIdentity } from './identity-messages.ts'
import { type Announced, type MovementAction, type ReadMovement, readMovement } from './movement.ts'
import { interpretMove, type MoveReport } from './move-to-patient.ts'
import { readParticipants } from './participants.ts'
import type { KnownPlaces } from './places.ts'
import {
  type AuthorityNames,
  hasSegment,
  identifierAt,
  type NamedIdentifier,
  oneOf,
  type Reading,
  report,
  required,
  valueAt,
} from './reading.ts'
import { cancels, CORRECTION, inserts, MOVE_TO_PATIENT, notHandled } from './triggers.ts'
import { problemAt } from '../problem-at.ts'

/** What one PAM.fr message says. */
export type MovementReport = {
  action: MovementAction
  /** What the movement is; for a cancellation or a correction, what it was announced as. */
  kind: MovementKind
  /** The IPP, and the namespace of its authority where it was given. */
  patient: NamedIdentifier
  /** PV1-19. */
  visit: NamedIdentifier
  /** PID-18. */
  dossier: OutsideIdentifier | undefined
  /** Authorities that the message names by namespace and universal id at once. */
  authorities: AuthorityNames[]
  movement: ReadMovement
  /** PV1-5: a cancelled admission returns the patient to the pre-admission; without it, the visit is given up. */
  returnsToPreadmission: boolean
  identity: ReportedIdentity
  participants: Participant[]
  flags: Flag[]
  /** Signs of a test identity: the OIDs of the INS as sent, and PID-32 FICT. */
  test: { insOids: string[]; fictitious: boolean }
}

export type Interpretation =
  | { kind: 'movement'; report: MovementReport }
  | { kind: 'identity'; report: IdentityReport }
  /** A44. */
  | { kind: 'move'; report: MoveReport }
  | { kind: 'problems'; problems: FieldProblem[] }
  /** An event of PAM.fr that is not handled yet: `trigger`, or the one it corrects or cancels. */
  | { kind: 'notSupported'; trigger: string }
  /** To be ignored, and recorded (PAM.fr 2.11 §5.3.2). */
  | { kind: 'unknownTrigger'; trigger: string }

type Trigger =
  | { outcome: 'supported'; announced: Announced }
  | { outcome: 'unclear' }
  | { outcome: 'notSupported' | 'unknownTrigger'; trigger: string }

/** Reads an ADT message of PAM.fr 2.11. Pure: what `known` answers is all it learns of the world. */
export function interpretPam(message: Message, known: KnownPlaces): Interpretation {
  const reading: Reading = { message, problems: [], flags: [...message.flags], authorities: [] }
  if (valueAt(reading, 'MSH-9.1') === 'ADT' && identityTriggers.has(valueAt(reading, 'MSH-9.2') ?? ''))
    return interpretIdentity(message, known)
  if (valueAt(reading, 'MSH-9.1') === 'ADT' && valueAt(reading, 'MSH-9.2') === MOVE_TO_PATIENT)
    return interpretMove(reading, known)
  const trigger = readTrigger(reading)
  if (trigger.outcome === 'notSupported' || trigger.outcome === 'unknownTrigger')
    return { kind: trigger.outcome, trigger: trigger.trigger }
  if (reading.problems.some(({ path }) => path.startsWith('MSH')))
    return { kind: 'problems', problems: reading.problems }
  const announced = trigger.outcome === 'supported' ? trigger.announced : announcedBy(reading)
  const segmentProblems = missingSegments(reading)
  const patient = readIpp(reading)
  const visit = identifierAt(reading, { number: 'PV1-19.1', namespace: 'PV1-19.4.1', universalId: 'PV1-19.4.2' })
  const movement = readMovement(reading, announced, known)
  const problems = [...segmentProblems, ...withoutThoseOf(segmentProblems, reading.problems)].toSorted(byPlace)
  if (problems.length > 0 || trigger.outcome !== 'supported' || !patient || !visit || !movement)
    return { kind: 'problems', problems }
  const participants = readParticipants(reading, movement.facility)
  const { identity, test } = readIdentity(reading, { ipp: patient.identifier, zone: known.zoneOf(movement.facility) })
  const dossier = dossierAt(reading, 'PID-18')
  const { flags, authorities } = reading
  const { action, kind } = announced
  const returnsToPreadmission = valueAt(reading, 'PV1-5.1') !== undefined
  const named = { patient, visit, dossier, authorities }
  const said = { movement, returnsToPreadmission, identity, participants, flags, test }
  return { kind: 'movement', report: { action, kind, ...named, ...said } }
}

/** MSH-9 against ZBE-4 and ZBE-6: what is announced, and whether they agree. */
function readTrigger(reading: Reading): Trigger {
  const type = required(reading, 'MSH-9.1', { expected: 'messageType' })
  const event = required(reading, 'MSH-9.2', { expected: 'triggerEvent' })
  if (!type || !event) return { outcome: 'unclear' }
  if (type !== 'ADT') return { outcome: 'unknownTrigger', trigger: `${type}^${event}` }
  if (notHandled.has(event)) return { outcome: 'notSupported', trigger: event }
  const inserted = inserts.get(event)
  const cancelled = cancels.get(event)
  if (inserted && !(cancelled && valueAt(reading, 'ZBE-4') === 'CANCEL')) return readInsert(reading, event, inserted)
  if (cancelled) return readBackReference(reading, { action: 'cancel', originals: cancelled })
  if (event === CORRECTION) return readBackReference(reading, { action: 'update', originals: [...inserts.keys()] })
  return { outcome: 'unknownTrigger', trigger: event }
}

function readInsert(reading: Reading, event: string, kind: MovementKind): Trigger {
  const actionAgrees = checkAction(reading, 'INSERT')
  const original = valueAt(reading, 'ZBE-6')
  // Without a readable action ZBE is shifted or incomplete: what ZBE-6 holds says nothing then.
  if (actionAgrees && original && original !== event) {
    report(reading, { path: 'ZBE-6', code: 'triggerMismatch', expected: 'noOriginalEvent' })
    return { outcome: 'unclear' }
  }
  if (!actionAgrees) return { outcome: 'unclear' }
  return { outcome: 'supported', announced: { kind, original: event, action: 'insert' } }
}

type BackReference = { action: 'update' | 'cancel'; originals: readonly string[] }

function readBackReference(reading: Reading, { action, originals }: BackReference): Trigger {
  const original = valueAt(reading, 'ZBE-6')
  if (original && notHandled.has(original)) return { outcome: 'notSupported', trigger: original }
  const actionAgrees = checkAction(reading, action === 'update' ? 'UPDATE' : 'CANCEL')
  const expected = { expected: 'originalEvent', values: originals } as const
  if (!original) report(reading, { path: 'ZBE-6', code: 'fieldMissing', ...expected })
  else if (!originals.includes(original))
    report(reading, { path: 'ZBE-6', code: inserts.has(original) ? 'triggerMismatch' : 'fieldInvalid', ...expected })
  const kind = original && originals.includes(original) ? inserts.get(original) : undefined
  if (!actionAgrees || !kind || !original) return { outcome: 'unclear' }
  return { outcome: 'supported', announced: { kind, original, action } }
}

/** Whether ZBE-4 is the action that the trigger event stands for. */
function checkAction(reading: Reading, expected: 'INSERT' | 'UPDATE' | 'CANCEL'): boolean {
  const action = oneOf(reading, 'ZBE-4', ['INSERT', 'UPDATE', 'CANCEL'])
  if (action && action !== expected)
    report(reading, { path: 'ZBE-4', code: 'triggerMismatch', expected: 'actionOfTrigger', values: [expected] })
  return action === expected
}

/** For a message whose trigger and ZBE disagree: enough to say what else is wrong. */
function announcedBy(reading: Reading): Announced {
  const event = valueAt(reading, 'MSH-9.2') ?? ''
  return {
    kind: inserts.get(event) ?? 'admission',
    original: event,
    action: event === CORRECTION ? 'update' : 'cancel',
  }
}

function missingSegments(reading: Reading): FieldProblem[] {
  const missing = ['EVN', 'PID', 'PV1', 'ZBE'].filter((name) => !hasSegment(reading, name))
  return missing.map((path) => problemAt({ path, code: 'segmentMissing', expected: 'segment' }))
}

/** A missing segment is one problem, not one for each of its fields. */
function withoutThoseOf(missing: readonly FieldProblem[], problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.filter(({ path }) => !missing.some((segment) => path.startsWith(segment.path)))
}

const byNumber = new Intl.Collator('en', { numeric: true })

/** Segments by name, their fields by number. */
function byPlace(one: FieldProblem, other: FieldProblem): number {
  return byNumber.compare(one.path, other.path)
}
