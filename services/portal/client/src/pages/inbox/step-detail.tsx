import { useQuery } from '@tanstack/react-query'
import { PatientLink } from './item-patient.tsx'
import { givesCare, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { useChannel } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName, RecipientName } from '../../people/people.tsx'
import { StepActs, type StepDialogName } from './step-acts.tsx'
import { notesQuery, type Run, runQuery, type Step } from './step-queries.ts'
import { stepWords } from './step-words.ts'
import styles from './inbox.module.css'

type StepDetailProps = {
  runId: string
  stepId: string
  /** A question that was asked for by a key, before this was shown. */
  wanted: StepDialogName | undefined
  onWanted: () => void
}

/** One step of a protocol: what there is to do, for whom, until when; and the steps around it. */
export function StepDetail({ runId, stepId, ...wanting }: StepDetailProps) {
  const query = useQuery(runQuery(runId))
  const heard = useRefreshing(() => void query.refetch())
  useChannel(`run/${runId}`, { onEntry: heard })
  return (
    <Answered query={query}>
      {(run) => {
        const step = run.steps.find((one) => one.stepId === stepId)
        return step ? <Shown run={run} step={step} {...wanting} /> : null
      }}
    </Answered>
  )
}

type ShownProps = Omit<StepDetailProps, 'runId' | 'stepId'> & { run: Run; step: Step }

function Shown({ run, step, ...wanting }: ShownProps) {
  const words = useWords(stepWords)
  const domain = useWords(domainWords)
  const { patientId } = run
  return (
    <article className="stack">
      <header className={styles.detailHead}>
        <h2>{step.title}</h2>
        {patientId !== undefined && (
          <p>
            <PatientName patientId={patientId} />
          </p>
        )}
        <p className="row">
          <Badge tone={step.status === 'done' ? 'done' : step.late ? 'alert' : 'calm'}>
            {step.late && step.status === 'open' ? words.late : capital(domain.stepStatus[step.status])}
          </Badge>
          <span className="soft">{`${words.protocol} : ${run.title}`}</span>
        </p>
        {run.status === 'ended' && <p>{`${words.ended}${run.because ? ` : ${domain.because[run.because]}` : ''}.`}</p>}
      </header>
      {step.what !== undefined && (
        <section className="stack">
          <h3>{words.what}</h3>
          <p className={styles.whatToDo}>{step.what}</p>
        </section>
      )}
      <Facts>
        {step.dueAt !== undefined && (
          <Fact label={words.due}>
            <Moment at={step.dueAt} />
          </Fact>
        )}
        {step.owner !== undefined && (
          <Fact label={words.owner}>
            <RecipientName id={step.owner} />
            {step.role && <span className="soft">{` ${words.as(domain.circleRole[step.role])}`}</span>}
          </Fact>
        )}
        {step.escalatedTo.length > 0 && (
          <Fact label={words.alsoTold}>
            {step.escalatedTo.map((recipient, index) => (
              <span key={recipient}>
                {index > 0 && ', '}
                <RecipientName id={recipient} />
              </span>
            ))}
          </Fact>
        )}
      </Facts>
      {run.status === 'running' && step.status === 'open' && <StepActs run={run} step={step} {...wanting} />}
      <Notes run={run} step={step} />
      <section className="stack">
        <h3>{words.others}</h3>
        <ol className={styles.steps}>
          {run.steps.map((one) => (
            <li key={one.stepId} aria-current={one.stepId === step.stepId ? 'step' : undefined}>
              <span>{one.title}</span> <Badge>{domain.stepStatus[one.status]}</Badge>{' '}
              {one.dueAt !== undefined && one.status === 'open' && (
                <span className="soft">
                  <Moment at={one.dueAt} only="absolute" />
                </span>
              )}
            </li>
          ))}
        </ol>
      </section>
      <PatientLink patientId={patientId} />
    </article>
  )
}

function Notes({ run, step }: { run: Run; step: Step }) {
  const words = useWords(stepWords)
  const person = usePerson()
  const isSettled = step.status === 'done' || step.status === 'skipped'
  const { data = [] } = useQuery({
    ...notesQuery(run.runId, step.stepId),
    enabled: isSettled && givesCare(person) && run.patientId !== undefined,
  })
  if (data.length === 0) return null
  return (
    <section className="stack">
      <h3>{words.notes}</h3>
      {data.map(({ by, at, text }) => (
        <div key={`${by} ${at}`}>
          <p className="soft">
            <RecipientName id={by} /> <Moment at={at} />
          </p>
          <p className={styles.whatToDo}>{text}</p>
        </div>
      ))}
    </section>
  )
}
