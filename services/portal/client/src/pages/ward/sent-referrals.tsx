import type { readStay } from '@relais/contracts/stay-routes'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AnswerOf } from '../../api/call.ts'
import { hasScope, namesOf, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { useChannels } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { stayWords } from './stay-words.ts'
import { sentReferralsQuery } from './ward-queries.ts'
import styles from './ward.module.css'

/** What was asked of others for a stay, and how far each of them has come. */
export function SentReferrals({ stay }: { stay: AnswerOf<typeof readStay> }) {
  const words = useWords(stayWords)
  const { receiver, referral, urgency: urgencies } = useWords(domainWords)
  const person = usePerson()
  const open = useQuery(sentReferralsQuery('open'))
  const closed = useQuery(sentReferralsQuery('closed'))
  const { stayId, patientId } = stay
  const queries = useQueryClient()
  const heard = useRefreshing(() => void queries.invalidateQueries({ queryKey: ['referrals', 'sent'] }))
  const asked = open.data?.items.filter((item) => item.stayId === stayId) ?? []
  const channels = namesOf(person).map((name) => `inbox/${name}`)
  useChannels(channels, { onEntry: ({ kind }) => kind === 'work' && heard() })
  // What ends without an answer is told to nobody's inbox here.
  const followed = asked.map(({ referralId }) => `referral/${referralId}`)
  useChannels(followed, { onEntry: heard })
  return (
    <section className="card stack" aria-labelledby="referrals">
      <h2 id="referrals">{words.referrals}</h2>
      <Answered query={open}>
        {({ items }) => {
          const all = [...items, ...(closed.data?.items ?? [])].filter((item) => item.stayId === stayId)
          if (all.length === 0) return <p className="soft">{words.noReferral}</p>
          return (
            <ul className={styles.plain}>
              {all.map(({ referralId, title, kind, urgency, answerBy, receivers = [] }) => (
                <li key={referralId} className={styles.movement}>
                  <h3 className={styles.who}>
                    <Link to="/referrals/$referralId" params={{ referralId }} preload={false}>
                      {title}
                    </Link>
                  </h3>
                  <p className="soft">
                    {`${referral[kind]} · ${urgencies[urgency]} · ${words.answerBy} `}
                    <Moment at={answerBy} only="absolute" />
                  </p>
                  <ul className={styles.receipts}>
                    {receivers.map(({ recipient, status, since }) => (
                      <li key={recipient} className={styles.receipt}>
                        <RecipientName id={recipient} />
                        <span className={styles.stage}>
                          <Badge>{receiver[status]}</Badge>{' '}
                          <span className="soft">
                            <Moment at={since} only="absolute" />
                          </span>
                        </span>
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          )
        }}
      </Answered>
      {hasScope(person, 'referral:write') && (
        <p className="unprinted">
          <Link to="/referrals/new" search={{ patient: patientId, stay: stayId }} className={styles.link ?? ''}>
            {words.newReferral}
          </Link>
        </p>
      )}
    </section>
  )
}
