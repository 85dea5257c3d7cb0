import { z } from 'zod'
import { Finess } from './directory.ts'
import { IdentityStatus } from './patients.ts'
import { DocumentRef, event, type EventFamily, Instant, PatientId, PlainText, ProfessionalId } from './primitives.ts'

export const ResidentId = z.uuid().lowercase().brand<'ResidentId'>()
export type ResidentId = z.infer<typeof ResidentId>

export const Room = PlainText.min(1).max(30)

/** A calendar day, `1941-07-09`. */
export const Day = z.iso.date()

/**
 * Who a resident is, as the EHPAD knows it: a sealed vault document (`application/vnd.relais.resident-identity+json`),
 * never an event body. The INS is there only with an identity that is qualified.
 */
export const ResidentIdentity = z.object({
  birthName: PlainText.min(1).max(100),
  usedName: PlainText.min(1).max(100).optional(),
  givenNames: PlainText.min(1).max(200),
  birthDate: Day,
  sex: z.enum(['F', 'M', 'U']),
  birthplaceCog: z
    .string()
    .regex(/^[0-9][0-9AB][0-9]{3}$/)
    .optional(),
  status: IdentityStatus,
  ins: z
    .object({
      matricule: z.string().regex(/^[0-9AB]{15}$/),
      oid: z.string().regex(/^1\.2\.250\.1\.213\.1\.4\.\d{1,2}$/),
    })
    .optional(),
})
export type ResidentIdentity = z.infer<typeof ResidentIdentity>
export const RESIDENT_IDENTITY = 'application/vnd.relais.resident-identity+json'

const resident = { residentId: ResidentId, ehpad: Finess }
const identified = { identity: DocumentRef, hasIns: z.boolean() }

export const ResidentEvent = z.discriminatedUnion('type', [
  event('ResidentEntered', { ...resident, ...identified, room: Room.optional(), enteredAt: Instant }),
  event('ResidentIdentityChanged', { ...resident, ...identified, changedAt: Instant }),
  event('ResidentMoved', { ...resident, room: Room, movedAt: Instant }),
  event('ResidentLeft', { ...resident, reason: z.enum(['exit', 'death']), leftAt: Instant }),
])
export type ResidentEvent = z.infer<typeof ResidentEvent>

export const residentEvents = {
  category: 'resident',
  routing: ['residentId'],
  sealedBy: 'residentId',
  schema: ResidentEvent,
  versions: { ResidentEntered: 1, ResidentIdentityChanged: 1, ResidentMoved: 1, ResidentLeft: 1 },
  upcasts: {},
} satisfies EventFamily<ResidentEvent>

/** Strict traits that are compared, folded (no accents, no case, no punctuation). */
export const Trait = z.enum(['birthName', 'birthDate', 'sex', 'givenName'])
export type Trait = z.infer<typeof Trait>

/** `qualifiedIns`: the same qualified INS and concordant traits. `person`: somebody looked, and said so. */
export const MatchGround = z.enum(['qualifiedIns', 'person'])
export type MatchGround = z.infer<typeof MatchGround>

/**
 * Why a person has to look. `insMissing`: the traits agree, and one of the two has no qualified INS. `traitsDiffer`: the
 * INS is the same, and the traits are not. `presentTwice`: the same qualified INS is present in another register, or
 * twice in this one, or both entries are of one patient. `linkContradicts`: this patient is said to be one person with
 * another, of whom the contrary holds, by INS or because somebody said so.
 */
export const DoubtReason = z.enum(['insMissing', 'traitsDiffer', 'presentTwice', 'linkContradicts'])
export type DoubtReason = z.infer<typeof DoubtReason>

const pair = { ...resident, patientId: PatientId }
/** Another entry of the same person: both stay, and both registers are told. */
const Twin = z.object({ residentId: ResidentId, ehpad: Finess })
export type Twin = z.infer<typeof Twin>
const doubted = { ...resident, patientId: PatientId.optional(), twin: Twin.optional() }

export const ResidentMatchEvent = z.discriminatedUnion('type', [
  event('ResidentMatched', { ...pair, ground: MatchGround, matchedAt: Instant, by: ProfessionalId.optional() }),
  /**
   * `left`: the register ends it; `identityChanged`: what was concordant no longer is; `person`: not the same one;
   * `linkContradicts`: somebody said so of another number of the same patient; `forgotten`: the patient was erased.
   */
  event('ResidentUnmatched', {
    ...pair,
    reason: z.enum(['person', 'identityChanged', 'left', 'linkContradicts', 'forgotten']),
    unmatchedAt: Instant,
    by: ProfessionalId.optional(),
  }),
  /** About a patient, or about another entry of the same person. */
  event('ResidentMatchDoubted', { ...doubted, reason: DoubtReason, differing: z.array(Trait), doubtedAt: Instant }),
  event('ResidentDoubtCleared', { ...doubted, clearedAt: Instant }),
])
export type ResidentMatchEvent = z.infer<typeof ResidentMatchEvent>

export const residentMatchEvents = {
  category: 'residentMatch',
  routing: ['residentId', 'patientId'],
  sealedBy: 'residentId',
  schema: ResidentMatchEvent,
  versions: { ResidentMatched: 1, ResidentUnmatched: 1, ResidentMatchDoubted: 1, ResidentDoubtCleared: 1 },
  upcasts: {},
} satisfies EventFamily<ResidentMatchEvent>
