import type { ThreadKind } from '@relais/contracts/conversations'
import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { toggled } from './message-draft.ts'
import { openAct } from './thread-acts.ts'
import { LONGEST_TITLE } from './thread-settings.tsx'
import { threadWords } from './thread-words.ts'
import styles from './threads.module.css'

/** A button that begins a conversation, about a patient where one is given. */
export function OpenThread({ patientId }: { patientId?: string }) {
  const words = useWords(threadWords)
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="unprinted">
      <Button kind="primary" onPress={() => setOpen(true)}>
        {words.open}
      </Button>
      <Dialog title={words.open} isOpen={isOpen} onClose={() => setOpen(false)}>
        <OpenForm patientId={patientId} onDone={() => setOpen(false)} />
      </Dialog>
    </div>
  )
}

type Begun = { kind: ThreadKind; title: string; members: readonly string[] }

function OpenForm({ patientId, onDone }: { patientId: string | undefined; onDone: () => void }) {
  const words = useWords(threadWords)
  const person = usePerson()
  const perform = usePerform()
  const navigate = useNavigate()
  const kinds: readonly ThreadKind[] =
    patientId === undefined ? ['wardCommunity', 'group', 'territory'] : ['patient', 'wardCommunity']
  const [begun, setBegun, clear] = useDraft<Begun>(`thread of ${patientId ?? 'nobody'}`, {
    kind: patientId === undefined ? 'wardCommunity' : 'patient',
    title: '',
    members: [],
  })
  const [isTried, setTried] = useState(false)
  const { kind, title, members } = begun
  const isNamed = kind === 'wardCommunity' || kind === 'group'
  const isTitleMissing = title.trim() === ''
  const isMemberMissing = isNamed && members.length === 0

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (isTitleMissing || isMemberMissing) return
    const threadId = crypto.randomUUID()
    // Whoever opens a thread is in it.
    const inIt = [...new Set([person.id, ...members])]
    perform(openAct(threadId, { kind, title: title.trim(), members: inIt, patientId }, words.opened), () => {
      if (patientId === undefined) void navigate({ to: '/threads/$threadId', params: { threadId } })
      else
        void navigate({
          to: '/patients/$patientId',
          params: { patientId },
          search: { tab: 'thread', thread: threadId },
        })
    })
    clear()
    onDone()
  }
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <fieldset className={styles.kinds}>
        <legend>{words.forWhom}</legend>
        {kinds.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="thread-kind"
              checked={kind === one}
              onChange={() => setBegun({ ...begun, kind: one })}
            />
            {words.kinds[one]}
          </label>
        ))}
      </fieldset>
      {patientId === undefined && <p className="soft">{words.patientHint}</p>}
      <Field
        label={words.name}
        help={words.nameHelp}
        value={title}
        onChange={(text) => setBegun({ ...begun, title: text })}
        maxLength={LONGEST_TITLE}
        isRequired
        error={isTried && isTitleMissing ? words.titleNeeded : undefined}
      />
      {isNamed && (
        <>
          <ChosenRecipients
            recipients={members}
            label={words.chosen}
            onRemove={(member) => setBegun({ ...begun, members: toggled(members, member, false) })}
          />
          <DirectorySearch
            label={words.memberSearch}
            withWards
            onChoose={(member) => setBegun({ ...begun, members: toggled(members, member, true) })}
          />
          <p role="alert" className={styles.problem}>
            {isTried && isMemberMissing ? words.membersNeeded : ''}
          </p>
        </>
      )}
      <div className="row">
        <Button type="submit" kind="primary">
          {words.openIt}
        </Button>
        <Button onPress={onDone}>{words.cancel}</Button>
      </div>
    </form>
  )
}
