import type { EhpadBoardRow } from '@relais/contracts/boards'
import type { listProtocols } from '@relais/contracts/protocol-routes'
import type { Standing } from '@relais/contracts/standing'
import { useQueries, useQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Moment } from '../../design/moment.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { PhoneLink, useWardPhone } from '../../people/phone.tsx'
import { onCallQuery } from './ehpad-data.ts'
import { ehpadWords } from './ehpad-words.ts'
import { WhereOf } from './ward-call.tsx'
import styles from './night.module.css'

/** Of a line that lasts longer, nobody asks tonight until when. */
const WEEK_MILLISECONDS = 7 * 86_400_000

/** Whom to call tonight: the wards where residents are, and who is on call for the house, the hospital, the territory. */
export function NightNumbers({ finess, rows }: { finess: string; rows: readonly EhpadBoardRow[] }) {
  const words = useWords(ehpadWords)
  const now = useNow()
  const standings = wardsOf(rows)
  const scopes = [
    `finess:${finess}`,
    ...new Set(standings.map(({ facility }) => `finess:${facility}`)),
    ...useTerritories(),
  ]
  const answers = useQueries({ queries: scopes.map(onCallQuery) })
  const periods = answers.flatMap(({ data }, index) => (data ?? []).map((period) => ({ ...period, of: scopes[index] })))
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers">{words.numbers}</h2>
      <ul className={styles.lines}>
        {standings.map((standing) => (
          <WardNumber key={placeKey(standing)} standing={standing} />
        ))}
      </ul>
      <h3>{words.onCall}</h3>
      {periods.length === 0 ? (
        <p className="soft">{words.nobodyOnCall}</p>
      ) : (
        <ul className={styles.lines}>
          {periods.map(({ onCallId, professionalId, phone, to, of }) => (
            <li key={onCallId} className={styles.line}>
              <strong>
                <RecipientName id={professionalId} />
              </strong>
              <span className="soft">
                {of !== undefined && <RecipientName id={of} />}
                {Date.parse(to) - now < WEEK_MILLISECONDS && (
                  <>
                    {`, ${words.until} `}
                    <Moment at={to} only="absolute" />
                  </>
                )}
              </span>
              <PhoneLink phone={phone} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function WardNumber({ standing }: { standing: Standing }) {
  const words = useWords(ehpadWords)
  const phone = useWardPhone(standing)
  return (
    <li className={styles.line}>
      <span>
        <WhereOf standing={standing} />
      </span>
      {phone === undefined ? <span className="soft">{words.phoneUnknown}</span> : <PhoneLink phone={phone} />}
    </li>
  )
}

/** Each ward once. */
function wardsOf(rows: readonly EhpadBoardRow[]): Standing[] {
  const standings = rows.flatMap(({ standing }) => standing ?? [])
  return [...new Map(standings.map((standing) => [placeKey(standing), standing])).values()]
}

const placeKey = ({ facility, wards: [ward] }: Standing) => `${facility} ${ward?.code ?? ''}`

/** The territories whose protocols apply here: there is no other list of them. */
function useTerritories(): string[] {
  const mayRead = hasScope(usePerson(), 'protocol:read')
  const { data } = useQuery({
    queryKey: ['protocols'],
    queryFn: ({ signal }) => call<typeof listProtocols>({ path: '/protocols', signal }),
    enabled: mayRead,
    staleTime: 300_000,
  })
  const named = data?.protocols.flatMap(({ versions }) => versions.at(-1)?.definition.territory ?? []) ?? []
  return [...new Set(named)]
}
