import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { actWords } from '../../acts/act-words.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import { actKeys } from './inbox-acts.ts'
import { doStepAct, stepSubject } from '../patient/step-acts.ts'
import { DoForm, SkipForm } from '../patient/step-dialogs.tsx'
import { ReassignForm } from './reassign-form.tsx'
import type { Run, Step } from './step-queries.ts'
import { stepWords } from './step-words.ts'
import styles from './inbox.module.css'

export type StepDialogName = 'note' | 'skip' | 'reassign'
type StepActsProps = { run: Run; step: Step; wanted: StepDialogName | undefined; onWanted: () => void }

/** What may be done about an open step, and what became of the last attempt. */
export function StepActs({ run, step, wanted, onWanted }: StepActsProps) {
  const words = useWords(stepWords)
  const acting = useWords(actWords)
  const explain = useWords(refusalWords)
  const person = usePerson()
  const [pressed, setAsked] = useState<StepDialogName>()
  const asked = pressed ?? (wanted === 'skip' && !step.skippable ? undefined : wanted)
  const perform = usePerform()
  // Of who coordinates without taking part in the care, who the patient is stays unsaid.
  const about = { patientId: run.patientId ?? '', runId: run.runId, stepId: step.stepId }
  const under = useActOn(stepSubject(about))
  const isPending = under?.state === 'waiting' || under?.state === 'sending'
  if (!hasScope(person, 'run:write')) return null
  const close = () => {
    setAsked(undefined)
    onWanted()
  }
  const doNow = () => perform(doStepAct(about, { requestId: crypto.randomUUID(), what: words.doneSaid, note: '' }))
  const reassign = (to: string) =>
    perform({
      subject: stepSubject(about),
      method: 'POST',
      path: `/runs/${run.runId}/steps/${step.stepId}/reassign`,
      body: { to },
      what: words.reassignSaid,
      affects: [['run', run.runId], ['runs'], ['inbox']],
    })
  const titles = { note: words.noteTitle, skip: words.skipTitle, reassign: words.reassignTitle }
  return (
    <>
      <div className={`${styles.acts} unprinted`} role="group" aria-label={words.actions}>
        <Button kind="primary" shortcut={actKeys.done} isDisabled={isPending} onPress={doNow}>
          {words.done}
        </Button>
        <Button isDisabled={isPending} onPress={() => setAsked('note')}>
          {words.doneWithNote}
        </Button>
        {step.skippable && (
          <Button shortcut={actKeys.skip} isDisabled={isPending} onPress={() => setAsked('skip')}>
            {words.skip}
          </Button>
        )}
        <Button isDisabled={isPending} onPress={() => setAsked('reassign')}>
          {words.reassign}
        </Button>
      </div>
      {isPending && <p role="status">{`${under.what} — ${acting.pending}`}</p>}
      {under?.state === 'refused' && (
        <p role="alert" className={styles.refused}>{`${under.what} — ${explain(under.refusal?.code ?? 'unknown')}`}</p>
      )}
      <Dialog title={asked ? titles[asked] : ''} isOpen={asked !== undefined} onClose={close}>
        {asked === 'note' && <DoForm step={about} title={step.title} onDone={close} />}
        {asked === 'skip' && <SkipForm step={about} title={step.title} onDone={close} />}
        {asked === 'reassign' && <ReassignForm run={run} step={step} onChoose={reassign} close={close} />}
      </Dialog>
    </>
  )
}
