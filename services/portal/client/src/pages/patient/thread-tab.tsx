import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AnswerOf } from '../../api/call.ts'
import type { getPathway } from '@relais/contracts/http'
import { givesCare, hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { OpenThread } from '../threads/open-thread.tsx'
import { ThreadView } from '../threads/thread-view.tsx'
import { threadWords } from '../threads/thread-words.ts'
import { pathwayQuery } from './patient-queries.ts'
import styles from './patient.module.css'
import { threadsOf } from './titles.ts'

const route = getRouteApi('/patients/$patientId')

export function ThreadTab() {
  const { patientId } = route.useParams()
  const words = useWords(threadWords)
  const query = useQuery(pathwayQuery(patientId))
  const person = usePerson()
  return (
    <section aria-labelledby="threads" className="stack">
      <div className={styles.between}>
        <h2 id="threads">{words.ofPatient}</h2>
        {hasScope(person, 'thread:write') && givesCare(person) && <OpenThread patientId={patientId} />}
      </div>
      <Answered query={query}>{(view) => <Threads view={view} patientId={patientId} />}</Answered>
    </section>
  )
}

function Threads({ view, patientId }: { view: AnswerOf<typeof getPathway>; patientId: string }) {
  const words = useWords(threadWords)
  const { thread: asked } = route.useSearch()
  const threads = threadsOf(view)
  // One that was just opened may not be in the pathway yet.
  const shown = asked ?? threads[0]?.threadId
  return (
    <>
      {threads.length > 1 && (
        <nav aria-label={words.ofPatient} className="unprinted">
          <ul className={styles.threads}>
            {threads.map(({ threadId, title, isClosed }) => (
              <li key={threadId}>
                <Link
                  to="/patients/$patientId"
                  params={{ patientId }}
                  search={{ tab: 'thread', thread: threadId }}
                  resetScroll={false}
                  activeOptions={{ exact: true, includeSearch: true }}
                  aria-current={threadId === shown ? 'page' : undefined}
                  className={styles.threadLink ?? ''}
                >
                  {title}
                  {isClosed && <Badge>{words.closed}</Badge>}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {shown === undefined ? (
        <Empty title={words.noneOfPatient} />
      ) : (
        <ThreadView key={shown} threadId={shown} isOfPatientPage />
      )}
    </>
  )
}
