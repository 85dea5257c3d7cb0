import type { Person, Words } from '@relais/identity-service/service'
import { coordination } from './territory/arrival.ts'
import {
  CLINIC,
  CPTS,
  EHPAD_BRUYERES,
  EHPAD_TILLEULS,
  facilities,
  HOSPITAL,
  wards as hospitalWards,
} from './territory/places.ts'
import {
  coordinator,
  homeCareNurse,
  homeNurses,
  hospitalPhysicians,
  midwife,
  pharmacists,
  physicians,
  physiotherapist,
  type Professional,
} from './territory/professionals.ts'
import { staffName } from './territory/staff.ts'

const words = (fr: string, en: string): Words => ({ fr, en })

const groups = {
  wards: words('Services de l’hôpital', 'Wards of the hospital'),
  physicians: words('Médecins de l’hôpital', 'Physicians of the hospital'),
  admissions: words('Admissions et identités', 'Admissions and identities'),
  gps: words('Médecins généralistes', 'General practitioners'),
  nurses: words('Infirmiers de ville', 'Community nurses'),
  pharmacists: words('Pharmaciens', 'Pharmacists'),
  others: words('Kinésithérapie, maïeutique', 'Physiotherapy, midwifery'),
  ehpad: words('EHPAD', 'Nursing homes (EHPAD)'),
  coordination: words('Coordination du territoire', 'Coordination of the territory'),
  operation: words('Exploitation et données', 'Operation and data protection'),
}

type Ward = keyof typeof hospitalWards

const nameOfPlace = new Map(facilities.map(({ finess, details }) => [finess, details.name]))
const at = (organisation: string) => {
  const organisationName = nameOfPlace.get(organisation)
  return { organisation, ...(organisationName === undefined ? {} : { organisationName }) }
}

/** One of each ward. */
function wardNurse([code, { label }]: (typeof hospitalWards)[Ward]): Person {
  const title = words(`Soins infirmiers, ${label}`, `Nursing, ${label}`)
  const id = `ch-essai:${code}`
  return { id, name: staffName(id), role: 'infirmier', ...at(HOSPITAL), wards: [code], title, group: groups.wards }
}

function hospitalPhysician([ward, professional]: readonly [string, Professional]): Person[] {
  const [code] = Object.entries(hospitalWards).find(([known]) => known === ward)?.[1] ?? []
  if (code === undefined) return []
  const { specialty = 'Médecine' } = professional.details
  const title = words(`Médecin, ${specialty}`, `Physician, ${specialty}`)
  return [{ ...named(professional), role: 'medecin', ...at(HOSPITAL), wards: [code], title, group: groups.physicians }]
}

function named({ rpps, details }: Professional) {
  return { id: `rpps:${rpps}`, name: `${details.givenName} ${details.familyName}` }
}

type Work = { role: string; title: Words; group: Words }

/** Somebody of the town works in a team where his or her place of work is an establishment. */
const inTown =
  (work: Work) =>
  (professional: Professional): Person => {
    const [place] = professional.details.places
    const works = place?.finess === undefined ? { organisationName: place?.name ?? '' } : at(place.finess)
    return { ...named(professional), ...works, wards: [], ...work }
  }

function ehpad(finess: string, key: string): Person[] {
  const team = { role: 'ehpad', ...at(finess), group: groups.ehpad }
  const nursing = words('Soins infirmiers', 'Nursing')
  const watching = words('Garde de nuit', 'Night watch')
  return [member(`${key}:soins`, { ...team, title: nursing }), member(`${key}:nuit`, { ...team, title: watching })]
}

const member = (id: string, rest: Omit<Person, 'id' | 'name' | 'wards'>, name = staffName(id)): Person => ({
  id,
  name,
  wards: [],
  ...rest,
})

/** Those of the territory whom one may be with a browser; their ids are the same at each start. */
export const peopleWhoSignIn: readonly Person[] = [
  ...Object.values(hospitalWards).map(wardNurse),
  ...Object.entries(hospitalPhysicians).flatMap(hospitalPhysician),
  member('ch-essai:admissions', {
    role: 'admissions',
    ...at(HOSPITAL),
    title: words('Bureau des admissions', 'Admissions office'),
    group: groups.admissions,
  }),
  ...physicians.map(
    inTown({ role: 'medecin', title: words('Médecine générale', 'General practice'), group: groups.gps }),
  ),
  member('msp-conte:secretariat', {
    role: 'secretaire',
    ...at(CLINIC),
    title: words('Secrétariat médical', 'Medical secretary'),
    group: groups.gps,
  }),
  ...homeNurses.map(inTown({ role: 'infirmier', title: words('Soins infirmiers', 'Nursing'), group: groups.nurses })),
  inTown({ role: 'ssiad', title: words('Soins à domicile (SSIAD)', 'Nursing at home (SSIAD)'), group: groups.nurses })(
    homeCareNurse,
  ),
  ...pharmacists.map(inTown({ role: 'pharmacien', title: words('Pharmacie', 'Pharmacy'), group: groups.pharmacists })),
  inTown({ role: 'kinesitherapeute', title: words('Kinésithérapie', 'Physiotherapy'), group: groups.others })(
    physiotherapist,
  ),
  inTown({ role: 'sage-femme', title: words('Maïeutique', 'Midwifery'), group: groups.others })(midwife),
  ...ehpad(EHPAD_BRUYERES, 'ehpad-bruyeres'),
  ...ehpad(EHPAD_TILLEULS, 'ehpad-tilleuls'),
  member(coordination.id ?? 'cpts-essai:coordination', {
    role: coordination.role,
    ...at(CPTS),
    title: words('Coordination de la CPTS', 'Coordination of the CPTS'),
    group: groups.coordination,
  }),
  inTown({
    role: 'referent-parcours',
    title: words('Référente de parcours', 'Pathway coordinator'),
    group: groups.coordination,
  })(coordinator),
  member(
    'relais:exploitation',
    {
      role: 'operateur',
      title: words('Exploitation de Relais', 'Operation of Relais'),
      group: groups.operation,
    },
    'Gaël TEST-ROSEAU',
  ),
  member('ch-essai:dpo', {
    role: 'dpo',
    ...at(HOSPITAL),
    title: words('Protection des données', 'Data protection'),
    group: groups.operation,
  }),
]
