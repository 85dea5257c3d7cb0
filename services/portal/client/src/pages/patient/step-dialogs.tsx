import type { SkipReason } from '@relais/contracts/protocol-runs'
import { type SubmitEvent, useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { doStepAct, skipReasons, skipStepAct, type StepOf, stepSubject } from './step-acts.ts'
import styles from './steps.module.css'
import { stepsWords } from './steps-words.ts'

/** What who has a step can do about it: say that it is done, or why it is not. */
export function StepActs({ step, title, isSkippable }: { step: StepOf; title: string; isSkippable: boolean }) {
  const words = useWords(stepsWords)
  const perform = usePerform()
  const underWay = useActOn(stepSubject(step))
  const [asked, setAsked] = useState<'do' | 'skip'>()
  const close = () => setAsked(undefined)
  if (underWay && underWay.state !== 'refused')
    return (
      <p role="status" className="soft">
        {underWay.what} — {words.pending}
      </p>
    )
  const doNow = () => perform(doStepAct(step, { requestId: crypto.randomUUID(), what: words.didStep(title), note: '' }))
  return (
    <div className={`row ${styles.acts} unprinted`}>
      <Button kind="primary" onPress={doNow} label={words.doOf(title)}>
        {words.do}
      </Button>
      <Button onPress={() => setAsked('do')} label={`${words.doWithNote} : ${title}`}>
        {words.doWithNote}
      </Button>
      {isSkippable && (
        <Button onPress={() => setAsked('skip')} label={words.skipOf(title)}>
          {words.skip}
        </Button>
      )}
      <Dialog title={words.doOf(title)} isOpen={asked === 'do'} onClose={close}>
        <DoForm step={step} title={title} onDone={close} />
      </Dialog>
      <Dialog title={words.skipOf(title)} isOpen={asked === 'skip'} onClose={close}>
        <SkipForm step={step} title={title} onDone={close} />
      </Dialog>
    </div>
  )
}

type FormProps = { step: StepOf; title: string; onDone: () => void }
const LONGEST_NOTE = 4000

/** What is written when a step is done. */
export function DoForm({ step, title, onDone }: FormProps) {
  const words = useWords(stepsWords)
  const perform = usePerform()
  const [note, setNote, clear] = useDraft(`do ${stepSubject(step)}`, '')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    perform(doStepAct(step, { requestId: crypto.randomUUID(), what: words.didStep(title), note }))
    clear()
    onDone()
  }
  return (
    <form onSubmit={submit} className="stack">
      <Field label={words.note} rows={4} value={note} onChange={setNote} maxLength={LONGEST_NOTE} />
      <div className="row">
        <Button type="submit" kind="primary">
          {words.confirmDo}
        </Button>
        <Button onPress={onDone}>{words.cancel}</Button>
      </div>
    </form>
  )
}

type Skip = { reason: SkipReason | ''; note: string }
const NOTHING: Skip = { reason: '', note: '' }

/** Why a step is not done. */
export function SkipForm({ step, title, onDone }: FormProps) {
  const words = useWords(stepsWords)
  const { because } = useWords(domainWords)
  const perform = usePerform()
  const [{ reason, note }, setSkip, clear] = useDraft(`skip ${stepSubject(step)}`, NOTHING)
  const [isTried, setTried] = useState(false)
  const isUnsaid = reason === 'other' && note.trim() === ''
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (reason === '' || isUnsaid) return
    const said = { requestId: crypto.randomUUID(), what: words.skippedStep(title), note, reason }
    perform(skipStepAct(step, said))
    clear()
    onDone()
  }
  return (
    <form onSubmit={submit} className="stack">
      <Choice
        label={words.reason}
        value={reason}
        options={skipReasons.map((value) => ({ value, label: capital(because[value]) }))}
        onChange={(value) => setSkip({ reason: value, note })}
      />
      <p role="alert" className={styles.problem}>
        {isTried && reason === '' ? words.reasonNeeded : ''}
      </p>
      <Field
        label={words.comment}
        rows={3}
        value={note}
        onChange={(text) => setSkip({ reason, note: text })}
        maxLength={LONGEST_NOTE}
        error={isTried && isUnsaid ? words.commentNeeded : undefined}
      />
      <div className="row">
        <Button type="submit" kind="primary">
          {words.confirmSkip}
        </Button>
        <Button onPress={onDone}>{words.cancel}</Button>
      </div>
    </form>
  )
}
