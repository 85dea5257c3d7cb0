import { z } from 'zod'
import {
  Authority,
  DocumentRef,
  event,
  type EventFamily,
  Instant,
  MessageId,
  PatientId,
  ProfessionalId,
  StayId,
} from './primitives.ts'
import { ReportedRelation } from './stays.ts'

/** Identity reliability: HL7 table 0445 folded into the INS lifecycle. Qualified = validated and the INS present. */
export const IdentityStatus = z.enum(['provisional', 'retrieved', 'validated', 'qualified'])
export type IdentityStatus = z.infer<typeof IdentityStatus>

/** The identity a hospital reported: a sealed vault document (`application/vnd.relais.identity+json`), never an event body. */
export const ReportedIdentity = z.object({
  ipp: z.object({ authority: Authority, number: z.string() }),
  birthName: z.string().optional(),
  usedName: z.string().optional(),
  givenName: z.string().optional(),
  givenNames: z.string().optional(),
  birthDate: z.string().optional(),
  sex: z.enum(['F', 'M', 'U']).optional(),
  birthplaceCog: z.string().optional(),
  reliability: z.array(z.string()),
  status: IdentityStatus,
  /** Absent unless the receiving rule lets it in (PID-32 holds VALI, the key is right, the OID is known). */
  ins: z.object({ matricule: z.string(), oid: z.string() }).optional(),
})
export type ReportedIdentity = z.infer<typeof ReportedIdentity>

export const PatientEvent = z.discriminatedUnion('type', [
  event('IdentityRecorded', {
    patientId: PatientId,
    stayId: StayId,
    messageId: MessageId,
    /** When the hospital's software said it: an older saying never overrides a newer one. */
    reportedAt: Instant,
    identity: DocumentRef,
    status: IdentityStatus,
    hasIns: z.boolean(),
  }),
])
export type PatientEvent = z.infer<typeof PatientEvent>

export const patientEvents = {
  category: 'patient',
  routing: ['patientId', 'stayId', 'messageId'],
  sealedBy: 'patientId',
  schema: PatientEvent,
  versions: { IdentityRecorded: 1 },
  upcasts: {},
} satisfies EventFamily<PatientEvent>

/** Roles in a care circle. The names a person types are the French ones of `docs/glossary.md`. */
export const CircleRole = z.enum([
  'medecin-traitant',
  'medecin',
  'remplacant',
  'infirmier',
  'pharmacien',
  'kinesitherapeute',
  'sage-femme',
  'ehpad',
  'referent-parcours',
])
export type CircleRole = z.infer<typeof CircleRole>

/** L1110-4 and L1110-12 CSP: why this member may know. */
export const LegalGround = z.enum([
  'exchange',
  'establishmentTeam',
  'recognisedTeam',
  'organisedTeam',
  'consent',
  'emergency',
])
export type LegalGround = z.infer<typeof LegalGround>

const membership = { patientId: PatientId, memberId: ProfessionalId, role: CircleRole }

export const CircleEvent = z.discriminatedUnion('type', [
  event('MemberJoined', {
    ...membership,
    ground: LegalGround,
    joinedAt: Instant,
    /** Who said so: a hospital's message (ROL) or a person. */
    source: z.enum(['reported', 'declared']),
    reportedAs: ReportedRelation.optional(),
    /** For a reported member: when the hospital's software said it. */
    reportedAt: Instant.optional(),
  }),
  event('MemberLeft', { ...membership, leftAt: Instant, reason: z.enum(['removed', 'replaced', 'departed']) }),
])
export type CircleEvent = z.infer<typeof CircleEvent>

export const circleEvents = {
  category: 'circle',
  routing: ['patientId', 'memberId'],
  sealedBy: 'patientId',
  schema: CircleEvent,
  versions: { MemberJoined: 1, MemberLeft: 1 },
  upcasts: {},
} satisfies EventFamily<CircleEvent>
