import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { namesOf, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { designWords } from '../../design/design-words.ts'
import { Moment } from '../../design/moment.tsx'
import { Empty, Failed, Loading } from '../../design/states.tsx'
import { useChannels } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { AskedPatient } from '../inbox/item-patient.tsx'
import { type Box, boxes } from './referral-boxes.ts'
import { boxQuery, type ReferralItem } from './referral-queries.ts'
import { referralWords } from './referral-words.ts'
import styles from './referrals.module.css'

const route = getRouteApi('/referrals')

/** What was asked of a person, of his or her teams, and what he or she asked. */
export function ReferralsPage() {
  const words = useWords(referralWords)
  const person = usePerson()
  const names = namesOf(person)
  const { box = 'received', ended } = route.useSearch()
  const shown = boxes.filter((one) => one !== 'queue' || names.length > 1)
  return (
    <div className="stack">
      <h1>{words.title}</h1>
      <nav aria-label={words.boxesLabel} className={`${styles.tabs} unprinted`}>
        {shown.map((one) => (
          <Link
            key={one}
            to="/referrals"
            search={{ box: one, ...(ended ? { ended } : {}) }}
            className={styles.tab ?? ''}
            activeOptions={{ exact: true }}
            aria-current={one === box ? 'page' : undefined}
          >
            {words.boxes[one]}
          </Link>
        ))}
      </nav>
      <nav aria-label={words.status} className={`${styles.tabs} unprinted`}>
        {[false, true].map((isEnded) => (
          <Link
            key={String(isEnded)}
            to="/referrals"
            search={{ box, ...(isEnded ? { ended: true } : {}) }}
            className={styles.tab ?? ''}
            activeOptions={{ exact: true }}
            aria-current={isEnded === (ended ?? false) ? 'page' : undefined}
          >
            {isEnded ? words.closed : words.open}
          </Link>
        ))}
      </nav>
      <BoxList box={box} status={ended ? 'closed' : 'open'} />
    </div>
  )
}

/** One box, as far as it was asked for. */
function BoxList({ box, status }: { box: Box; status: 'open' | 'closed' }) {
  const words = useWords(referralWords)
  const design = useWords(designWords)
  const person = usePerson()
  const query = useInfiniteQuery(boxQuery(box, status))
  const { data, error, refetch } = query
  const heard = useRefreshing(() => void refetch())
  const channels = namesOf(person).map((name) => `inbox/${name}`)
  useChannels(channels, { onEntry: ({ kind }) => kind === 'work' && heard() })
  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0)
    return (
      <Empty title={words.empty[box]}>
        <p>{words.emptyText}</p>
      </Empty>
    )
  return (
    <>
      <ul className={styles.list}>
        {items.map((item) => (
          <li key={`${item.referralId} ${item.recipient}`}>
            <Item item={item} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
          {design.more}
        </Button>
      )}
    </>
  )
}

function Item({ item }: { item: ReferralItem }) {
  const words = useWords(referralWords)
  const domain = useWords(domainWords)
  const { referralId, patientId, kind, urgency, title, requestedAt, expected, nature, takenFor, receivers } = item
  return (
    <Link to="/referrals/$referralId" params={{ referralId }} className={styles.item}>
      <span className="row">
        <AskedPatient patientId={patientId} isWithheld={patientId === undefined} brief />
        <span className="soft">
          <Moment at={requestedAt} only="relative" />
        </span>
      </span>
      <span className="row">
        <span>{`${capital(domain.referral[kind])} : ${title}`}</span>
        {urgency !== 'routine' && (
          <Badge tone={urgency === 'urgent' ? 'alert' : 'warn'}>{domain.urgency[urgency]}</Badge>
        )}
        {nature && <Badge>{domain.work[nature]}</Badge>}
      </span>
      {expected && (
        <span>
          {capital(domain.action[expected.action])}
          {expected.dueAt !== undefined && (
            <span className="soft">
              {' · '}
              <Moment at={expected.dueAt} />
            </span>
          )}
        </span>
      )}
      {takenFor !== undefined && (
        <span>
          <span className="soft">{`${words.taken} `}</span>
          <RecipientName id={takenFor} />
        </span>
      )}
      {receivers && (
        <span className={styles.states}>
          {receivers.map(({ recipient, status, since }) => (
            <span key={recipient}>
              <RecipientName id={recipient} /> <Badge>{domain.receiver[status]}</Badge>{' '}
              <span className="soft">
                <Moment at={since} only="relative" />
              </span>
            </span>
          ))}
        </span>
      )}
    </Link>
  )
}
