import type { SkipReason } from '@relais/contracts/protocol-runs'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { Button } from '../../design/button.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { useRecipientNames } from '../../people/people.tsx'
import { circleQuery } from '../patient/patient-queries.ts'
import type { StepAct } from './step-acts.tsx'
import type { Run, Step } from './step-queries.ts'
import { stepWords } from './step-words.ts'

type FormProps = { run: Run; step: Step; act: StepAct; close: () => void }

const MOST_NOTE = 4000
const reasons: readonly SkipReason[] = [
  'notNeeded',
  'doneElsewhere',
  'patientDeclined',
  'patientUnreachable',
  'notPossible',
  'other',
]

const submitted = (send: () => void) => (event: SubmitEvent) => {
  event.preventDefault()
  send()
}

/** What is written when a step is done. */
export function NoteForm({ run, step, act, close }: FormProps) {
  const words = useWords(stepWords)
  const [note, setNote, clear] = useDraft(`step.${run.runId}.${step.stepId}.note`, '')
  const send = () => {
    const said = note.trim()
    act('done', said === '' ? {} : { note: said })
    clear()
    close()
  }
  return (
    <form className="stack" onSubmit={submitted(send)}>
      <Field label={words.note} help={words.noteHelp} rows={5} maxLength={MOST_NOTE} value={note} onChange={setNote} />
      <Ways send={words.done} cancel={words.cancel} close={close} />
    </form>
  )
}

/** Why a step is not done. */
export function SkipForm({ run, step, act, close }: FormProps) {
  const words = useWords(stepWords)
  const domain = useWords(domainWords)
  const [reason, setReason] = useState<SkipReason>('notNeeded')
  const [comment, setComment, clear] = useDraft(`step.${run.runId}.${step.stepId}.skip`, '')
  const [isTried, setTried] = useState(false)
  const said = comment.trim()
  const isMissing = reason === 'other' && said === ''
  const send = () => {
    setTried(true)
    if (isMissing) return
    act('skip', { reason, ...(said === '' ? {} : { comment: said }) })
    clear()
    close()
  }
  return (
    <form className="stack" onSubmit={submitted(send)} noValidate>
      <Choice
        label={words.reason}
        value={reason}
        options={reasons.map((value) => ({ value, label: capital(domain.because[value]) }))}
        onChange={setReason}
      />
      <Field
        label={words.comment}
        help={words.noteHelp}
        rows={3}
        maxLength={MOST_NOTE}
        value={comment}
        isRequired={reason === 'other'}
        error={isTried && isMissing ? words.commentMissing : undefined}
        onChange={setComment}
      />
      <Ways send={words.skipSend} cancel={words.cancel} close={close} />
    </form>
  )
}

/** Somebody of the care circle, or whoever coordinates the protocol. */
export function ReassignForm({ run, step, act, close }: FormProps) {
  const words = useWords(stepWords)
  const domain = useWords(domainWords)
  const { data: members = [] } = useQuery({
    ...circleQuery(run.patientId ?? ''),
    enabled: run.patientId !== undefined,
  })
  const present = members.filter(({ leftAt, memberId }) => leftAt === undefined && memberId !== step.owner)
  const roles = new Map<string, string>(present.map(({ memberId, role }) => [memberId, domain.circleRole[role]]))
  if (run.coordinator !== step.owner) roles.set(run.coordinator, domain.circleRole.coordinateur)
  const ids = [...roles.keys()]
  const names = useRecipientNames(ids)
  const [chosen, setChosen] = useState<string>('')
  const send = () => {
    if (chosen === '') return
    act('reassign', { to: chosen })
    close()
  }
  return (
    <form className="stack" onSubmit={submitted(send)}>
      <p className="soft">{words.reassignHelp}</p>
      <Choice
        label={words.owner}
        value={chosen}
        isRequired
        options={ids.map((value, index) => ({ value, label: `${names[index] ?? value} (${roles.get(value) ?? ''})` }))}
        onChange={setChosen}
      />
      <Ways send={words.reassignSend} cancel={words.cancel} close={close} />
    </form>
  )
}

function Ways({ send, cancel, close }: { send: string; cancel: string; close: () => void }) {
  return (
    <div className="row">
      <Button kind="primary" type="submit">
        {send}
      </Button>
      <Button onPress={close}>{cancel}</Button>
    </div>
  )
}
