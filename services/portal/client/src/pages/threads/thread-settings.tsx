import { useQuery } from '@tanstack/react-query'
import type { ThreadId } from '@relais/contracts/conversations'
import { type SubmitEvent, useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { hasScope, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Tick } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { preferenceAct, preferenceQuery } from '../preferences/preference-query.ts'
import { toggled } from './message-draft.ts'
import { closeAct, renameAct } from './thread-acts.ts'
import type { Thread } from './thread-queries.ts'
import { threadWords } from './thread-words.ts'

export const LONGEST_TITLE = 120

/** What may be done with a thread as a whole. */
export function ThreadSettings({ thread }: { thread: Thread }) {
  const words = useWords(threadWords)
  const person = usePerson()
  const [isOpen, setOpen] = useState(false)
  const mayChange = hasScope(person, 'thread:write') && thread.closedAt === undefined
  return (
    <>
      <Button onPress={() => setOpen(true)}>{words.settings}</Button>
      <Dialog title={words.settings} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Mute threadId={thread.threadId} />
        {mayChange && <Rename thread={thread} onDone={() => setOpen(false)} />}
        {mayChange && <Close thread={thread} onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  )
}

function Mute({ threadId }: { threadId: ThreadId }) {
  const words = useWords(threadWords)
  const perform = usePerform()
  const { data: preference } = useQuery(preferenceQuery)
  if (!preference) return null
  const mute = (isOn: boolean) => {
    const next = { ...preference, muted: toggled(preference.muted, threadId, isOn) }
    perform(preferenceAct(next, preference, isOn ? words.didMute : words.didUnmute))
  }
  return (
    <Tick isOn={preference.muted.includes(threadId)} onChange={mute}>
      {words.mute}
    </Tick>
  )
}

function Rename({ thread: { threadId, title: before }, onDone }: { thread: Thread; onDone: () => void }) {
  const words = useWords(threadWords)
  const perform = usePerform()
  const [title, setTitle] = useState<string>(before)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const next = title.trim()
    if (next === '') return
    if (next !== before)
      perform(renameAct(threadId, { title: next, before, what: words.renamed, back: words.renamedBack }))
    onDone()
  }
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <Field
        label={words.name}
        help={words.nameHelp}
        value={title}
        onChange={setTitle}
        maxLength={LONGEST_TITLE}
        error={title.trim() === '' ? words.titleNeeded : undefined}
      />
      <div>
        <Button type="submit">{words.rename}</Button>
      </div>
    </form>
  )
}

function Close({ thread: { threadId }, onDone }: { thread: Thread; onDone: () => void }) {
  const words = useWords(threadWords)
  const perform = usePerform()
  return (
    <div className="stack">
      <p className="soft">{words.closeHelp}</p>
      <div>
        <Button
          kind="danger"
          onPress={() => {
            perform(closeAct(threadId, words.closedIt))
            onDone()
          }}
        >
          {words.close}
        </Button>
      </div>
    </div>
  )
}
