import { useQuery } from '@tanstack/react-query'
import { memo } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { runsQuery } from '../patient/patient-queries.ts'
import { runsKey, toldKey } from './ehpad-data.ts'
import { ehpadWords } from './ehpad-words.ts'
import { isSettled, type ReadinessLine, readinessOf } from './readiness.ts'
import styles from './ehpad.module.css'

type Asked = { patientId: string; stayId: string | undefined; finess: string; heading: string }

/** What the territory's protocols ask for around this absence, and who has it: ours can be done from here. */
export const ReadinessList = memo(function ReadinessList({ patientId, stayId, finess, heading }: Asked) {
  const words = useWords(ehpadWords)
  const { data: runs } = useQuery({ ...runsQuery(patientId), enabled: hasScope(usePerson(), 'run:read') })
  const { lines, settled, late } = readinessOf(runs ?? [], `finess:${finess}`, stayId)
  if (lines.length === 0) return null
  return (
    <div className={styles.readiness}>
      <h4>
        {heading}{' '}
        <Badge tone={settled === lines.length ? 'done' : 'plain'}>{words.progress(settled, lines.length)}</Badge>{' '}
        {late > 0 && <Badge tone="alert">{words.lateCount(late)}</Badge>}
      </h4>
      <ul className={styles.steps}>
        {lines.map((line) => (
          <StepLine key={`${line.runId} ${line.stepId}`} {...{ line, lines, patientId, finess }} />
        ))}
      </ul>
    </div>
  )
})

type Line = { line: ReadinessLine; lines: readonly ReadinessLine[]; patientId: string; finess: string }

function StepLine({ line, lines, patientId, finess }: Line) {
  const words = useWords(ehpadWords)
  const { stepStatus } = useWords(domainWords)
  const { status, title, owner, isOurs, dueAt, late, after } = line
  const blocking = lines.filter(
    ({ runId, stepId, status }) => runId === line.runId && after.includes(stepId) && !isSettled(status),
  )
  return (
    <li data-status={status}>
      <span className={styles.mark} aria-hidden="true">
        {status === 'done' ? '✓' : status === 'skipped' ? '–' : late ? '!' : '○'}
      </span>
      <span className={styles.step}>
        <span>
          <span className="aside">{`${capital(stepStatus[status])} : `}</span>
          {title}
        </span>
        <span className={styles.about}>
          {isOurs ? <strong>{words.ours}</strong> : owner && <RecipientName id={owner} />}
          {dueAt !== undefined && !isSettled(status) && (
            <span>
              {words.by} <Moment at={dueAt} only="absolute" />
            </span>
          )}
          {status === 'skipped' && <span>{stepStatus.skipped}</span>}
          {status === 'waiting' && blocking.length > 0 && (
            <span>{words.waitsFor(blocking.map((one) => one.title).join(', '))}</span>
          )}
        </span>
        {late && !isSettled(status) && <Badge tone="alert">{words.late}</Badge>}
      </span>
      {isOurs && status === 'open' && <StepDone {...{ line, patientId, finess }} />}
    </li>
  )
}

type Doing = { line: { runId: string; stepId: string; title: string }; patientId: string | undefined; finess: string }

/** One press says that a step of the house is done. */
export function StepDone({ line: { runId, stepId, title }, patientId, finess }: Doing) {
  const words = useWords(ehpadWords)
  const perform = usePerform()
  const subject = `run/${runId}/${stepId}`
  const act = useActOn(subject)
  const mayDo = hasScope(usePerson(), 'run:write')
  if (!mayDo) return null
  if (act && act.state !== 'refused') return <Badge tone="warn">{words[act.state]}</Badge>
  return (
    <Button
      label={`${words.stepDone} : ${title}`}
      onPress={() =>
        perform({
          subject,
          method: 'POST',
          path: `/runs/${runId}/steps/${stepId}/done`,
          body: { requestId: crypto.randomUUID() },
          what: words.stepSaid(title),
          affects: [patientId === undefined ? ['runs'] : runsKey(patientId), toldKey(finess)],
        })
      }
    >
      {words.stepDone}
    </Button>
  )
}
