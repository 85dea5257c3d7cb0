import { type SubmitEvent, useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { useNow } from '../../live/now.ts'
import { instantOfInput, localInput } from '../../messages/local-time.ts'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { type Absence, changeAct, declareAct, type Period, problemsOf } from './absence-acts.ts'
import { absencesWords } from './absences-words.ts'
import styles from './absences.module.css'

type Begun = { from: string; to: string; replacement: string }

const shown = (instant: string | undefined) => (instant === undefined ? '' : localInput(Date.parse(instant)))

/** From when until when, and who stands in: of a new absence, or of one that changes. */
export function AbsenceForm({
  professional,
  before,
  onDone,
}: {
  professional: string
  before?: Absence
  onDone: () => void
}) {
  const words = useWords(absencesWords)
  const perform = usePerform()
  const now = new Date(useNow()).toISOString()
  const [begun, setBegun, clear] = useDraft<Begun>(`absence ${before?.absenceId ?? professional}`, {
    from: shown(before?.from),
    to: shown(before?.to),
    replacement: before?.replacement ?? '',
  })
  const [isTried, setTried] = useState(false)
  const { replacement } = begun
  const times = { from: instantOfInput(begun.from), to: instantOfInput(begun.to) }
  const problems = problemsOf(times, now)
  const isOneself = replacement === professional
  const wordOf = (problem: keyof typeof problems) => {
    const code = problems[problem]
    return isTried && code !== undefined ? words[code] : undefined
  }
  const leave = () => {
    clear()
    onDone()
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    const { from, to } = times
    if (from === undefined || to === undefined || problems.to !== undefined || isOneself) return
    const period: Period = { professionalId: professional, from, to, ...(replacement === '' ? {} : { replacement }) }
    if (before) perform(changeAct(before, period, { what: words.changed, back: words.changedBack }))
    else perform(declareAct(crypto.randomUUID(), period, { what: words.declared, back: words.withdrawn }))
    leave()
  }
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <div className={styles.times}>
        <Field
          type="datetime-local"
          label={words.fromLabel}
          value={begun.from}
          onChange={(from) => setBegun({ ...begun, from })}
          error={wordOf('from')}
          isRequired
        />
        <Field
          type="datetime-local"
          label={words.toLabel}
          value={begun.to}
          onChange={(to) => setBegun({ ...begun, to })}
          error={wordOf('to')}
          isRequired
        />
      </div>
      {replacement === '' ? (
        <DirectorySearch
          label={words.search}
          kind="professional"
          onChoose={(chosen) => setBegun({ ...begun, replacement: chosen })}
        />
      ) : (
        <ChosenRecipients
          recipients={[replacement]}
          label={words.replacedBy}
          onRemove={() => setBegun({ ...begun, replacement: '' })}
        />
      )}
      <p role="alert" className={styles.problem}>
        {isOneself ? words.oneself : ''}
      </p>
      <div className="row">
        <Button type="submit" kind="primary">
          {words.save}
        </Button>
        <Button onPress={leave}>{words.cancel}</Button>
      </div>
    </form>
  )
}
