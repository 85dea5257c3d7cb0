import { waitUntil } from '@relais/testkit/wait-until'
import type { StartOptions } from '@relais/testkit/relais'
import { expect } from 'vitest'
import { z } from 'zod'
import { FACILITY, type Person } from '../people.fixture.ts'
import { inTown, openTown, type Town, WARD } from '../loops/town.fixture.ts'

export const EHPAD = '990000028'

/** Those of the sign-in page of the demonstration who take part in the stories: by name in a browser, by id elsewhere. */
export const people = {
  wardNurse: {
    name: 'Agathe TEST-ACHILLÉE',
    id: `ch-essai:${WARD}`,
    role: 'infirmier',
    organisation: FACILITY,
    wards: [WARD],
  },
  admissions: { name: 'Nadia TEST-IMPÉRATOIRE', id: 'ch-essai:admissions', role: 'admissions', organisation: FACILITY },
  gp: { name: 'Bruno TEST-DAPHNÉ', ...inTown('medecin', '99700000047') },
  otherGp: { name: 'Inès TEST-ÉRABLE', ...inTown('medecin', '99700000054') },
  homeNurse: { name: 'Sofia TEST-FENOUIL', ...inTown('infirmier', '99700000062') },
  pharmacist: { name: 'Paul TEST-IRIS', ...inTown('pharmacien', '99700000096'), organisation: '990000069' },
  ehpad: { name: 'Solène TEST-LISERON', id: 'ehpad-bruyeres:soins', role: 'ehpad', organisation: EHPAD },
  secretary: { name: 'Alix TEST-JONC', id: 'msp-conte:secretariat', role: 'secretaire', organisation: '990000051' },
  clinicGp: { name: 'Camille TEST-AUBÉPINE', ...inTown('medecin', '99700000013'), organisation: '990000051' },
  coordination: {
    name: 'Estelle TEST-PALOMBE',
    id: 'cpts-essai:coordination',
    role: 'coordinateur',
    organisation: '990000085',
  },
} satisfies Record<string, Person & { name: string }>

const address = { lines: ['1 rue de la Fiction'], postcode: '99000', city: 'ESSAI-SUR-FICTION' }
const phone = '09 99 00 00 00'
const facility = (name: string, category: string) => ({
  entity: 'EG',
  category,
  name,
  address,
  zone: 'Europe/Paris',
  phone,
})
const ward = (label: string) => ({ label, phone: '09 99 00 41 01', confidential: false })
const professional = (profession: string, [givenName, familyName]: readonly [string, string], place: object) => ({
  familyName,
  givenName,
  profession,
  places: [{ placeId: 'P1', address, role: 'Libéral', ...place }],
})

/** As much of the demonstration's territory as the stories name, under the same numbers. */
const directory: readonly (readonly [path: string, details: object])[] = [
  [`/directory/facilities/${FACILITY}`, facility('CH d’Essai', '355')],
  [`/directory/facilities/${FACILITY}/wards/${WARD}`, ward('Cardiologie')],
  [`/directory/facilities/${FACILITY}/wards/4102`, ward('Gériatrie')],
  [`/directory/facilities/${EHPAD}`, facility('EHPAD Les Bruyères', '500')],
  ['/directory/facilities/990000051', facility('Maison de santé du Conte', '603')],
  ['/directory/facilities/990000069', facility('Pharmacie du Nord', '620')],
  ['/directory/facilities/990000085', facility('CPTS d’Essai', '604')],
  [
    '/directory/professionals/rpps:99700000047',
    professional('Médecin', ['Bruno', 'TEST-DAPHNÉ'], { name: 'Cabinet de la Fable' }),
  ],
  [
    '/directory/professionals/rpps:99700000054',
    professional('Médecin', ['Inès', 'TEST-ÉRABLE'], { name: 'Cabinet de la Fable' }),
  ],
  [
    '/directory/professionals/rpps:99700000062',
    professional('Infirmier', ['Sofia', 'TEST-FENOUIL'], { name: 'Cabinet infirmier du Récit' }),
  ],
  [
    '/directory/professionals/rpps:99700000096',
    professional('Pharmacien', ['Paul', 'TEST-IRIS'], { name: 'Pharmacie du Nord', finess: '990000069' }),
  ],
  [
    '/directory/professionals/rpps:99700000013',
    professional('Médecin', ['Camille', 'TEST-AUBÉPINE'], { name: 'Maison de santé du Conte', finess: '990000051' }),
  ],
]

export type PortalTown = Town & { url: string }

/** A town whose portal is built as its sources are now, and whose directory knows those who sign in. */
export async function openPortal({ env, ...options }: StartOptions = {}): Promise<PortalTown> {
  const town = await openTown({ ...options, env: { PORTAL_BUILD: 'true', ...env } })
  const { url } = town.platform
  for (const [path, body] of directory)
    expect((await town.operator.asked({ method: 'PUT', path, body })).status).toBeLessThan(300)
  const isBuilt = async () => (await (await fetch(`${url}/app/`)).text()).includes('id="application"')
  await waitUntil(isBuilt, 'the browser application to be built', 60)
  // A token says nothing of a name.
  const as = ({ id, role, organisation, wards }: Person) =>
    town.as({ id, role, ...(organisation ? { organisation } : {}), ...(wards ? { wards } : {}) })
  return { ...town, as, url }
}

const State = z.object({ state: z.string() })

type TerritoryOptions = StartOptions & {
  /** Done before the day is played. */
  before?: (town: Town) => Promise<unknown>
}

/** The whole territory of the demonstration, on which a day was played. */
export async function openTerritory({ env, before, ...options }: TerritoryOptions = {}): Promise<PortalTown> {
  const territory = { DEMONSTRATION_TERRITORY: 'true', PORTAL_BUILD: 'true' }
  const town = await openTown({ ...options, env: { ...territory, ...env } })
  const isAt = (path: string, wanted: string) => async () =>
    State.parse((await town.operator.asked({ path })).body).state === wanted
  await waitUntil(isAt('/demonstration/territory', 'present'), 'the territory', 90)
  await before?.(town)
  await town.operator.asked({ method: 'POST', path: '/demonstration/day', body: { speed: 86_400, seed: 7 } })
  await waitUntil(isAt('/demonstration/day', 'done'), 'the end of the day', 120)
  return { ...town, url: town.platform.url }
}

/** Enters somebody into the register of the EHPAD, so that it hears of his or her stays. */
export async function resident(
  town: Town,
  {
    room,
    ...identity
  }: { room: string; birthName: string; givenNames: string; birthDate: string; sex: 'F' | 'M'; ins: string },
) {
  const house = await town.as(people.ehpad)
  const { ins, ...traits } = identity
  await house.says('POST', '/residents', {
    residentId: crypto.randomUUID(),
    identity: { ...traits, status: 'qualified', ins: { matricule: ins, oid: '1.2.250.1.213.1.4.10' } },
    room,
    enteredAt: '2026-01-05T09:00:00.000Z',
  })
}

/** What a test measured and asserts nothing about. */
export function report(what: string): void {
  process.stdout.write(`portal: ${what}\n`)
}
