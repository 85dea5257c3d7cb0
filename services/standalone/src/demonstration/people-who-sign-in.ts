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

/** Nurses of the hospital and the staff of EHPAD have no number of their own in the directory. */
const wardNurses: Readonly<Record<Ward, string>> = {
  cardiology: 'Agathe TEST-ACHILLÉE',
  geriatrics: 'Ismaël TEST-BADIANE',
  emergency: 'Louise TEST-CARVI',
  rehabilitation: 'Hugo TEST-DAHLIA',
  psychiatry: 'Maya TEST-ESTRAGON',
  dialysis: 'Tom TEST-FENUGREC',
  surgery: 'Jade TEST-GLYCINE',
  consultations: 'Éric TEST-HOUBLON',
}

function wardNurse([ward, name]: readonly [string, string]): Person[] {
  const found = Object.entries(hospitalWards).find(([known]) => known === ward)?.[1]
  if (!found) return []
  const [code, { label }] = found
  const title = words(`Soins infirmiers, ${label}`, `Nursing, ${label}`)
  return [
    { id: `ch-essai:${code}`, name, role: 'infirmier', ...at(HOSPITAL), wards: [code], title, group: groups.wards },
  ]
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

function ehpad(finess: string, [key, day, night]: readonly [key: string, day: string, night: string]): Person[] {
  const staff = { role: 'ehpad', ...at(finess), wards: [], group: groups.ehpad }
  const nursing = words('Soins infirmiers', 'Nursing')
  const watching = words('Garde de nuit', 'Night watch')
  return [
    { ...staff, id: `${key}:soins`, name: day, title: nursing },
    { ...staff, id: `${key}:nuit`, name: night, title: watching },
  ]
}

const member = (id: string, name: string, rest: Omit<Person, 'id' | 'name' | 'wards'>): Person => ({
  id,
  name,
  wards: [],
  ...rest,
})

/** Those of the territory whom one may be with a browser; their ids are the same at each start. */
export const peopleWhoSignIn: readonly Person[] = [
  ...Object.entries(wardNurses).flatMap(wardNurse),
  ...Object.entries(hospitalPhysicians).flatMap(hospitalPhysician),
  member('ch-essai:admissions', 'Nadia TEST-IMPÉRATOIRE', {
    role: 'admissions',
    ...at(HOSPITAL),
    title: words('Bureau des admissions', 'Admissions office'),
    group: groups.admissions,
  }),
  ...physicians.map(
    inTown({ role: 'medecin', title: words('Médecine générale', 'General practice'), group: groups.gps }),
  ),
  member('msp-conte:secretariat', 'Alix TEST-JONC', {
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
  ...ehpad(EHPAD_BRUYERES, ['ehpad-bruyeres', 'Solène TEST-LISERON', 'Karim TEST-MÉLILOT']),
  ...ehpad(EHPAD_TILLEULS, ['ehpad-tilleuls', 'Odile TEST-NIELLE', 'Victor TEST-OSEILLE']),
  member(coordination.id ?? 'cpts-essai:coordination', 'Estelle TEST-PALOMBE', {
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
  member('relais:exploitation', 'Gaël TEST-ROSEAU', {
    role: 'operateur',
    title: words('Exploitation de Relais', 'Operation of Relais'),
    group: groups.operation,
  }),
  member('ch-essai:dpo', 'Ève TEST-SÉNEÇON', {
    role: 'dpo',
    ...at(HOSPITAL),
    title: words('Protection des données', 'Data protection'),
    group: groups.operation,
  }),
]
