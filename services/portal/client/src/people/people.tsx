import type { readFacility, readProfessional } from '@relais/contracts/directory-routes'
import type { readIdentities } from '@relais/contracts/http'
import type { ReportedIdentity } from '@relais/contracts/patients'
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { type AnswerOf, call } from '../api/call.ts'
import { Refused } from '../api/problem.ts'
import { useLanguage, useWords } from '../messages/language.tsx'
import { birthDate } from '../messages/times.ts'
import { batched } from './batch.ts'
import { peopleWords } from './people-words.ts'

const MINUTE = 60_000
const MOST_IDENTITIES = 100

/** `pathway`: whether the rest is for the reader to see, too. */
type KnownIdentity = ReportedIdentity & { pathway: boolean }

const identityOf = batched<KnownIdentity>(
  async (patientIds) => {
    const { identities } = await call<typeof readIdentities>({
      method: 'POST',
      path: '/patients/identities',
      body: { patientIds },
    })
    return new Map(identities.map(({ patientId, identity, pathway }) => [patientId, { ...identity, pathway }]))
  },
  { most: MOST_IDENTITIES },
)

/** Who a patient is, for who may know; `null` for everybody else. */
export const identityQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['identity', patientId],
    queryFn: async () => (await identityOf(patientId)) ?? null,
    staleTime: 5 * MINUTE,
  })

/** What the directory knows; `null` where it knows nothing. */
async function known<Route>(path: string): Promise<AnswerOf<Route> | null> {
  try {
    return await call<Route>({ path })
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

export const facilityQuery = (finess: string) =>
  queryOptions({
    queryKey: ['facility', finess],
    queryFn: () => known<typeof readFacility>(`/directory/facilities/${encodeURIComponent(finess)}`),
    staleTime: 30 * MINUTE,
  })

export const professionalQuery = (id: string) =>
  queryOptions({
    queryKey: ['professional', id],
    queryFn: () => known<typeof readProfessional>(`/directory/professionals/${encodeURIComponent(id)}`),
    staleTime: 30 * MINUTE,
  })

/** `TEST-MUGUET Denise`, as hospitals write names; the used name before the one of birth. */
export function nameOf({
  usedName,
  birthName,
  givenName,
}: Pick<ReportedIdentity, 'usedName' | 'birthName' | 'givenName'>): string {
  return [usedName ?? birthName, givenName].filter(Boolean).join(' ')
}

/** `D. T.`, for what hangs on a wall. */
export function initialsOf(identity: Pick<ReportedIdentity, 'usedName' | 'birthName' | 'givenName'>): string {
  return [identity.givenName, identity.usedName ?? identity.birthName]
    .flatMap((name) => (name ? [`${name.replace(/^TEST-/, '').slice(0, 1)}.`] : []))
    .join(' ')
}

/** A patient by name, sex and date of birth, where the reader may know. */
export function PatientName({
  patientId,
  brief = false,
  otherwise,
}: {
  patientId: string | undefined
  brief?: boolean
  /** What is said of one whom the reader may not know, or not yet. */
  otherwise?: string | undefined
}) {
  const words = useWords(peopleWords)
  const { language } = useLanguage()
  const { data: identity, isPending } = useQuery({
    ...identityQuery(patientId ?? ''),
    enabled: patientId !== undefined,
  })
  if (patientId === undefined) return <span className="soft">{otherwise ?? words.withheld}</span>
  if (isPending) return <span className="soft">…</span>
  if (!identity) return <span className="soft">{otherwise ?? words.unknownPatient}</span>
  return (
    <span>
      <strong>{nameOf(identity)}</strong>
      {!brief && (
        <span className="soft">
          {identity.birthDate ? ` ${words.born(identity.sex, birthDate(identity.birthDate, language))}` : ''}
        </span>
      )}
    </span>
  )
}

/** `Dr Camille TEST-AUBÉPINE`, the name of an establishment, or of a ward with its establishment. */
export function RecipientName({ id }: { id: string }) {
  return <span>{useRecipientName(id)}</span>
}

export function useRecipientName(id: string): string {
  return useRecipientNames([id])[0] ?? id
}

/** The same of several at once, for a text. */
export function useRecipientNames(ids: readonly string[]): string[] {
  const parts = ids.map(partsOf)
  const facilities = useQueries({
    queries: parts.map(({ finess }) => ({ ...facilityQuery(finess ?? ''), enabled: finess !== undefined })),
  })
  const professionals = useQueries({
    queries: ids.map((id) => ({ ...professionalQuery(id), enabled: isPerson(id) })),
  })
  return ids.map((id, index) => {
    const { finess, code, rest } = partsOf(id)
    if (finess !== undefined) {
      const { data: facility, isLoading } = facilities[index] ?? {}
      if (isLoading) return '…'
      const place = facility?.name ?? finess
      if (code === undefined) return place
      return `${facility?.wards.find((one) => one.code === code)?.label ?? code}, ${place}`
    }
    const { data: professional, isLoading } = professionals[index] ?? {}
    if (isLoading) return '…'
    if (!professional) return rest === '' ? id : rest
    const { givenName, familyName, profession } = professional
    return [profession === 'Médecin' ? 'Dr' : '', givenName, familyName].filter(Boolean).join(' ')
  })
}

/** Whoever the directory may know by name: not a place, and not what acts by itself. */
const isPerson = (id: string) => /^(?!finess:|uf:|relais:|sender:)[^:]+:./.test(id)

/** `finess` of establishments and wards only. */
function partsOf(id: string): { finess?: string; code?: string | undefined; rest: string } {
  const [kind, rest = ''] = split(id)
  if (kind === 'finess') return { finess: rest, rest }
  if (kind !== 'uf') return { rest }
  const [finess = '', code] = rest.split('/')
  return { finess, code, rest }
}

/** The name of a place of stay: the ward, and the establishment. */
export function WardName({ facility, code, label }: { facility: string; code: string; label?: string | undefined }) {
  const { data } = useQuery(facilityQuery(facility))
  const ward = data?.wards.find((one) => one.code === code)
  return <span>{`${label ?? ward?.label ?? code}, ${data?.name ?? facility}`}</span>
}

function split(id: string): [string, string | undefined] {
  const colon = id.indexOf(':')
  return colon === -1 ? [id, undefined] : [id.slice(0, colon), id.slice(colon + 1)]
}
