import type { readRun, RunView } from '@relais/contracts/run-routes'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { Badge } from '../../design/badge.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { lateWords } from './late-words.ts'
import styles from './late.module.css'

/** A run with all of its steps: who has which, until when, what is done. */
export function RunDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const words = useWords(lateWords)
  const query = useQuery({
    queryKey: ['run', runId],
    queryFn: ({ signal }) => call<typeof readRun>({ path: `/runs/${runId}`, signal }),
  })
  return (
    <Dialog title={query.data?.title ?? words.runTitle} isOpen onClose={onClose}>
      <Answered query={query}>{(run) => <RunSteps run={run} />}</Answered>
    </Dialog>
  )
}

export function RunSteps({ run }: { run: RunView }) {
  const words = useWords(lateWords)
  const { stepStatus, because } = useWords(domainWords)
  return (
    <>
      {run.because !== undefined && <p>{capital(because[run.because])}</p>}
      <ol className={styles.steps}>
        {run.steps.map(({ stepId, title, status, owner, dueAt, settledAt, late, escalatedTo }) => (
          <li key={stepId}>
            <span>
              <Badge tone={late ? 'alert' : status === 'done' ? 'done' : 'plain'}>{capital(stepStatus[status])}</Badge>{' '}
              <strong>{title}</strong>
            </span>
            <span className="soft">
              {owner !== undefined && <RecipientName id={owner} />}
              {settledAt !== undefined ? (
                <>
                  {' '}
                  <Moment at={settledAt} only="absolute" />
                </>
              ) : (
                dueAt !== undefined && (
                  <>
                    {` ${words.dueAt} : `}
                    <Moment at={dueAt} only="absolute" />
                  </>
                )
              )}
            </span>
            {escalatedTo.length > 0 && (
              <span className="soft">
                {words.escalatedTo} :{' '}
                {escalatedTo.map((each) => (
                  <span key={each} className={styles.name}>
                    <RecipientName id={each} />
                  </span>
                ))}
              </span>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}
