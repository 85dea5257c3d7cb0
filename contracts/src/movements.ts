import { z } from 'zod'
import { Authority, Instant, MovementId, OutsideIdentifier, ProfessionalId, Ward } from './primitives.ts'

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
