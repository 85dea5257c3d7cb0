import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { useRecipientNames } from '../../people/people.tsx'
import { circleQuery } from '../patient/patient-queries.ts'
import type { Run, Step } from './step-queries.ts'
import { stepWords } from './step-words.ts'

/** Somebody of the care circle, or whoever coordinates the protocol. */
export function ReassignForm({
  run,
  step,
  onChoose,
  close,
}: {
  run: Run
  step: Step
  onChoose: (to: string) => void
  close: () => void
}) {
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
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (chosen === '') return
    onChoose(chosen)
    close()
  }
  return (
    <form className="stack" onSubmit={send}>
      <p className="soft">{words.reassignHelp}</p>
      <Choice
        label={words.reassignTo}
        value={chosen}
        isRequired
        options={ids.map((value, index) => ({ value, label: `${names[index] ?? value} (${roles.get(value) ?? ''})` }))}
        onChange={setChosen}
      />
      <div className="row">
        <Button kind="primary" type="submit">
          {words.reassignSend}
        </Button>
        <Button onPress={close}>{words.cancel}</Button>
      </div>
    </form>
  )
}
