import { Link } from '@tanstack/react-router'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName, RecipientName } from '../../people/people.tsx'
import type { Summary } from './thread-queries.ts'
import { threadWords } from './thread-words.ts'
import styles from './threads.module.css'

export function ThreadItem({ thread, isCurrent }: { thread: Summary; isCurrent: boolean }) {
  const words = useWords(threadWords)
  const { threadKind } = useWords(domainWords)
  const { threadId, title, kind, patientId, unread, muted, closedAt, last, openedAt } = thread
  return (
    <li>
      <Link
        to="/threads/$threadId"
        params={{ threadId }}
        className={styles.item ?? ''}
        data-unread={unread > 0 || undefined}
        aria-current={isCurrent ? 'page' : undefined}
      >
        <span className={styles.title}>
          <strong>{title}</strong>
          {unread > 0 && <Badge tone={last?.urgent ? 'alert' : 'calm'}>{words.unread(unread)}</Badge>}
          {unread > 0 && last?.urgent && <Badge tone="alert">{words.urgent}</Badge>}
          {muted && <Badge>{words.muted}</Badge>}
          {closedAt !== undefined && <Badge>{words.closed}</Badge>}
        </span>
        {patientId === undefined ? (
          <span className="soft">{threadKind[kind]}</span>
        ) : (
          <PatientName patientId={patientId} brief />
        )}
        <span className="soft">
          {last ? (
            <>
              <RecipientName id={last.by} />
              {', '}
              <Moment at={last.postedAt} />
            </>
          ) : (
            <>
              {`${words.nothingWritten}, `}
              <Moment at={openedAt} />
            </>
          )}
        </span>
      </Link>
    </li>
  )
}
