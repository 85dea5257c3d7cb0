import type { LateStep } from '@relais/contracts/run-routes'
import { memo, useState } from 'react'
import { useActOn } from '../../acts/acts.tsx'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import { RecipientName } from '../../people/people.tsx'
import { EndDialog, ReassignDialog, SkipDialog } from './late-dialogs.tsx'
import { lateWords } from './late-words.ts'
import { RunDialog } from './run-dialog.tsx'
import styles from './late.module.css'

type Row = { step: LateStep; title: string; coordinator: string | undefined }

/** One step that is late, and what may be done about it. */
export const LateRow = memo(function LateRow({ step, title, coordinator }: Row) {
  const words = useWords(lateWords)
  const mayWrite = hasScope(usePerson(), 'run:write')
  const [open, setOpen] = useState<'reassign' | 'skip' | 'end' | 'run'>()
  const close = () => setOpen(undefined)
  const { runId, stepId } = step
  return (
    <li className="card">
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.since}>
        {words.since} <Moment at={step.dueAt} />
      </p>
      <p>
        {words.owner} :{' '}
        <strong>
          <RecipientName id={step.owner} />
        </strong>
      </p>
      <p className="soft">{step.protocol}</p>
      <Refusal subject={subjectOf(step)} />
      <Refusal subject={`run/${runId}`} />
      <div className={`${styles.acts} unprinted`}>
        {mayWrite &&
          (['reassign', 'skip', 'end'] as const).map((act) => (
            <Button key={act} label={`${words[act]} ${title}`} onPress={() => setOpen(act)}>
              {words[act]}
            </Button>
          ))}
        <Button kind="quiet" label={`${words.run} : ${title}`} onPress={() => setOpen('run')}>
          {words.run}
        </Button>
      </div>
      {open === 'reassign' && <ReassignDialog {...{ runId, stepId, title, coordinator }} onClose={close} />}
      {open === 'skip' && <SkipDialog {...{ runId, stepId, title }} onClose={close} />}
      {open === 'end' && <EndDialog runId={runId} onClose={close} />}
      {open === 'run' && <RunDialog runId={runId} onClose={close} />}
    </li>
  )
})

export const subjectOf = ({ runId, stepId }: Pick<LateStep, 'runId' | 'stepId'>) => `run/${runId}/${stepId}`

/** What was asked of this step waits, or was refused. */
function Refusal({ subject }: { subject: string }) {
  const words = useWords(lateWords)
  const explain = useWords(refusalWords)
  const act = useActOn(subject)
  if (!act) return null
  if (act.state !== 'refused') return <Badge tone="warn">{words.waiting}</Badge>
  return (
    <p role="alert" className={styles.refused}>
      {words.refused} : {explain(act.refusal?.code ?? '')}
    </p>
  )
}
