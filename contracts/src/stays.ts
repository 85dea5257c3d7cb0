import { z } from 'zod'
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
  ProfessionalId,
  StayId,
  Ward,
} from './primitives.ts'

/** Something kept and shown although it is doubtful. `path` is the HL7 place it came from, such as `ZBE-7.10`. */
export const Flag = z.object({
  code: z.enum([
    'admissionMissing',
    'controlIdReused',
    'insKeyWrong',
    'insNotQualified',
    'insOidUnknown',
    'facilityUnknown',
    'wardUnknown',
    'finessKeyWrong',
    'rppsKeyWrong',
    'localTimeDoubled',
    'localTimeSkipped',
    'olderThanWhatItCorrects',
    'movementAlreadyWithdrawn',
    'encodingUnexpected',
    'dischargeTimeDiffers',
    'classUnexpected',
    'movementDoubled',
  ]),
  path: z.string(),
})
export type Flag = z.infer<typeof Flag>

/** PV1-2: E emergency, I inpatient, N not applicable, O outpatient, R recurring séances, V remote monitoring. */
export const PatientClass = z.enum(['E', 'I', 'N', 'O', 'R', 'V'])
export type PatientClass = z.infer<typeof PatientClass>

export const Discharge = z.object({
  /** PV1-36, HL7 table 0112 as constrained by PAM.fr. */
  circumstances: z.string().optional(),
  /** ZFM-2 exit mode: 6 mutation, 7 transfer, 8 home, 9 death. */
  exitMode: z.string().optional(),
  /** ZFM-4: 7 is an EHPAD. */
  destinationKind: z.string().optional(),
  /** PV1-37: the FINESS of the destination. */
  destinationFacility: z.string().optional(),
})

/** One movement of PAM.fr (ZBE) with what PV1, PV2 and ZFM say of it. */
export const Movement = z.object({
  movementId: MovementId,
  /** ZBE-1. */
  source: OutsideIdentifier,
  /** ZBE-2 in UTC, and as it was written: HL7 local times carry no zone. */
  effectiveAt: Instant,
  effectiveLocal: z.string(),
  /** EVN-2, else MSH-7: when the hospital's software said it. An older saying never overrides a newer one. */
  reportedAt: Instant,
  /** ZBE-5. */
  historic: z.boolean(),
  /** ZBE-9. */
  nature: z.string(),
  patientClass: PatientClass,
  facility: Authority,
  /** ZBE-7, who answers for the medicine, and ZBE-8, who answers for the nursing. */
  medicalWard: Ward.optional(),
  careWard: Ward.optional(),
  /** PV1-3.2 and PV1-3.3. */
  room: z.string().optional(),
  bed: z.string().optional(),
  /** PV2-9. */
  expectedDischargeAt: Instant.optional(),
  discharge: Discharge.optional(),
  /** PV1-7: who answers for the patient. */
  attendingPhysician: ProfessionalId.optional(),
  /** EVN-3, else PV2-8: for when an admission or a transfer is planned. */
  plannedAt: Instant.optional(),
  /** PV1-42: where a planned transfer goes. */
  plannedWard: Ward.optional(),
  /** PV2-22: whether the presence of the patient is protected; absent when the message says nothing of it. */
  confidential: z.boolean().optional(),
})
export type Movement = z.infer<typeof Movement>

/** What a movement is, whatever is later said of it. PAM.fr 2.11 §5.3; the events that insert each are named beside it. */
export const MovementKind = z.enum([
  'preadmission', // A05
  'registration', // A04
  'admission', // A01
  'transfer', // A02
  'discharge', // A03
  'toInpatient', // A06
  'toOutpatient', // A07
  'attendingChange', // A54
  'leave', // A21
  'return', // A22
  'plannedAdmission', // A14
  'plannedTransfer', // A15
  'plannedDischarge', // A16
])
export type MovementKind = z.infer<typeof MovementKind>

/** What a stay is now, as far as it is known: the same whatever the order in which its movements were heard of. */
export const Standing = z.object({
  status: z.enum(['expected', 'present', 'onLeave', 'discharged', 'withdrawn']),
  patientClass: PatientClass.optional(),
  facility: Authority,
  /** Where the patient is, or is expected; after a discharge, where he or she was last. */
  wards: z.array(Ward.extend({ responsibility: z.enum(['medical', 'care', 'both']) })),
  room: z.string().optional(),
  bed: z.string().optional(),
  attendingPhysician: ProfessionalId.optional(),
  /** Since when in these wards. */
  placeSince: Instant.optional(),
  /** When the patient is expected, until the arrival. */
  expectedAt: Instant.optional(),
  /** The registration or the admission. */
  arrivedAt: Instant.optional(),
  /** Since when of class I: the admission, or the moment when a passage at the emergency department became one. */
  hospitalisedAt: Instant.optional(),
  expectedDischargeAt: Instant.optional(),
  plannedTransfer: z.object({ at: Instant, wards: z.array(Ward) }).optional(),
  /** On leave since. */
  awaySince: Instant.optional(),
  dischargedAt: Instant.optional(),
  discharge: Discharge.optional(),
  /** ZFM-2 is 9, or PV1-36 says so: what was expected ends here. */
  died: z.boolean(),
  /** R1112-45 CSP, or a sensitive unit: nobody outside the establishment learns of it. */
  confidential: z.boolean(),
})
export type Standing = z.infer<typeof Standing>

/** What changed a standing. A correction and a withdrawal are called so whatever comes of them. */
export const StandingNature = z.enum([
  'expected',
  'arrived',
  'admitted',
  'moved',
  'becameInpatient',
  'becameOutpatient',
  'attendingChanged',
  'leaveBegan',
  'leaveEnded',
  'planned',
  'discharged',
  'died',
  'corrected',
  'withdrawn',
  'madeConfidential',
  'released',
  'movedToPatient',
])
export type StandingNature = z.infer<typeof StandingNature>

const subject = { stayId: StayId, patientId: PatientId }
const recorded = {
  ...subject,
  messageId: MessageId,
  movement: Movement,
  flags: z.array(Flag),
  /** Wards that hold the patient all the same, although the movement does not name them: they have to learn of it too. */
  holding: z.array(Ward).optional(),
}
/** Wards that held the patient, or were said to, and no longer do: they have to learn of it too. */
const leaving = { leaving: z.array(Ward) }

/** The role a message reports (ROL-3): ODRP primary physician, SUBS replacement, RT correspondent, RP referring, FHCP family doctor. */
export const ReportedRelation = z.enum([
  'primaryPhysician',
  'replacement',
  'correspondent',
  'referringPhysician',
  'familyDoctor',
])
export type ReportedRelation = z.infer<typeof ReportedRelation>

export const Participant = z.object({
  relation: ReportedRelation,
  professionalId: ProfessionalId,
  familyName: z.string().optional(),
  givenName: z.string().optional(),
})
export type Participant = z.infer<typeof Participant>

/** Movement facts carry the name of what happened; corrections and withdrawals name the movement they bear on. */
export const StayEvent = z.discriminatedUnion('type', [
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
  event('IdentityReported', { ...subject, messageId: MessageId, reportedAt: Instant, identity: DocumentRef }),
  event('ParticipantsReported', {
    ...subject,
    messageId: MessageId,
    reportedAt: Instant,
    participants: z.array(Participant),
  }),
  /** Said by a message or by a person of the establishment. */
  event('ConfidentialityChanged', {
    ...subject,
    messageId: MessageId.optional(),
    confidential: z.boolean(),
    reason: z.enum(['patientRequest', 'sensitiveUnit', 'released']),
    changedAt: Instant,
    /** Where the patient is. */
    wards: z.array(Ward),
  }),
  /** A44: the stay was attributed to the wrong patient, `patientId`, who has to be told and learns nothing more of it. */
  event('StayTakenFromPatient', { ...subject, messageId: MessageId, reportedAt: Instant, confidential: z.boolean() }),
  /** A44: whose stay it is from now on, the earlier facts included. */
  event('StayMovedToPatient', {
    ...subject,
    messageId: MessageId,
    fromPatientId: PatientId,
    reportedAt: Instant,
    /** Where the patient is. */
    wards: z.array(Ward),
  }),
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
