import { type KeyboardEvent, type SubmitEvent, useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import attached from '../../attachments/attachments.module.css'
import { AttachmentList } from '../../attachments/attachment-list.tsx'
import { useAttachments } from '../../attachments/use-attachments.tsx'
import { Button } from '../../design/button.tsx'
import { Field, Tick } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { LONGEST_TEXT } from './message-acts.tsx'
import { bodyOf, type MessageDraft, toggled } from './message-draft.ts'
import { Mentions } from './mentions.tsx'
import { QuoteDialog } from './quote-dialog.tsx'
import { QuotedLine } from './quoted-line.tsx'
import { postAct } from './thread-acts.ts'
import type { Post, Thread } from './thread-queries.ts'
import { writingWords } from './writing-words.ts'
import styles from './composer.module.css'

type ComposerProps = {
  thread: Thread
  draft: MessageDraft
  onChange: (draft: MessageDraft) => void
  onSent: () => void
  /** The message that the draft answers, where it is loaded. */
  answered: Post | undefined
}

/** Where a message is written. What was begun is kept until it is sent, whatever becomes of the page or the session. */
export function Composer({ thread, draft, onChange, onSent, answered }: ComposerProps) {
  const words = useWords(writingWords)
  const perform = usePerform()
  const [isQuoting, setQuoting] = useState(false)
  const { threadId, patientId, kind } = thread
  const change = (part: Partial<MessageDraft>) => onChange({ ...draft, ...part })
  const files = useAttachments({
    addressOf: (documentId) => ({ path: '/attachments', query: { owner: patientId ?? threadId, documentId } }),
    attachments: draft.attachments,
    onChange: (attachments) => change({ attachments }),
  })
  const isEmpty = draft.text.trim() === ''
  const send = () => {
    if (isEmpty || files.isUploading) return
    // Its shape is that of the contract, and the platform checks the ids in it.
    const body = bodyOf(draft) as Parameters<typeof postAct>[1]
    perform(postAct({ threadId, postId: crypto.randomUUID() }, body, { what: words.sent, back: words.unsent }))
    onSent()
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    send()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    send()
  }
  return (
    <form data-composer className={`${styles.composer} unprinted`} onSubmit={submit}>
      {draft.replyTo !== undefined && (
        <p className={styles.answering}>
          {`${words.inAnswerTo} `}
          {answered ? <RecipientName id={answered.by} /> : words.missingReply}
          <Button kind="quiet" label={words.cancel} onPress={() => change({ replyTo: undefined })}>
            ×
          </Button>
        </p>
      )}
      <Field
        label={words.write}
        rows={2}
        value={draft.text}
        onChange={(text) => change({ text })}
        maxLength={LONGEST_TEXT}
        name="message"
        onKeyDown={onKeyDown}
      />
      {patientId !== undefined && draft.quotes.length > 0 && (
        <ul className={attached.parts} aria-label={words.quoted}>
          {draft.quotes.map((eventId) => (
            <li key={eventId}>
              <QuotedLine patientId={patientId} entryId={eventId} />
              <Button
                kind="quiet"
                label={words.leaveOut(words.quoted)}
                onPress={() => change({ quotes: toggled(draft.quotes, eventId, false) })}
              >
                ×
              </Button>
            </li>
          ))}
        </ul>
      )}
      <AttachmentList files={files} attachments={draft.attachments} />
      <div className={styles.tools}>
        <div className={styles.extras}>
          {files.button}
          {patientId !== undefined && (
            <Button label={words.quoteAdd} onPress={() => setQuoting(true)}>
              {words.quoteShort}
            </Button>
          )}
          <Mentions thread={thread} draft={draft} onChange={change} />
        </div>
        <div className={styles.sending}>
          {kind !== 'territory' && (
            <Tick isOn={draft.urgent} onChange={(urgent) => change({ urgent })}>
              {words.urgentTick}
            </Tick>
          )}
          <Button type="submit" kind="primary" isDisabled={isEmpty || files.isUploading} shortcut="Ctrl ↵">
            {words.send}
          </Button>
        </div>
      </div>
      {patientId !== undefined && (
        <QuoteDialog
          patientId={patientId}
          isOpen={isQuoting}
          quoted={draft.quotes}
          onClose={() => setQuoting(false)}
          onQuote={(eventId, isOn) => change({ quotes: toggled(draft.quotes, eventId, isOn) })}
        />
      )}
    </form>
  )
}
