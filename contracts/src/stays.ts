import { z } from 'zod'
import { Flag, Movement, MovementKind, Participant, PatientClass } from './movements.ts'
import {
  Authority,
  DocumentRef,
  event,
  type EventFamily,
  Instant,
  MessageId,
  MovementId,
  OutsideIdentifier,
  PatientId,
  StayId,
  Ward,
} from './primitives.ts'
import { Standing, StandingNature } from './standing.ts'

const subject = { stayId: StayId, patientId: PatientId }
const recorded = {
  ...subject,
  messageId: MessageId,
  movement: Movement,
  flags: z.array(Flag),
  /** PID-18: the dossier (NDA) that the visit is in. */
  dossier: OutsideIdentifier.optional(),
  /** Wards that hold the patient all the same, although the movement does not name them: they have to learn of it too. */
  holding: z.array(Ward).optional(),
}
/** Wards that held the patient, or were said to, and no longer do: they have to learn of it too. */
const leaving = { leaving: z.array(Ward) }

/** Said by a message or by a person of the establishment. */
const confidentiality = {
  ...subject,
  messageId: MessageId.optional(),
  confidential: z.boolean(),
  reason: z.enum(['patientRequest', 'sensitiveUnit', 'released']),
  changedAt: Instant,
  /** Where the patient is. */
  wards: z.array(Ward),
}

const movedToPatient = {
  ...subject,
  messageId: MessageId,
  fromPatientId: PatientId,
  reportedAt: Instant,
  /** Where the patient is. */
  wards: z.array(Ward),
}

/** Movement facts carry the name of what happened; corrections and withdrawals name the movement they bear on. */
const movementFacts = [
  event('PatientPreadmitted', recorded),
  event('PatientRegistered', recorded),
  event('PatientAdmitted', recorded),
  event('PatientTransferred', { ...recorded, ...leaving }),
  event('PatientDischarged', { ...recorded, ...leaving }),
  event('OutpatientBecameInpatient', recorded),
  event('InpatientBecameOutpatient', recorded),
  event('AttendingPhysicianChanged', recorded),
  event('LeaveBegan', recorded),
  event('LeaveEnded', recorded),
  event('AdmissionPlanned', recorded),
  event('TransferPlanned', recorded),
  event('DischargePlanned', recorded),
  event('MovementCorrected', { ...recorded, ...leaving, kind: MovementKind, changed: z.array(z.string()) }),
  /** Said again, unchanged, and later: what was said in between counts no more. */
  event('MovementConfirmed', {
    ...subject,
    messageId: MessageId,
    movementId: MovementId,
    reportedAt: Instant,
    /** A change of status (ZBE-9 C) that is said again says the class again, and nothing else. */
    patientClass: PatientClass.optional(),
  }),
  event('MovementWithdrawn', {
    ...subject,
    messageId: MessageId,
    movementId: MovementId,
    /** EVN-2 of the cancellation, else MSH-7. */
    reportedAt: Instant,
    /** What is withdrawn, so that a reader needs no lookup. */
    withdrawn: MovementKind,
    facility: Authority,
    wards: z.array(Ward),
    /** Wards that hold the patient again. */
    returning: z.array(Ward),
    effectiveAt: Instant,
    /** The whole visit is given up: what was said before of these kinds goes along, also when it is heard of later. */
    alongWith: z.array(MovementKind).optional(),
    /** Nobody cancelled this one: it went along. */
    wentAlong: z.boolean().optional(),
    flags: z.array(Flag),
  }),
  event('ConfidentialityChanged', confidentiality),
] as const

/** A fact that goes along with a stay to another patient: as it was recorded, under the id that it has. */
const RestatedFact = z.object({
  entryId: z.uuid(),
  recordedAt: Instant,
  fact: z.discriminatedUnion('type', [...movementFacts, event('StayMovedToPatient', movedToPatient)]),
})
export type RestatedFact = z.infer<typeof RestatedFact>

export const StayEvent = z.discriminatedUnion('type', [
  ...movementFacts,
  event('IdentityReported', { ...subject, messageId: MessageId, reportedAt: Instant, identity: DocumentRef }),
  event('ParticipantsReported', {
    ...subject,
    messageId: MessageId,
    reportedAt: Instant,
    participants: z.array(Participant),
  }),
  /**
   * A44: the stay was attributed to the wrong patient, `patientId`, who has to be told and learns nothing more of it. What
   * was recorded before is nobody's until it is told again.
   */
  event('StayTakenFromPatient', { ...subject, messageId: MessageId, reportedAt: Instant, confidential: z.boolean() }),
  /**
   * A44: whose stay it is from now on. What was recorded as of the other one is told again, sealed for this one, so that
   * nothing that came before is needed; it is absent where all that is on record was this one's already.
   */
  event('StayMovedToPatient', { ...movedToPatient, history: z.array(RestatedFact).optional() }),
  /** Derived from all of the above by whoever decides them, so that nobody else folds movements. */
  event('StandingChanged', {
    ...subject,
    messageId: MessageId.optional(),
    nature: StandingNature,
    /** When the movement that it bears on takes effect. */
    happenedAt: Instant,
    standing: Standing,
    before: Standing.optional(),
    /** The fields of the standing that changed. */
    changed: z.array(z.string()),
  }),
])
export type StayEvent = z.infer<typeof StayEvent>

/** The movements that an event reports, by its name. */
export const movementKinds = {
  PatientPreadmitted: 'preadmission',
  PatientRegistered: 'registration',
  PatientAdmitted: 'admission',
  PatientTransferred: 'transfer',
  PatientDischarged: 'discharge',
  OutpatientBecameInpatient: 'toInpatient',
  InpatientBecameOutpatient: 'toOutpatient',
  AttendingPhysicianChanged: 'attendingChange',
  LeaveBegan: 'leave',
  LeaveEnded: 'return',
  AdmissionPlanned: 'plannedAdmission',
  TransferPlanned: 'plannedTransfer',
  DischargePlanned: 'plannedDischarge',
} as const satisfies Partial<Record<StayEvent['type'], MovementKind>>

export const stayEvents = {
  category: 'stay',
  routing: ['stayId', 'patientId', 'messageId'],
  sealedBy: 'patientId',
  schema: StayEvent,
  versions: {
    PatientPreadmitted: 1,
    PatientRegistered: 1,
    PatientAdmitted: 1,
    PatientTransferred: 1,
    PatientDischarged: 1,
    MovementCorrected: 1,
    MovementConfirmed: 1,
    MovementWithdrawn: 1,
    IdentityReported: 1,
    ParticipantsReported: 1,
    OutpatientBecameInpatient: 1,
    InpatientBecameOutpatient: 1,
    AttendingPhysicianChanged: 1,
    LeaveBegan: 1,
    LeaveEnded: 1,
    AdmissionPlanned: 1,
    TransferPlanned: 1,
    DischargePlanned: 1,
    ConfidentialityChanged: 1,
    StayTakenFromPatient: 1,
    StayMovedToPatient: 1,
    StandingChanged: 1,
  },
  upcasts: {},
} satisfies EventFamily<StayEvent>
