import type { SkipReason } from '@relais/contracts/protocol-runs'
import { useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { lateKey } from './late-data.ts'
import { lateWords } from './late-words.ts'

type OfStep = { runId: string; stepId: string; title: string; onClose: () => void }

/** Gives a step to somebody else. Whether that one takes part in the care, the platform knows. */
export function ReassignDialog({
  runId,
  stepId,
  title,
  coordinator,
  onClose,
}: OfStep & { coordinator: string | undefined }) {
  const words = useWords(lateWords)
  const [to, setTo] = useState<string>()
  const perform = usePerform()
  const confirm = () => {
    if (to === undefined) return
    perform({
      subject: `run/${runId}/${stepId}`,
      method: 'POST',
      path: `/runs/${runId}/steps/${stepId}/reassign`,
      body: { to },
      what: words.reassigned(title),
      affects: [lateKey, ['run', runId]],
    })
    onClose()
  }
  return (
    <Dialog title={words.reassignTitle(title)} isOpen onClose={onClose}>
      <p className="soft">{words.reassignHelp}</p>
      {coordinator !== undefined && (
        <div>
          <Button onPress={() => setTo(coordinator)}>{words.toCoordination}</Button>
        </div>
      )}
      <DirectorySearch label={words.whom} withWards onChoose={setTo} />
      <ChosenRecipients
        label={words.chosen}
        recipients={to === undefined ? [] : [to]}
        onRemove={() => setTo(undefined)}
      />
      <div className="row">
        <Button kind="primary" isDisabled={to === undefined} onPress={confirm}>
          {words.confirm}
        </Button>
        <Button onPress={onClose}>{words.cancel}</Button>
      </div>
    </Dialog>
  )
}

const reasons = [
  'notNeeded',
  'doneElsewhere',
  'patientDeclined',
  'patientUnreachable',
  'notPossible',
  'other',
] as const satisfies readonly SkipReason[]

/** Says why a step is not done. */
export function SkipDialog({ runId, stepId, title, onClose }: OfStep) {
  const words = useWords(lateWords)
  const { because } = useWords(domainWords)
  const [form, change, clear] = useDraft<{ reason: SkipReason | ''; comment: string }>(`skip.${runId}.${stepId}`, {
    reason: '',
    comment: '',
  })
  const [isAsked, setAsked] = useState(false)
  const perform = usePerform()
  const comment = form.comment.trim()
  const isMissing = form.reason === 'other' && comment === ''
  const confirm = () => {
    setAsked(true)
    if (form.reason === '' || isMissing) return
    perform({
      subject: `run/${runId}/${stepId}`,
      method: 'POST',
      path: `/runs/${runId}/steps/${stepId}/skip`,
      body: { requestId: crypto.randomUUID(), reason: form.reason, ...(comment === '' ? {} : { comment }) },
      what: words.skipped(title),
      affects: [lateKey, ['run', runId]],
    })
    clear()
    onClose()
  }
  return (
    <Dialog title={words.skipTitle(title)} isOpen onClose={onClose}>
      <Choice
        label={words.reason}
        value={form.reason}
        options={reasons.map((value) => ({ value, label: because[value] }))}
        onChange={(reason) => change({ ...form, reason })}
        isRequired
        error={isAsked && form.reason === '' ? words.reason : undefined}
      />
      <Field
        label={words.comment}
        help={words.commentHelp}
        rows={3}
        value={form.comment}
        onChange={(text) => change({ ...form, comment: text })}
        error={isAsked && isMissing ? words.commentMissing : undefined}
        maxLength={4000}
      />
      <div className="row">
        <Button kind="primary" onPress={confirm}>
          {words.confirm}
        </Button>
        <Button onPress={onClose}>{words.cancel}</Button>
      </div>
    </Dialog>
  )
}

/** Ends a run: asked twice, for it is not taken back. */
export function EndDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const words = useWords(lateWords)
  const perform = usePerform()
  const confirm = () => {
    perform({
      subject: `run/${runId}`,
      method: 'POST',
      path: `/runs/${runId}/end`,
      body: { because: 'person' },
      what: words.ended,
      affects: [lateKey, ['run', runId], ['protocol-runs']],
    })
    onClose()
  }
  return (
    <Dialog title={words.endTitle} isOpen onClose={onClose}>
      <p>{words.endHelp}</p>
      <div className="row">
        <Button kind="danger" onPress={confirm}>
          {words.confirm}
        </Button>
        <Button onPress={onClose}>{words.cancel}</Button>
      </div>
    </Dialog>
  )
}
