import { wardRecipient } from '@relais/access/recipients'
import { CircleRole } from '@relais/contracts/patients'
import { PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'
import type { StayFacts } from '../domain/facts.ts'
import { type Holders, standInsAmong } from '../domain/owners.ts'
import type { PersonTables } from '../projections/fact-tables.ts'

/** The rows of one person, whichever of his or her ids they were written with. */
export type PersonRows = { [Table in keyof PersonTables]: readonly PersonTables[Table][] }

export type KnownStay = { stayId: StayId; patientId: PatientId; revision: number; facts: StayFacts }
export type PersonFacts = { stays: readonly KnownStay[] } & Pick<Holders, 'members' | 'standIns'>

/** What is known of a person now, to decide which protocols apply and who has their steps. */
export function personFacts(rows: Omit<PersonRows, 'patient_link'>): PersonFacts {
  const members = membersAmong(rows)
  const roles = members.map(({ role }) => role)
  const emergencies = new Set(rows.emergency_entry.map(({ stay_id }) => stay_id))
  const stood = rows.stay_standing.map((row) => {
    // The projection wrote it from a standing.
    return { ...row, standing: JSON.parse(row.standing) as Standing }
  })
  const hasDied = rows.death_report.length > 0 || stood.some(({ standing }) => standing.died)
  const stays = stood.map(({ stay_id, patient_id, revision, standing }): KnownStay => {
    const others = stood.filter((other) => other.stay_id !== stay_id)
    const hospitalisations = others.flatMap(({ standing }) => hospitalisedAt(standing) ?? [])
    const facts = { standing, isEmergency: emergencies.has(stay_id), roles, hospitalisations, hasDied }
    return { stayId: StayId.parse(stay_id), patientId: PatientId.parse(patient_id), revision, facts }
  })
  return { stays, members, standIns: standInsOf(rows, members) }
}

/** Who can be asked about a stay. */
export function holdersFor(
  { standing }: StayFacts,
  { members, standIns }: Pick<PersonFacts, 'members' | 'standIns'>,
  coordinator: ProfessionalId,
): Holders {
  const answering = standing.wards.find(({ responsibility }) => responsibility !== 'care') ?? standing.wards[0]
  const ward = answering && wardRecipient(answering)
  return {
    members,
    ...(ward === undefined ? {} : { ward: ProfessionalId.parse(ward) }),
    coordinator,
    standIns,
  }
}

/**
 * Whoever is away is stood in for, also before that brought anybody into the circle; then whoever is there for somebody;
 * a replacement of whom nothing is said stands in for the médecin traitant.
 */
function standInsOf({ absence, stand_in }: Pick<PersonRows, 'absence' | 'stand_in'>, members: Holders['members']) {
  const inCircle = new Set<string>(members.map(({ memberId }) => memberId))
  const standingIn = stand_in.filter(({ member_id }) => inCircle.has(member_id))
  const away = [
    ...absence.map(({ professional_id, replacement }) => ({ of: professional_id, by: replacement })),
    ...standingIn.map(({ replaces, member_id }) => ({ of: replaces, by: member_id })),
  ]
  const explained = new Set(away.map(({ by }) => by))
  const others = members.filter(({ role, memberId }) => role !== 'remplacant' || !explained.has(memberId))
  const known = away.map(({ of, by }) => ({ of: ProfessionalId.parse(of), by: ProfessionalId.parse(by) }))
  return [...known.filter(({ of }) => inCircle.has(of)), ...standInsAmong(others)]
}

/** A confidential stay, or one that did not come to be, says nothing about others. */
function hospitalisedAt({ status, confidential, hospitalisedAt }: Standing) {
  return status === 'withdrawn' || confidential ? undefined : hospitalisedAt
}

/** In the order in which they joined; whoever is in two circles of the person counts once. */
function membersAmong({ circle_member, circle_departure }: Pick<PersonRows, 'circle_member' | 'circle_departure'>) {
  const keyOf = (row: { patient_id: string; member_id: string; role: string }) =>
    `${row.patient_id} ${row.member_id} ${row.role}`
  const gone = new Set(circle_departure.map(keyOf))
  const present = circle_member.filter((row) => !gone.has(keyOf(row)))
  const inOrder = present.toSorted(
    (one, other) => compare(one.joined_at, other.joined_at) || compare(one.member_id, other.member_id),
  )
  const once = new Map(inOrder.toReversed().map((row) => [`${row.member_id} ${row.role}`, row]))
  return [...once.values()].toReversed().map(({ member_id, role }) => ({
    memberId: ProfessionalId.parse(member_id),
    role: CircleRole.parse(role),
  }))
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))
