import type { ReportedIdentity } from '@relais/contracts/patients'
import type {
  Authority,
  Instant,
  MovementId,
  OutsideIdentifier,
  ProfessionalId,
  Ward,
} from '@relais/contracts/primitives'
import type { OpenStayBody, WrittenIdentity, WrittenMovement } from '@relais/contracts/stay-routes'
import type { Flag, Movement, Participant, PatientClass } from '@relais/contracts/movements'
import { insKeyIsRight, rppsKeyIsRight } from '@relais/hl7v2/checks'
import { identityStatus } from '@relais/hl7v2/pam/identity'
import { isInsOid, obstacleToIns } from '@relais/hl7v2/pam/ins'
import { type KnownMovement, movementOf } from '../domain/stay-state.ts'

type About = {
  movementId: MovementId
  source: OutsideIdentifier
  facility: Authority
  reportedAt: Instant
  /** Of what is not said anew. */
  patientClass: PatientClass
  /** The movement that this one says again. */
  earlier?: KnownMovement | undefined
}

type OwnWard = { code: string; label?: string | undefined }

/** What a person wrote, as a message would have said it. */
export function movementFrom(written: WrittenMovement, about: About): Movement {
  const { facility, earlier } = about
  const said = earlier && movementOf(earlier)
  const { effectiveAt, medicalWard, careWard, room, bed, ...details } = { ...nothing, ...written }
  const { kind: _, patientClass, plannedWard, discharge, ...plain } = details
  const wardOf = (ward: OwnWard | undefined) => ward && given<Ward>({ facility, code: ward.code, label: ward.label })
  const places = { medicalWard: wardOf(medicalWard), careWard: wardOf(careWard), room, bed }
  return given<Movement>({
    movementId: about.movementId,
    source: about.source,
    effectiveAt,
    effectiveLocal: effectiveAt,
    reportedAt: about.reportedAt,
    historic: said?.historic ?? false,
    // Said again of the same places, a movement keeps what its hospital's software said that it changes.
    nature: said && presence(said) === presence(places) ? said.nature : natureOf(places),
    patientClass: patientClass ?? said?.patientClass ?? about.patientClass,
    facility,
    ...places,
    ...plain,
    plannedWard: wardOf(plannedWard),
    discharge: discharge && given<NonNullable<Movement['discharge']>>(discharge),
    // A correction that says nothing of it MUST NOT make a protected presence known.
    confidential: said?.confidential,
  })
}

type Optional = Extract<WrittenMovement, { kind: 'transfer' }> &
  Pick<Extract<WrittenMovement, { kind: 'discharge' }>, 'discharge'> &
  Partial<Pick<Extract<WrittenMovement, { kind: 'plannedTransfer' }>, 'plannedAt' | 'plannedWard'>>
/** Every field that some kind of movement has. */
const nothing: Omit<Partial<Optional>, 'kind' | 'effectiveAt'> = {}

type Places = Pick<{ [Key in keyof Movement]: Movement[Key] | undefined }, 'medicalWard' | 'careWard' | 'room' | 'bed'>

function presence({ medicalWard, careWard, room, bed }: Partial<Places>): string {
  return [medicalWard, careWard, room ?? bed].map((part) => (part === undefined ? '-' : '+')).join('')
}

/** ZBE-9: what the movement changes, by what it names. Who nurses is where the patient lies. */
function natureOf({ medicalWard, careWard, room, bed }: Places): string {
  if (medicalWard && careWard) return 'HMS'
  if (medicalWard) return 'MH'
  if (careWard) return 'SH'
  return room === undefined && bed === undefined ? 'D' : 'L'
}

/** The wards that somebody names, to be moved or expected there. */
export function wardCodesIn(written: WrittenMovement): string[] {
  const { medicalWard, careWard, plannedWard } = { ...nothing, ...written }
  return [medicalWard, careWard, plannedWard].flatMap((ward) => (ward ? [ward.code] : []))
}

/** The identity and its doubts: an INS that a message could not carry is left out here too. */
export function identityFrom(
  { ins, ...traits }: WrittenIdentity,
  ipp: OutsideIdentifier,
): { identity: ReportedIdentity; flags: Flag[] } {
  const { reliability, sex } = traits
  const grounds = { reliability, sex, birthDateCorrected: false }
  const doubt = ins && doubtOf(ins, grounds)
  const insAccepted = ins !== undefined && doubt === undefined
  const isPresent = ins !== undefined && (doubt === undefined || doubt.code === 'insNotQualified')
  const status = identityStatus({ ...grounds, insPresent: isPresent, insAccepted })
  const identity = given<ReportedIdentity>({ ipp, ...traits, reliability, status, ins: insAccepted ? ins : undefined })
  return { identity, flags: doubt ? [doubt] : [] }
}

/** What tells a test identity from a real one. */
export const insSignsOf = ({ reliability, ins }: WrittenIdentity) => ({
  insOids: ins ? [ins.oid] : [],
  fictitious: reliability.includes('FICT'),
})

function doubtOf(
  ins: { matricule: string; oid: string },
  grounds: Parameters<typeof obstacleToIns>[0],
): Flag | undefined {
  if (!isInsOid(ins.oid)) return { code: 'insOidUnknown', path: '/identity/ins/oid' }
  if (!insKeyIsRight(ins.matricule)) return { code: 'insKeyWrong', path: '/identity/ins/matricule' }
  return obstacleToIns(grounds) === undefined ? undefined : { code: 'insNotQualified', path: '/identity/ins' }
}

export function participantsFrom({ primaryPhysician, referringPhysician }: OpenStayBody): Participant[] {
  return [
    ...(primaryPhysician ? [{ relation: 'primaryPhysician' as const, professionalId: primaryPhysician }] : []),
    ...(referringPhysician ? [{ relation: 'referringPhysician' as const, professionalId: referringPhysician }] : []),
  ]
}

/** Test numbers mostly have a wrong key: a doubt, never a refusal. */
export function doubtsOfProfessionals(named: Readonly<Record<string, ProfessionalId | undefined>>): Flag[] {
  const isDoubtful = (id: string | undefined) => id?.startsWith('rpps:') && !rppsKeyIsRight(id.slice('rpps:'.length))
  const paths = Object.keys(named).filter((path) => isDoubtful(named[path]))
  return paths.map((path) => ({ code: 'rppsKeyWrong', path }))
}

type Incomplete<Whole> = { [Key in keyof Whole]: Whole[Key] | undefined }

function given<Whole extends object>(fields: Incomplete<Whole>): Whole {
  // Every key taken away was `undefined`; those that must be there are given by the callers.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Whole
}
