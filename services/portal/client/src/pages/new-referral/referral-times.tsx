import { Field, Tick } from '../../design/field.tsx'
import { useNow } from '../../live/now.ts'
import { capital } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { moment } from '../../messages/times.ts'
import { useRecipientName } from '../../people/people.tsx'
import styles from '../ward/ward.module.css'
import { newReferralWords } from './new-referral-words.ts'
import { answerByOf } from './referral-draft.ts'
import type { PartProps } from './referral-question.tsx'

/** By when, and who is asked before the others. */
export function ReferralTimes({ draft, onChange, faults }: PartProps) {
  const words = useWords(newReferralWords)
  const { language } = useLanguage()
  const now = useNow()
  const proposed = answerByOf({ urgency: draft.urgency, answerBy: '' }, now)
  const mayBeFirst = draft.mode === 'firstAcceptance' && draft.receivers.length > 1
  const firstFault = (['firstTimeMissing', 'firstTooLate'] as const).find((fault) => faults.includes(fault))
  return (
    <section className="card stack" aria-labelledby="when">
      <h2 id="when">{words.when}</h2>
      <Field
        type="datetime-local"
        label={words.answerBy}
        help={words.answerByHelp(moment(proposed, now, language))}
        value={draft.answerBy}
        onChange={(answerBy) => onChange({ ...draft, answerBy })}
        error={faults.includes('answerByPassed') ? capital(words.faults.answerByPassed) : undefined}
      />
      {mayBeFirst && (
        <fieldset className={styles.radios}>
          <legend>{words.first}</legend>
          {draft.receivers.map((recipient) => (
            <FirstTick
              key={recipient}
              recipient={recipient}
              isOn={draft.first.includes(recipient)}
              onChange={(isOn) =>
                onChange({
                  ...draft,
                  first: isOn ? [...draft.first, recipient] : draft.first.filter((one) => one !== recipient),
                })
              }
            />
          ))}
          <p className="soft">{words.firstHelp}</p>
        </fieldset>
      )}
      {mayBeFirst && draft.first.length > 0 && (
        <Field
          type="number"
          label={words.firstHours}
          value={draft.firstHours}
          onChange={(firstHours) => onChange({ ...draft, firstHours })}
          error={firstFault && capital(words.faults[firstFault])}
        />
      )}
    </section>
  )
}

function FirstTick({ recipient, ...rest }: { recipient: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return <Tick {...rest}>{useRecipientName(recipient)}</Tick>
}
