import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { hasScope, namesOf, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { notesQuery } from '../inbox/step-queries.ts'
import { wordFor } from './entry-text.tsx'
import { type Run, runsQuery } from './patient-queries.ts'
import { StepActs } from './step-dialogs.tsx'
import styles from './steps.module.css'
import { stepsWords } from './steps-words.ts'

type Step = Run['steps'][number]

const route = getRouteApi('/patients/$patientId')

export function StepsTab() {
  const { patientId } = route.useParams()
  const words = useWords(stepsWords)
  const person = usePerson()
  const mayRead = hasScope(person, 'run:read')
  const query = useQuery({ ...runsQuery(patientId), enabled: mayRead })
  return (
    <section aria-labelledby="steps" className="stack">
      <h2 id="steps">{words.title}</h2>
      {mayRead ? (
        <Answered query={query}>{(runs) => <Runs runs={runs} patientId={patientId} />}</Answered>
      ) : (
        <p>{words.refused}</p>
      )}
    </section>
  )
}

function Runs({ runs, patientId }: { runs: readonly Run[]; patientId: string }) {
  const words = useWords(stepsWords)
  const running = runs.filter(({ status }) => status === 'running')
  const ended = runs.filter(({ status }) => status === 'ended')
  if (runs.length === 0)
    return (
      <Empty title={words.none}>
        <p>{words.noneHelp}</p>
      </Empty>
    )
  return (
    <>
      {running.map((run) => (
        <RunCard key={run.runId} run={run} patientId={patientId} />
      ))}
      {ended.length > 0 && (
        <details className="stack" open={running.length === 0}>
          <summary className={styles.summary}>{`${words.past} (${ended.length})`}</summary>
          {ended.map((run) => (
            <RunCard key={run.runId} run={run} patientId={patientId} />
          ))}
        </details>
      )}
    </>
  )
}

function RunCard({ run, patientId }: { run: Run; patientId: string }) {
  const words = useWords(stepsWords)
  const { because, moment } = useWords(domainWords)
  const { runId, title, version, status, trigger, coordinator, steps } = run
  const settled = steps.filter((step) => step.status === 'done' || step.status === 'skipped').length
  return (
    <article className="card stack" aria-labelledby={`run-${runId}`}>
      <div>
        <h3 id={`run-${runId}`}>{title}</h3>
        <p className="row">
          <Badge tone={status === 'running' ? 'calm' : 'plain'}>
            {status === 'running' ? words.running : words.ended}
          </Badge>
          {run.because !== undefined && <span>{because[run.because]}</span>}
          <span>{words.progress(settled, steps.length)}</span>
        </p>
        <p className="soft">
          {`${words.since(wordFor(moment, trigger.on))}, `}
          <Moment at={trigger.at} only="absolute" />
          {` · ${words.version(version)} · ${words.coordinator} `}
          <RecipientName id={coordinator} />
        </p>
      </div>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <StepRow key={step.stepId} step={step} run={run} patientId={patientId} />
        ))}
      </ol>
    </article>
  )
}

const tones = { waiting: 'plain', open: 'calm', done: 'done', skipped: 'plain', withdrawn: 'plain' } as const

function StepRow({ step, run, patientId }: { step: Step; run: Run; patientId: string }) {
  const words = useWords(stepsWords)
  const { stepStatus, circleRole } = useWords(domainWords)
  const person = usePerson()
  const { status, late, owner, role, dueAt, escalatedTo, settledAt, what, after } = step
  const names = namesOf(person)
  const isMine = status === 'open' && [owner, ...escalatedTo].some((one) => one !== undefined && names.includes(one))
  const waitsFor = status === 'waiting' ? run.steps.filter(({ stepId }) => after.includes(stepId)) : []
  return (
    <li className={styles.step} data-late={(status === 'open' && late) || undefined}>
      <p className="row">
        <strong>{step.title}</strong>
        <Badge tone={tones[status]}>{capital(stepStatus[status])}</Badge>
        {status === 'open' && late && <Badge tone="alert">{words.late}</Badge>}
        {isMine && <Badge tone="warn">{words.mine}</Badge>}
      </p>
      {what !== undefined && <p>{what}</p>}
      <p className={styles.who}>
        {owner !== undefined && (
          <span>
            {`${words.owner} `}
            <RecipientName id={owner} />
            {role && ` (${circleRole[role]})`}
          </span>
        )}
        {dueAt !== undefined && (status === 'open' || status === 'waiting') && (
          <span>
            {`${words.before} `}
            <Moment at={dueAt} />
          </span>
        )}
        {settledAt !== undefined && <Moment at={settledAt} />}
        {waitsFor.length > 0 && <span>{`${words.after} ${waitsFor.map(({ title }) => title).join(', ')}`}</span>}
      </p>
      {status === 'open' && escalatedTo.length > 0 && (
        <p className={styles.who}>
          {`${words.escalated} `}
          {escalatedTo.map((one) => (
            <RecipientName key={one} id={one} />
          ))}
        </p>
      )}
      {(status === 'done' || status === 'skipped') && <Notes runId={run.runId} stepId={step.stepId} />}
      {isMine && hasScope(person, 'run:write') && (
        <StepActs
          step={{ patientId, runId: run.runId, stepId: step.stepId }}
          title={step.title}
          isSkippable={step.skippable}
        />
      )}
    </li>
  )
}

function Notes({ runId, stepId }: { runId: string; stepId: string }) {
  const words = useWords(stepsWords)
  const [isOpen, setOpen] = useState(false)
  const query = useQuery({ ...notesQuery(runId, stepId), enabled: isOpen })
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.summary}>{words.notes}</summary>
      {isOpen && (
        <Answered query={query}>
          {(notes) =>
            notes.length === 0 ? (
              <p className="soft">{words.noNotes}</p>
            ) : (
              <ul className={styles.notes}>
                {notes.map(({ by, at, text }) => (
                  <li key={`${at} ${by}`}>
                    <p className={styles.text}>{text}</p>
                    <p className="soft">
                      <RecipientName id={by} />, <Moment at={at} />
                    </p>
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      )}
    </details>
  )
}
