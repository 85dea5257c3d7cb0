import type { readStay } from '@relais/contracts/stay-routes'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import type { AnswerOf } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { platformTime } from '../../live/now.ts'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery } from '../../people/people.tsx'
import { type MovementDraft, missingIn, writtenOf } from './movement-draft.ts'
import { MovementFields } from './movement-fields.tsx'
import { stayWords } from './stay-words.ts'
import styles from './ward.module.css'

type Stay = AnswerOf<typeof readStay>

/** Says a movement, or says one again. What is typed is kept until it is on record. */
export function MovementDialog({
  title,
  name,
  initial,
  stay,
  path,
  onClose,
}: {
  title: string
  /** Of the draft. */
  name: string
  initial: () => MovementDraft
  stay: Stay
  /** Where it is said. */
  path: string
  onClose: () => void
}) {
  const words = useWords(stayWords)
  const { entry } = useWords(domainWords)
  const { stayId, patientId, standing, movements } = stay
  const [first] = useState(initial)
  const [kept, setDraft, clear] = useDraft(`movement.${name}`, first)
  // One that is on record, or was begun on what has changed since, is not said again.
  const isOnRecord = movements.some(({ movement }) => movement.source.number === kept.requestId)
  const draft = isOnRecord ? first : kept
  const [isAsked, setAsked] = useState(false)
  const perform = usePerform()
  const { data: facility } = useQuery(facilityQuery(standing.facility))
  const missing = missingIn(draft)
  const isNew = path.endsWith('/movements')

  function submit(): void {
    setAsked(true)
    if (missing.length > 0) return
    const labels = new Map(facility?.wards.map(({ code, label }) => [code, label]))
    const movement = writtenOf(isNew ? lodged(draft) : draft, { now: platformTime(Date.now()), labels })
    perform(
      {
        subject: `stay/${stayId}`,
        method: 'POST',
        path,
        body: { requestId: draft.requestId, movement },
        what: `${words.recorded} : ${entry[draft.kind]}`,
        affects: [
          ['board', 'ward'],
          ['stay', stayId],
          ['pathway', patientId],
        ],
        ...(isNew && {
          undo: {
            method: 'POST',
            path: `/stays/${stayId}/movements/{movementId}/withdraw`,
            body: { requestId: draft.undoId },
            what: `${words.undone} : ${entry[draft.kind]}`,
          },
        }),
      },
      clear,
    )
    onClose()
  }

  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <MovementFields
          draft={draft}
          onChange={setDraft}
          missing={isAsked ? missing : []}
          wards={facility?.wards ?? []}
        />
        {isAsked && missing.length > 0 && (
          <p role="alert" className={styles.notice}>
            {`${words.missing} : ${missing.map((field) => words.fields[field]).join(', ')}`}
          </p>
        )}
        <div className="row">
          <Button type="submit" kind="primary">
            {words.record}
          </Button>
          <Button onPress={onClose}>{words.keep}</Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Whoever is transferred lies in the ward that answers, unless another one is named. */
function lodged(draft: MovementDraft): MovementDraft {
  return draft.kind === 'transfer' && draft.careWard === '' ? { ...draft, careWard: draft.medicalWard } : draft
}
