import { z } from 'zod'
import {
  Authority,
  DocumentRef,
  event,
  type EventFamily,
  Instant,
  MessageId,
  PatientId,
  PlainText,
  ProfessionalId,
  StayId,
} from './primitives.ts'
import { ReportedRelation } from './movements.ts'

/** Identity reliability: HL7 table 0445 folded into the INS lifecycle. Qualified = validated and the INS present. */
export const IdentityStatus = z.enum(['provisional', 'retrieved', 'validated', 'qualified'])
export type IdentityStatus = z.infer<typeof IdentityStatus>

/** PID-30 and PID-29: that the person has died or lives, and when he or she died, as it was written and as it is read. */
const DeathIndication = z.object({ died: z.boolean(), at: Instant.optional(), text: z.string().optional() })

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
  /** Absent where nothing is said of it. */
  death: DeathIndication.optional(),
  reliability: z.array(z.string()),
  status: IdentityStatus,
  /** Absent unless the receiving rule lets it in (PID-32 holds VALI, the key is right, the OID is known). */
  ins: z.object({ matricule: z.string(), oid: z.string() }).optional(),
})
export type ReportedIdentity = z.infer<typeof ReportedIdentity>

/** Who a patient is, as a reader is told. */
export const IdentityView = z.object({
  patientId: PatientId,
  identity: ReportedIdentity,
  /** False for who is asked something about the patient, and has no other relation. */
  pathway: z.boolean().describe('Whether the pathway is the reader’s to see, too, and not only who that is'),
})
export type IdentityView = z.infer<typeof IdentityView>

/** Deleted is what A47 says; omitted, that the identity was said again without an INS that may be carried. */
export const InsChange = z.enum(['retrieved', 'changed', 'deleted', 'omitted'])
export type InsChange = z.infer<typeof InsChange>

export const PatientEvent = z.discriminatedUnion('type', [
  event('IdentityRecorded', {
    patientId: PatientId,
    /** Absent where it was said without a stay (ITI-30). */
    stayId: StayId.optional(),
    messageId: MessageId,
    /** When the hospital's software said it: an older saying never overrides a newer one. */
    reportedAt: Instant,
    identity: DocumentRef,
    status: IdentityStatus,
    hasIns: z.boolean(),
    /** What became of the INS since the identity before; absent when nothing did. */
    insChange: InsChange.optional(),
    /** Tells one INS from another without saying it. Sealed like the rest. */
    insDigest: z.string().optional(),
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
  'ssiad',
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
    /** For a `remplacant`: who is away, during whose absence he or she is here. */
    replaces: ProfessionalId.optional(),
    /** The stay of which a `remplacant` is to hear in place of who is away, open or not. */
    stayId: StayId.optional(),
  }),
  event('MemberLeft', {
    ...membership,
    leftAt: Instant,
    /** `disowned`: the member said that this is no patient of his or hers. Only a person lets such a one in again. */
    reason: z.enum(['removed', 'replaced', 'departed', 'disowned']),
  }),
  /** "Not my patient", whether or not in the circle: remembered until a person lets the professional in. */
  event('PatientDisowned', { patientId: PatientId, memberId: ProfessionalId, disownedAt: Instant }),
])
export type CircleEvent = z.infer<typeof CircleEvent>

export const circleEvents = {
  category: 'circle',
  routing: ['patientId', 'memberId'],
  sealedBy: 'patientId',
  schema: CircleEvent,
  versions: { MemberJoined: 1, MemberLeft: 1, PatientDisowned: 1 },
  upcasts: {},
} satisfies EventFamily<CircleEvent>

export const LinkId = z.uuid().lowercase().brand<'LinkId'>()
export type LinkId = z.infer<typeof LinkId>

/** Why two patients are one person: their numbers were merged (A40, A47), linked (A24), or bear one qualified INS. */
export const LinkReason = z.enum(['merged', 'linked', 'sameIns'])
export type LinkReason = z.infer<typeof LinkReason>

/** Why what a message says of two patients was not done. */
export const LinkDoubt = z.enum([
  'samePatient', // of a patient and itself
  'contradictsMerge', // the other way round is on record
  'cycle', // other links make it come back to where it starts
  'mergedElsewhere', // already merged into somebody else
  'neverLinked', // an unlink of what was never linked
  'undoneByPerson',
  'linkedByPerson',
])
export type LinkDoubt = z.infer<typeof LinkDoubt>
export const AskedOfLink = z.enum(['merge', 'link', 'unlink'])
export type AskedOfLink = z.infer<typeof AskedOfLink>

/** `patientId` is the one to keep, `otherId` is the same person under another number. Ids are never rewritten. */
const pair = { linkId: LinkId, patientId: PatientId, otherId: PatientId }
/** A message, or a person when there is none; and when it was said. */
const said = { messageId: MessageId.optional(), source: z.enum(['reported', 'person']), reportedAt: Instant }
/** Why somebody did what only a person may do, in words that name nobody. */
export const Motive = PlainText.min(1).max(300)
const byPerson = { motive: Motive.optional() }
/** Said once more: it stood already, save for which of the two is kept, and why. */
const again = { again: z.boolean() }

export const LinkEvent = z.discriminatedUnion('type', [
  event('PatientsLinked', { ...pair, ...said, ...again, ...byPerson, reason: LinkReason }),
  event('PatientsUnlinked', { ...pair, ...said, ...again, ...byPerson, reason: z.enum(['unlinked', 'undone']) }),
  /** For a person to decide: it is never the reason of an acknowledgment. */
  event('LinkDoubted', {
    ...pair,
    messageId: MessageId,
    asked: AskedOfLink,
    doubt: LinkDoubt,
    /** Who gave the number of `patientId`: whose people decide. */
    authority: Authority,
    reportedAt: Instant,
  }),
  /** Explained: what was missing came after all. */
  event('LinkDoubtSettled', {
    ...pair,
    messageId: MessageId,
    outcome: z.enum(['applied', 'dismissed', 'explained']),
    settledAt: Instant,
  }),
])
export type LinkEvent = z.infer<typeof LinkEvent>

/** No other event names a link. */
export function isLinkEvent(event: { type: string; data: object }): event is LinkEvent {
  return 'linkId' in event.data
}

export const linkEvents = {
  category: 'link',
  routing: ['linkId', 'patientId', 'otherId', 'messageId'],
  sealedBy: 'patientId',
  schema: LinkEvent,
  versions: { PatientsLinked: 1, PatientsUnlinked: 1, LinkDoubted: 1, LinkDoubtSettled: 1 },
  upcasts: {},
} satisfies EventFamily<LinkEvent>
