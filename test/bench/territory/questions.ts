import type { TERRITORY } from '@relais/testkit/territory'
import { populationOf, TERRITORY_HOSPITAL, wardOf } from '@relais/testkit/territory/people'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Asked } from '../driving.ts'
import { AUDIENCE, ISSUER } from './open-territory.ts'

export type TokenFor = (id: string, claims: object) => Promise<string>

const WARDS = 24
const PAGE = 'limit=50'

/** Whose tokens both sides believe. */
export async function issuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] }
  const tokenFor: TokenFor = (id, claims) =>
    new SignJWT({ scope: 'board:read inbox:read', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(id)
      .setExpirationTime('2h')
      .sign(privateKey)
  return { jwks, tokenFor }
}

/** Every ward, every recipient and every EHPAD of a territory, each asked by somebody who may. */
export async function questionsOf(size: typeof TERRITORY, tokenFor: TokenFor): Promise<Record<string, Asked[]>> {
  const people = populationOf(size)
  const nurse = { role: 'infirmier', wards: [] }
  const wards = Array.from({ length: WARDS }, (_, number) => wardOf(number).code).map(async (code) => ({
    path: `/boards/ward/${code}?${PAGE}`,
    token: await tokenFor('rpps:10100000001', { ...nurse, organisation: TERRITORY_HOSPITAL, wards: [code] }),
  }))
  const inboxes = recipientsAmong(people).map(async ([id, role]) => ({
    path: `/inbox?${PAGE}`,
    token: await tokenFor(id, { role, wards: [] }),
  }))
  const ehpads = [...new Set(Array.from({ length: people.residents }, (_, person) => people.ehpadOf(person)))]
  const boards = ehpads.map(async (organisation) => ({
    path: `/boards/ehpad/${organisation}?${PAGE}`,
    token: await tokenFor('rpps:10100000031', { ...nurse, organisation }),
  }))
  return {
    'ward board': await Promise.all(wards),
    inbox: await Promise.all(inboxes),
    'EHPAD board': await Promise.all(boards),
  }
}

/** Everybody who is told of somebody, and as what. */
export function recipientsAmong(people: ReturnType<typeof populationOf>) {
  const carers = Array.from({ length: 2000 }, (_, number) => people.carersOf(people.residents + number)).flat()
  return [...new Map(carers.map(({ memberId, role }) => [memberId, role]))]
}
