import { useEffect, useMemo, useRef } from 'react'
import { useAnnounce } from '../../design/announcements.tsx'
import { Button } from '../../design/button.tsx'
import { Choice, Field, Tick } from '../../design/field.tsx'
import { useLatest } from '../../live/latest.ts'
import { useWords } from '../../messages/language.tsx'
import { ConditionFields } from './condition-fields.tsx'
import { type DefinitionForm, newStep } from './definition-form.ts'
import { definitionWords } from './definition-words.ts'
import { editorWords } from './editor-words.ts'
import { fieldId } from './problem-paths.ts'
import { ProblemOf, useField } from './problems.tsx'
import { optionsOf } from './role-options.ts'
import { othersOf, StepFields, type StepActs } from './step-fields.tsx'
import { moved, withoutStep } from './written-definition.ts'
import styles from './editor.module.css'

type Fields = { form: DefinitionForm; onChange: (form: DefinitionForm) => void }

/** All of a definition, as fields. */
export function DefinitionFields({ form, onChange }: Fields) {
  const words = useWords(editorWords)
  const { moments } = useWords(definitionWords)
  const set = (changed: Partial<DefinitionForm>) => onChange({ ...form, ...changed })
  return (
    <>
      <section className={styles.section} aria-labelledby="about">
        <h2 id="about">{words.about}</h2>
        <Field
          {...useField('title')}
          label={words.name}
          help={words.nameHelp}
          value={form.title}
          onChange={(title) => set({ title })}
          maxLength={120}
        />
        <div className={styles.fields}>
          <Field
            {...useField('territory')}
            label={words.territory}
            value={form.territory}
            onChange={(territory) => set({ territory })}
          />
          <Field
            {...useField('department')}
            label={words.department}
            help={words.departmentHelp}
            value={form.department}
            onChange={(department) => set({ department })}
            maxLength={3}
          />
          <Field
            {...useField('coordinator')}
            label={words.coordinator}
            help={words.coordinatorHelp}
            value={form.coordinator}
            onChange={(coordinator) => set({ coordinator })}
          />
        </div>
      </section>
      <section className={styles.section} aria-labelledby="trigger">
        <h2 id="trigger">{words.trigger}</h2>
        <Choice
          {...useField('trigger.on')}
          label={words.on}
          value={form.on}
          options={optionsOf(moments)}
          onChange={(on) => set({ on })}
        />
        <h3>{words.conditions}</h3>
        <ConditionFields
          path="trigger.conditions"
          conditions={form.conditions}
          onChange={(conditions) => set({ conditions })}
        />
        <Tick isOn={form.endsOnReadmission} onChange={(endsOnReadmission) => set({ endsOnReadmission })}>
          {words.endsOnReadmission}
        </Tick>
      </section>
      <StepList form={form} onChange={onChange} />
    </>
  )
}

function StepList({ form, onChange }: Fields) {
  const words = useWords(editorWords)
  const { acts, focusNext } = useStepActs(form, onChange)
  const { steps } = form
  const others = othersOf(steps)
  return (
    <section className={styles.section} aria-labelledby="steps">
      <h2 id="steps">{words.steps}</h2>
      <div id={fieldId('steps')}>
        <ProblemOf path="steps" />
      </div>
      <ol className={styles.items}>
        {steps.map((step, index) => (
          <StepFields key={step.key} {...{ step, index, others, acts, count: steps.length }} />
        ))}
      </ol>
      <div>
        <Button
          onPress={() => {
            const step = newStep()
            focusNext(`${step.key}-title`)
            onChange({ ...form, steps: [...steps, step] })
          }}
        >
          {words.addStep}
        </Button>
      </div>
    </section>
  )
}

/** What may be done to steps. Whoever moves one by the keyboard stays on its button; whoever adds one is in it. */
function useStepActs(form: DefinitionForm, onChange: Fields['onChange']) {
  const latest = useLatest({ form, onChange, words: useWords(editorWords), announce: useAnnounce() })
  const next = useRef<string>(undefined)
  useEffect(() => {
    if (next.current === undefined) return
    focusOn(next.current)
    next.current = undefined
  })
  const acts = useMemo((): StepActs => {
    const to = (steps: DefinitionForm['steps']) => latest.current.onChange({ ...latest.current.form, steps })
    const titleOf = (key: string) => latest.current.form.steps.find((step) => step.key === key)?.title ?? ''
    return {
      change: (step) => to(latest.current.form.steps.map((each) => (each.key === step.key ? step : each))),
      move(key, by) {
        const { form, words, announce } = latest.current
        const from = form.steps.findIndex((step) => step.key === key)
        next.current = `${key}-${by === -1 ? 'up' : 'down'}`
        to(moved(form.steps, from, from + by))
        announce({ kind: 'done', key: 'moved', text: words.moved(titleOf(key), from + by + 1) })
      },
      remove(key) {
        const { form, words, announce } = latest.current
        announce({
          kind: 'done',
          key: 'moved',
          text: words.removed(titleOf(key)),
        })
        next.current = 'steps'
        to(withoutStep(form.steps, key))
      },
    }
  }, [latest])
  return {
    acts,
    focusNext(id: string) {
      next.current = id
    },
  }
}

function focusOn(id: string): void {
  const place = document.getElementById(id)
  const button = place?.closest('button')
  if (button && !button.disabled) button.focus()
  else {
    const card = place?.closest('li') ?? place?.closest('section')
    card?.querySelector<HTMLElement>('input, button:not(:disabled)')?.focus()
  }
}
