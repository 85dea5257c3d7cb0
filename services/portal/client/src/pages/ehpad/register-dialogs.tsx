import { useId } from 'react'
import { useActDone } from '../../acts/act-done.ts'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { Field } from '../../design/field.tsx'
import { platformTime } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { instantOfInput, localInput } from '../../messages/local-time.ts'
import { boardKey, registerKey, type Resident } from './ehpad-data.ts'
import { FormDialog } from './entry-dialog.tsx'
import { registerWords } from './register-words.ts'
import { residentName } from './resident-name.tsx'
import styles from './register.module.css'

type OfResident = { finess: string; resident: Resident; onClose: () => void }

const nowInput = () => localInput(platformTime(Date.now()))

/** A resident changes rooms. */
export function MoveDialog({ finess, resident: { residentId, identity }, onClose }: OfResident) {
  const words = useWords(registerWords)
  const name = residentName(identity)
  const [form, change, clear] = useDraft(`room.${residentId}`, { room: '', at: nowInput(), isAsked: false })
  const perform = usePerform()
  const subject = `resident/${residentId}/room`
  const act = useActDone(subject, () => {
    clear()
    onClose()
  })
  const movedAt = instantOfInput(form.at)
  const room = form.room.trim()
  const send = () => {
    change({ ...form, isAsked: true })
    if (room === '' || movedAt === undefined) return
    perform({
      subject,
      method: 'POST',
      path: `/residents/${residentId}/room`,
      body: { room, movedAt },
      what: words.movedDone(name),
      affects: [registerKey(finess), boardKey(finess)],
    })
  }
  return (
    <FormDialog title={words.moveOf(name)} act={act} onSend={send} onClose={onClose}>
      <Field
        label={words.newRoom}
        value={form.room}
        onChange={(value) => change({ ...form, room: value })}
        error={form.isAsked && room === '' ? words.required : undefined}
        maxLength={30}
      />
      <Field
        type="datetime-local"
        label={words.movedAt}
        value={form.at}
        onChange={(at) => change({ ...form, at })}
        error={movedAt === undefined ? words.required : undefined}
      />
    </FormDialog>
  )
}

/** A resident leaves for good, or has died. */
export function LeaveDialog({ finess, resident: { residentId, identity }, onClose }: OfResident) {
  const words = useWords(registerWords)
  const name = residentName(identity)
  const group = useId()
  const [form, change, clear] = useDraft<{ why: 'exit' | 'death' | ''; at: string; isAsked: boolean }>(
    `leave.${residentId}`,
    { why: '', at: nowInput(), isAsked: false },
  )
  const perform = usePerform()
  const subject = `resident/${residentId}/leave`
  const act = useActDone(subject, () => {
    clear()
    onClose()
  })
  const leftAt = instantOfInput(form.at)
  const send = () => {
    change({ ...form, isAsked: true })
    if (form.why === '' || leftAt === undefined) return
    perform({
      subject,
      method: 'POST',
      path: `/residents/${residentId}/${form.why}`,
      body: { leftAt },
      what: form.why === 'death' ? words.deathDone(name) : words.exitDone(name),
      affects: [registerKey(finess), boardKey(finess), ['doubts', finess]],
    })
  }
  const isMissing = form.isAsked && form.why === ''
  return (
    <FormDialog title={words.leaveOf(name)} act={act} onSend={send} onClose={onClose}>
      <fieldset className={styles.choices} aria-describedby={`${group}-help`} aria-invalid={isMissing}>
        <legend>{words.why}</legend>
        {(['exit', 'death'] as const).map((why) => (
          <label key={why}>
            <input type="radio" name={group} checked={form.why === why} onChange={() => change({ ...form, why })} />
            {words[why]}
          </label>
        ))}
        <p id={`${group}-help`} className={isMissing ? styles.error : 'soft'}>
          {isMissing ? words.required : words.exitHelp}
        </p>
      </fieldset>
      <Field
        type="datetime-local"
        label={words.leftAt}
        value={form.at}
        onChange={(at) => change({ ...form, at })}
        error={leftAt === undefined ? words.required : undefined}
      />
    </FormDialog>
  )
}
