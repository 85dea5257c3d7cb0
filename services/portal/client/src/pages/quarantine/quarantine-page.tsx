import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { ProblemList } from './problem-list.tsx'
import { linkDoubtsQuery, quarantineQuery, type Status } from './quarantine-queries.ts'
import { quarantineWords } from './quarantine-words.ts'
import { SenderReport } from './sender-report.tsx'
import { TriggerName } from './trigger-name.tsx'
import styles from './quarantine.module.css'

const statuses = ['waiting', 'awaitingMovement', 'repaired', 'resolved'] as const satisfies readonly Status[]

/** What an establishment sent and could not be understood. */
export function QuarantinePage() {
  const words = useWords(quarantineWords)
  const { quarantine } = useWords(domainWords)
  const [status, setStatus] = useState<Status>()
  const list = useQuery(quarantineQuery(status))
  const person = usePerson()
  const doubts = useQuery({ ...linkDoubtsQuery, enabled: hasScope(person, 'link:write') })
  const senders = [...new Set(list.data?.map(({ senderId }) => senderId))]
  return (
    <div className="stack">
      <h1>{words.title}</h1>
      <p className="soft">{words.lead}</p>
      {hasScope(person, 'link:write') && (
        <p className="unprinted">
          <Link to="/patients/link-doubts">
            {words.linkDoubts}
            {doubts.data && doubts.data.length > 0 ? ` (${doubts.data.length})` : ''}
          </Link>
        </p>
      )}
      <div className={styles.choices} role="group" aria-label={words.status}>
        <button type="button" aria-pressed={status === undefined} onClick={() => setStatus(undefined)}>
          {capital(words.waitingAll)}
        </button>
        {statuses.map((one) => (
          <button key={one} type="button" aria-pressed={status === one} onClick={() => setStatus(one)}>
            {capital(quarantine[one])}
          </button>
        ))}
      </div>
      <Answered query={list}>
        {(messages) =>
          messages.length === 0 ? (
            <Empty title={status === undefined ? words.empty : words.emptyStatus}>
              {status === undefined && <p>{words.emptyText}</p>}
            </Empty>
          ) : (
            <ul className={styles.list}>
              {messages.map(({ messageId, senderId, receivedAt, trigger, status: state, problems }) => (
                <li key={messageId} className={`card ${styles.one}`}>
                  <h2>
                    <Link to="/quarantine/$messageId" params={{ messageId }} preload={false}>
                      <TriggerName trigger={trigger} />
                    </Link>
                  </h2>
                  <p>
                    <Badge tone={state === 'resolved' ? 'done' : 'warn'}>{quarantine[state]}</Badge>{' '}
                    <span className="soft">
                      {`${words.received} `}
                      <Moment at={receivedAt} />
                      {` ${words.from} ${senderId}`}
                    </span>
                  </p>
                  <ProblemList problems={problems} label={words.problems} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <SenderReport senders={senders} />
    </div>
  )
}
