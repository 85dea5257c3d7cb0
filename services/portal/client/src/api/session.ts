import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer } from './call.ts'
import { isSignedOut } from './problem.ts'

export type Person = {
  id: string
  name: string
  role: string
  organisation?: string
  organisationName?: string
  wards: readonly string[]
  scopes: readonly string[]
}
export type Session = { person: Person; expiresAt: string; mode: 'demonstration' | 'production' }

/** Who is signed in; `null` for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await answer<Session>({ path: '/app/session', signal })
    } catch (error) {
      if (isSignedOut(error)) return null
      throw error
    }
  },
  staleTime: 60_000,
  refetchInterval: 240_000,
})

/** Who uses the page. Inside the frame only, where somebody is signed in. @throws Error elsewhere */
export function usePerson(): Person {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('Nobody is signed in')
  return data.person
}

export function hasScope({ scopes }: Person, scope: string): boolean {
  return scopes.includes(scope)
}

/** Those of `packages/access`: they work there without giving care, and see nothing of what is said of patients. */
const withoutCare = new Set(['admissions', 'operateur', 'coordinateur', 'secretaire'])
const sorting = new Set(['coordinateur', 'secretaire'])

export function givesCare({ role }: Person): boolean {
  return !withoutCare.has(role)
}

/** Under which names a person is written to: one's own, and the queues of one's team. */
export function namesOf({ id, role, organisation, wards }: Person): string[] {
  if (organisation === undefined || (withoutCare.has(role) && !sorting.has(role))) return [id]
  return [id, `finess:${organisation}`, ...wards.map((code) => `uf:${organisation}/${code}`)]
}

const FRAGMENT = 'relais.fragment'

/** What stood behind the `#` of the address when somebody left to sign in: once, in this tab. */
export function takeFragment(): string {
  const kept = sessionStorage.getItem(FRAGMENT) ?? ''
  sessionStorage.removeItem(FRAGMENT)
  return kept
}

/** Leaves for the issuer's page, and comes back here. */
export function signIn({ change = false } = {}): void {
  // A fragment may name a patient: it MUST NOT be sent, as what is in a query is.
  if (location.hash !== '') sessionStorage.setItem(FRAGMENT, location.hash)
  const back = new URLSearchParams({
    return: location.pathname + location.search,
    ...(change ? { change: '1' } : {}),
  })
  location.assign(`/app/sign-in?${back.toString()}`)
}
