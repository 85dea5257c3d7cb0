import { Button } from '../../design/button.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { capital } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import styles from '../ward/ward.module.css'
import { newReferralWords } from './new-referral-words.ts'
import { type DraftRung, MOST_RUNGS } from './referral-draft.ts'
import type { PartProps } from './referral-question.tsx'

/** Whom to ask besides as long as nobody has accepted, and when. */
export function Ladder({ draft, onChange, faults }: PartProps) {
  const words = useWords(newReferralWords)
  const { ladder } = draft
  const change = (index: number, rung: DraftRung | undefined) =>
    onChange({ ...draft, ladder: ladder.flatMap((one, at) => (at === index ? (rung ?? []) : one)) })
  return (
    <details className="card" open={ladder.length > 0}>
      <summary className={styles.summary}>{words.ladder}</summary>
      <div className="stack">
        {ladder.map((rung, index) => (
          // A rung has no other name than its place.
          <Rung key={index} number={index + 1} rung={rung} onChange={(next) => change(index, next)} />
        ))}
        {(['rungIncomplete', 'rungRepeats'] as const)
          .filter((fault) => faults.includes(fault))
          .map((fault) => (
            <p key={fault} className={styles.error}>
              {capital(words.faults[fault])}
            </p>
          ))}
        {ladder.length < MOST_RUNGS && (
          <div className="row">
            <Button
              onPress={() => onChange({ ...draft, ladder: [...ladder, { hours: '', from: 'due', receivers: [] }] })}
            >
              {words.addRung}
            </Button>
          </div>
        )}
      </div>
    </details>
  )
}

function Rung({
  number,
  rung,
  onChange,
}: {
  number: number
  rung: DraftRung
  onChange: (rung: DraftRung | undefined) => void
}) {
  const words = useWords(newReferralWords)
  const { receivers } = rung
  return (
    <fieldset className={styles.rung}>
      <legend>{words.rung(number)}</legend>
      <div className={styles.tools}>
        <Field
          type="number"
          label={words.rungHours}
          value={rung.hours}
          onChange={(hours) => onChange({ ...rung, hours })}
        />
        <Choice
          label={words.rungFrom}
          value={rung.from}
          options={(['due', 'request'] as const).map((value) => ({ value, label: words.rungFroms[value] }))}
          onChange={(from) => onChange({ ...rung, from })}
        />
      </div>
      <ChosenRecipients
        recipients={receivers}
        label={words.receivers}
        onRemove={(recipient) => onChange({ ...rung, receivers: receivers.filter((one) => one !== recipient) })}
      />
      <DirectorySearch
        label={words.rungWhom}
        withWards
        onChoose={(recipient) => onChange({ ...rung, receivers: [...new Set([...receivers, recipient])] })}
      />
      <div className="row">
        <Button onPress={() => onChange(undefined)}>{words.removeRung}</Button>
      </div>
    </fieldset>
  )
}
