import { memo } from 'react'
import { Button } from '../../design/button.tsx'
import { Field, Tick } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { ConditionFields } from './condition-fields.tsx'
import type { StepForm } from './definition-form.ts'
import { editorWords } from './editor-words.ts'
import { fieldId } from './problem-paths.ts'
import { ProblemOf, useField, useProblem } from './problems.tsx'
import { DueFields, EscalationFields, OwnerFields } from './step-parts.tsx'
import styles from './editor.module.css'

export type StepActs = {
  change(step: StepForm): void
  move(key: string, by: -1 | 1): void
  remove(key: string): void
}
type Edited = {
  step: StepForm
  index: number
  count: number
  /** The keys and the titles of all steps, in one text: a list would be another one at each press of a key. */
  others: string
  acts: StepActs
}

/** One step: what, whose, after what, until when, and what happens when it is late. */
export const StepFields = memo(function StepFields({ step, index, count, others, acts }: Edited) {
  const words = useWords(editorWords)
  const path = `steps[${index}]`
  const title = useField(`${path}.title`)
  const what = useField(`${path}.what`)
  const hasProblem = useProblem(path) !== undefined
  const set = (changed: Partial<StepForm>) => acts.change({ ...step, ...changed })
  const name = words.step(index + 1, step.title)
  return (
    <li id={fieldId(path)} className={`card ${styles.stepCard}`} data-problem={hasProblem}>
      <header className={styles.stepHead}>
        <h3 id={`${step.key}-title`}>{name}</h3>
        <div className="row">
          <Button
            kind="quiet"
            label={`${words.up} : ${name}`}
            isDisabled={index === 0}
            onPress={() => acts.move(step.key, -1)}
          >
            <span id={`${step.key}-up`}>↑ {words.up}</span>
          </Button>
          <Button
            kind="quiet"
            label={`${words.down} : ${name}`}
            isDisabled={index === count - 1}
            onPress={() => acts.move(step.key, 1)}
          >
            <span id={`${step.key}-down`}>↓ {words.down}</span>
          </Button>
          <Button
            kind="quiet"
            label={`${words.remove} : ${name}`}
            isDisabled={count === 1}
            onPress={() => acts.remove(step.key)}
          >
            {words.remove}
          </Button>
        </div>
      </header>
      <ProblemOf path={path} />
      <Field
        {...title}
        label={words.stepTitle}
        value={step.title}
        onChange={(next) => set({ title: next })}
        maxLength={120}
      />
      <Field
        {...what}
        label={words.what}
        value={step.what}
        onChange={(next) => set({ what: next })}
        rows={2}
        maxLength={2000}
      />
      <OwnerFields path={`${path}.owners`} owners={step.owners} onChange={(owners) => set({ owners })} />
      <AfterFields path={`${path}.after`} step={step} others={others} onChange={(after) => set({ after })} />
      <DueFields path={`${path}.due`} due={step.due} onChange={(due) => set({ due })} />
      <details open={step.escalation.length > 0}>
        <summary>
          {words.escalation} ({step.escalation.length})
        </summary>
        <EscalationFields
          path={`${path}.escalation`}
          rungs={step.escalation}
          onChange={(escalation) => set({ escalation })}
        />
      </details>
      <details open={step.when.length > 0}>
        <summary>
          {words.when} ({step.when.length})
        </summary>
        <ConditionFields path={`${path}.when`} conditions={step.when} onChange={(when) => set({ when })} />
      </details>
      <Tick isOn={step.skippable} onChange={(skippable) => set({ skippable })}>
        {words.skippable}
      </Tick>
    </li>
  )
})

type After = { path: string; step: StepForm; others: string; onChange: (after: string[]) => void }

function AfterFields({ path, step: { key, after }, others, onChange }: After) {
  const words = useWords(editorWords)
  const { id, error } = useField(path)
  const steps = othersIn(others).filter((other) => other.key !== key)
  return (
    <fieldset id={id} className={styles.ticks} aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend>{words.after}</legend>
      {steps.length === 0 && <p className="soft">{words.noOthers}</p>}
      {steps.map((other) => (
        <label key={other.key}>
          <input
            type="checkbox"
            checked={after.includes(other.key)}
            onChange={(event) =>
              onChange(event.target.checked ? [...after, other.key] : after.filter((each) => each !== other.key))
            }
          />
          {words.step(other.index + 1, other.title)}
        </label>
      ))}
      {error !== undefined && (
        <p id={`${id}-error`} className={styles.problem} lang="fr">
          {error}
        </p>
      )}
    </fieldset>
  )
}

const LINE = '\n'
export const othersOf = (steps: readonly StepForm[]) => steps.map(({ key, title }) => `${key} ${title}`).join(LINE)
const othersIn = (text: string) =>
  text.split(LINE).map((line, index) => {
    const cut = line.indexOf(' ')
    return { index, key: line.slice(0, cut), title: line.slice(cut + 1) }
  })
