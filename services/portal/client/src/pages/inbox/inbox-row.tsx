import type { InboxItem, StayItem, WorkItem } from '@relais/contracts/boards'
import { memo, type MouseEvent } from 'react'
import { useActOn } from '../../acts/acts.tsx'
import { actWords } from '../../acts/act-words.ts'
import type { KeptAct } from '../../acts/outbox.ts'
import { usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { useNow } from '../../live/now.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName, RecipientName, WardName } from '../../people/people.tsx'
import { AskedPatient } from './item-patient.tsx'
import { dueOf, isLate, type Row } from './inbox-items.ts'
import { natureWord, saidAt } from './nature-word.ts'
import { inboxWords } from './inbox-words.ts'
import { isToSort } from './inbox-acts.ts'
import { subjectOf, useReader } from './item-acts.ts'
import styles from './inbox.module.css'

/** One item of the list: who, what, and what is expected by when. */
export const InboxRow = memo(function InboxRow({
  row: { key, item },
  href,
  isOpen,
  isCursor,
  onFocus,
  onOpen,
}: {
  row: Row
  href: string
  isOpen: boolean
  isCursor: boolean
  onFocus: (key: string) => void
  onOpen: (event: MouseEvent<HTMLAnchorElement>) => void
}) {
  const words = useWords(inboxWords)
  const person = usePerson()
  const act = useActOn(subjectOf(item))
  const isUnread = item.status === 'open' && item.receipts !== undefined && item.receipts.read === undefined
  return (
    // The list follows a press: a link of the router's for each row is what a long list cannot afford.
    <a
      href={href}
      className={styles.row}
      data-key={key}
      data-unread={isUnread || undefined}
      data-done={item.status === 'done' || undefined}
      aria-current={isOpen ? 'true' : undefined}
      tabIndex={isCursor ? 0 : -1}
      onFocus={() => onFocus(key)}
      onClick={onOpen}
    >
      <span className={styles.rowHead}>
        <span className={styles.who}>
          {isUnread && <span className="aside">{`${words.isNew}, `}</span>}
          {item.kind === 'work' && item.work.subject.kind === 'referral' ? (
            <AskedPatient patientId={item.patientId} isWithheld={item.work.withheld} brief />
          ) : (
            <PatientName patientId={item.patientId} brief />
          )}
        </span>
        <span className={`${styles.when} soft`}>
          <Moment at={item.kind === 'stay' ? saidAt(item) : item.happenedAt} only="relative" />
        </span>
      </span>
      <span className={styles.what}>
        {item.kind === 'stay' ? <StayLine item={item} /> : <WorkLine item={item} />}
        {item.recipient !== person.id && ' '}
        {item.recipient !== person.id && <Badge tone="calm">{words.forTeam}</Badge>}
      </span>
      <span className={styles.expected}>
        {act ? (
          <ActBadge state={act.state} />
        ) : item.status === 'done' ? (
          <Badge tone="done">{words.isDone}</Badge>
        ) : (
          <ExpectedLine item={item} />
        )}
      </span>
    </a>
  )
})

function ActBadge({ state }: Pick<KeptAct, 'state'>) {
  const words = useWords(inboxWords)
  const acting = useWords(actWords)
  if (state === 'refused') return <Badge tone="alert">{words.refused}</Badge>
  return <Badge tone="warn">{state === 'sending' ? acting.sending : words.pending}</Badge>
}

function StayLine({ item }: { item: StayItem }) {
  const domain = useWords(domainWords)
  const { status, expectedAt, wards } = item.standing
  const [ward] = wards
  return (
    <>
      <span>{capital(natureWord(item, domain))}</span>
      {status === 'expected' && expectedAt !== undefined && (
        <span>
          {' · '}
          <Moment at={expectedAt} only="absolute" />
        </span>
      )}
      {ward && (
        <span className="soft">
          {' · '}
          <WardName {...ward} />
        </span>
      )}
    </>
  )
}

function WorkLine({ item: { work } }: { item: WorkItem }) {
  const domain = useWords(domainWords)
  const who = work.from.organisation === undefined ? work.from.by : `finess:${work.from.organisation}`
  return (
    <>
      <span>{`${capital(domain.work[work.nature])} : ${work.title}`}</span>
      {work.subject.kind === 'referral' && (
        <span className="soft">
          {' · '}
          <RecipientName id={who} />
        </span>
      )}
      {work.urgency === 'urgent' && ' '}
      {work.urgency === 'urgent' && <Badge tone="alert">{domain.urgency.urgent}</Badge>}
    </>
  )
}

/** What is expected, and by when. */
export function ExpectedLine({ item }: { item: InboxItem }) {
  const words = useWords(inboxWords)
  const domain = useWords(domainWords)
  const now = useNow()
  const reader = useReader()
  const word =
    item.kind === 'stay'
      ? domain.expected[item.expected.action]
      : isToSort(item, reader)
        ? words.sorting[item.work.nature === 'referralTaken' ? 'taken' : 'open']
        : domain.action[item.work.expected.action]
  const dueAt = dueOf(item)
  return (
    <>
      <span>{capital(word)}</span>
      {dueAt !== undefined && (
        <span className="soft">
          {` · ${Date.parse(dueAt) < now ? words.dueSince : words.due} `}
          {item.kind === 'stay' && saidAt(item) === dueAt ? (
            // How long ago that is stands beside what happened.
            <Moment at={dueAt} only="absolute" />
          ) : (
            <Moment at={dueAt} />
          )}
        </span>
      )}
      {isLate(item, now) && ' '}
      {isLate(item, now) && <Badge tone="alert">{words.isLate}</Badge>}
    </>
  )
}
