import type { readFacility, readProfessional } from '@relais/contracts/directory-routes'
import type { readIdentities } from '@relais/contracts/http'
import type { ReportedIdentity } from '@relais/contracts/patients'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { type AnswerOf, call } from '../api/call.ts'
import { Refused } from '../api/problem.ts'
import { useLanguage, useWords } from '../messages/language.tsx'
import { birthDate } from '../messages/times.ts'
import { batched } from './batch.ts'
import { peopleWords } from './people-words.ts'

const MINUTE = 60_000
const MOST_IDENTITIES = 100

const identityOf = batched<ReportedIdentity>(
  async (patientIds) => {
    const { identities } = await call<typeof readIdentities>({
      method: 'POST',
      path: '/patients/identities',
      body: { patientIds },
    })
    return new Map(identities.map(({ patientId, identity }) => [patientId, identity]))
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
export function PatientName({ patientId, brief = false }: { patientId: string | undefined; brief?: boolean }) {
  const words = useWords(peopleWords)
  const { language } = useLanguage()
  const { data: identity, isPending } = useQuery({
    ...identityQuery(patientId ?? ''),
    enabled: patientId !== undefined,
  })
  if (patientId === undefined) return <span className="soft">{words.withheld}</span>
  if (isPending) return <span className="soft">…</span>
  if (!identity) return <span className="soft">{words.unknownPatient}</span>
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
  const [kind, rest = ''] = split(id)
  const [finess = '', code] = kind === 'uf' ? rest.split('/') : [rest]
  const isPlace = kind === 'finess' || kind === 'uf'
  const { data: facility } = useQuery({ ...facilityQuery(finess), enabled: isPlace })
  const { data: professional } = useQuery({ ...professionalQuery(id), enabled: kind === 'rpps' })
  if (isPlace) {
    const ward = facility?.wards.find((one) => one.code === code)
    const place = facility?.name ?? finess
    return code === undefined ? place : `${ward?.label ?? code}, ${place}`
  }
  if (!professional) return rest === '' ? id : rest
  const { givenName, familyName, profession } = professional
  return [profession === 'Médecin' ? 'Dr' : '', givenName, familyName].filter(Boolean).join(' ')
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
