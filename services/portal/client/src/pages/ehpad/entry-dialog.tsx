import { useId, useState } from 'react'
import { useActDone } from '../../acts/act-done.ts'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { dayInput, instantOfInput } from '../../messages/local-time.ts'
import { boardKey, registerKey, type Resident } from './ehpad-data.ts'
import { emptyIdentity, faultsOf, formOf, type IdentityForm, identityOf } from './entry-form.ts'
import { IdentityFields, useInsOids } from './identity-fields.tsx'
import { RefusedAct } from './refused-act.tsx'
import { registerWords } from './register-words.ts'
import { residentName } from './resident-name.tsx'

type Entry = { residentId: string; room: string; enteredOn: string; identity: IdentityForm }

/** A resident moves in. What is typed stays until it is on the register. */
export function EntryDialog({ finess, onClose }: { finess: string; onClose: () => void }) {
  const words = useWords(registerWords)
  const today = dayInput(useNow())
  const [{ value: oid }] = useInsOids()
  const [entry, change, clear] = useDraft<Entry>(`entry.${finess}`, {
    // Of the draft, not of the press: sent again after a cut, it is the same resident.
    residentId: crypto.randomUUID(),
    room: '',
    enteredOn: today,
    identity: emptyIdentity(oid),
  })
  const [isAsked, setAsked] = useState(false)
  const perform = usePerform()
  const subject = `resident/${entry.residentId}`
  const act = useActDone(subject, () => {
    clear()
    onClose()
  })
  const faults = faultsOf(entry.identity, today)
  const enteredAt = entry.enteredOn > today ? undefined : instantOfInput(`${entry.enteredOn}T12:00`)
  const send = () => {
    setAsked(true)
    if (Object.keys(faults).length > 0 || enteredAt === undefined) return
    const identity = identityOf(entry.identity)
    const room = entry.room.trim()
    perform({
      subject,
      method: 'POST',
      path: '/residents',
      body: {
        residentId: entry.residentId,
        identity,
        ...(room === '' ? {} : { room }),
        // Whoever enters today has entered already, also in the morning.
        enteredAt: entry.enteredOn === today ? instantOfInput(`${today}T00:00`) : enteredAt,
      },
      what: words.entered(residentName(identity)),
      affects: [registerKey(finess), boardKey(finess)],
    })
  }
  return (
    <FormDialog title={words.enter} act={act} onSend={send} onClose={onClose}>
      <Field label={words.room} value={entry.room} onChange={(room) => change({ ...entry, room })} maxLength={30} />
      <Field
        type="date"
        label={words.entryDate}
        value={entry.enteredOn}
        onChange={(enteredOn) => change({ ...entry, enteredOn })}
        error={enteredAt === undefined ? words.invalid.enteredAt : undefined}
      />
      <IdentityFields
        form={entry.identity}
        faults={isAsked ? faults : {}}
        onChange={(identity) => change({ ...entry, identity })}
      />
    </FormDialog>
  )
}

type Correction = { finess: string; resident: Resident; onClose: () => void }

/** Who a resident is was said wrongly. */
export function CorrectionDialog({ finess, resident: { residentId, identity }, onClose }: Correction) {
  const words = useWords(registerWords)
  const today = dayInput(useNow())
  const [{ value: oid }] = useInsOids()
  const [form, change, clear] = useDraft(`identity.${residentId}`, formOf(identity, oid))
  const [isAsked, setAsked] = useState(false)
  const perform = usePerform()
  const subject = `resident/${residentId}/identity`
  const act = useActDone(subject, () => {
    clear()
    onClose()
  })
  const faults = faultsOf(form, today)
  const send = () => {
    setAsked(true)
    if (Object.keys(faults).length > 0) return
    perform({
      subject,
      method: 'PUT',
      path: `/residents/${residentId}/identity`,
      body: identityOf(form),
      what: words.corrected(residentName(identity)),
      affects: [registerKey(finess), boardKey(finess), ['doubts', finess]],
    })
  }
  return (
    <FormDialog title={words.correctOf(residentName(identity))} act={act} onSend={send} onClose={onClose}>
      <IdentityFields form={form} faults={isAsked ? faults : {}} onChange={change} />
    </FormDialog>
  )
}

type FormOf = {
  title: string
  act: ReturnType<typeof useActDone>
  onSend: () => void
  onClose: () => void
  children: React.ReactNode
}

/** A form in a dialog: it closes once what it sends is on record, and says until then that it waits, or why not. */
export function FormDialog({ title, act, onSend, onClose, children }: FormOf) {
  const words = useWords(registerWords)
  const id = useId()
  const isUnderWay = act !== undefined && act.state !== 'refused'
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        id={id}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          onSend()
        }}
      >
        {children}
        <RefusedAct act={act} />
        {act?.state === 'waiting' && <p role="status">{words.waiting}</p>}
        <div className="row">
          <Button kind="primary" type="submit" isPending={isUnderWay}>
            {words.record}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
