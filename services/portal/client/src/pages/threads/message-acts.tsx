import type { WithdrawalReason } from '@relais/contracts/conversations'
import { type SubmitEvent, useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { editAct, withdrawAct, withdrawalReasons } from './thread-acts.ts'
import type { Post } from './thread-queries.ts'
import { writingWords } from './writing-words.ts'

export const LONGEST_TEXT = 10_000

/** In place of its text. What it said before stays on record. */
export function EditMessage({ post, onDone }: { post: Post; onDone: () => void }) {
  const words = useWords(writingWords)
  const perform = usePerform()
  const before = post.text ?? ''
  const [text, setText, clear] = useDraft(`edit ${post.postId}`, before)
  const leave = () => {
    clear()
    onDone()
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const next = text.trim()
    if (next !== '' && next !== before)
      perform(editAct(post, { text: next, before, what: words.changed, back: words.changedBack }))
    leave()
  }
  return (
    <form onSubmit={submit} className="stack">
      <Field label={words.textOf} rows={3} value={text} onChange={setText} maxLength={LONGEST_TEXT} />
      <div className="row">
        <Button type="submit" kind="primary">
          {words.save}
        </Button>
        <Button onPress={leave}>{words.cancel}</Button>
      </div>
    </form>
  )
}

export function WithdrawMessage({ post, isOpen, onDone }: { post: Post; isOpen: boolean; onDone: () => void }) {
  const words = useWords(writingWords)
  const { withdrawal } = useWords(domainWords)
  const perform = usePerform()
  const [reason, setReason] = useState<WithdrawalReason>('mistake')
  return (
    <Dialog title={words.withdrawTitle} isOpen={isOpen} onClose={onDone}>
      <p>{words.withdrawHelp}</p>
      <Choice
        label={words.reason}
        value={reason}
        options={withdrawalReasons.map((value) => ({ value, label: capital(withdrawal[value]) }))}
        onChange={setReason}
      />
      <div className="row">
        <Button
          kind="danger"
          onPress={() => {
            perform(withdrawAct(post, reason, words.unsent))
            onDone()
          }}
        >
          {words.withdraw}
        </Button>
        <Button onPress={onDone}>{words.cancel}</Button>
      </div>
    </Dialog>
  )
}
