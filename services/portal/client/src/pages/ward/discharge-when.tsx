import { Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { type DischargeDraft, type DischargeProblem, whens } from './discharge-draft.ts'
import { Radios } from './radios.tsx'
import { dischargeWords } from './discharge-words.ts'

type PartProps = {
  draft: DischargeDraft
  onChange: (draft: DischargeDraft) => void
  problems: readonly DischargeProblem[]
}

/** Now, earlier, or planned. */
export function DischargeWhen({ draft, onChange, problems }: PartProps) {
  const words = useWords(dischargeWords)
  const problem = (['timeMissing', 'timeInFuture', 'timeInPast'] as const).find((one) => problems.includes(one))
  return (
    <>
      <Radios
        legend={words.when}
        value={draft.when}
        options={whens.map((value) => ({ value, label: words.whens[value] }))}
        onChange={(when) => onChange({ ...draft, when })}
      />
      {draft.when !== 'now' && (
        <Field
          type="datetime-local"
          label={draft.when === 'planned' ? words.plannedAt : words.earlierAt}
          value={draft.at}
          onChange={(at) => onChange({ ...draft, at })}
          error={problem && words.problems[problem]}
          isRequired
        />
      )}
    </>
  )
}
