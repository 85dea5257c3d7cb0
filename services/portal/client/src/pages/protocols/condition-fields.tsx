import { Button } from '../../design/button.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { type ConditionForm, type Fact, newCondition, newTest, type TestForm } from './definition-form.ts'
import { definitionWords } from './definition-words.ts'
import { editorWords } from './editor-words.ts'
import { fieldId } from './problem-paths.ts'
import { ProblemOf, useField } from './problems.tsx'
import { optionsOf } from './role-options.ts'
import styles from './editor.module.css'

type Conditions = {
  path: string
  conditions: readonly ConditionForm[]
  onChange: (conditions: ConditionForm[]) => void
}

/** Conditions that all hold, each of them a fact, its contrary, or one of several. */
export function ConditionFields({ path, conditions, onChange }: Conditions) {
  const words = useWords(editorWords)
  const change = (next: ConditionForm) => onChange(conditions.map((each) => (each.key === next.key ? next : each)))
  return (
    <div id={fieldId(path)} className="stack">
      <ProblemOf path={path} />
      {conditions.length === 0 && <p className="soft">{words.noConditions}</p>}
      <ul className={styles.items}>
        {conditions.map((condition, index) => (
          <li key={condition.key} id={fieldId(`${path}[${index}]`)}>
            <fieldset className={styles.group}>
              <legend>{words.condition(index + 1)}</legend>
              <OneCondition path={`${path}[${index}]`} condition={condition} onChange={change} />
              <Button
                kind="quiet"
                label={`${words.remove} : ${words.condition(index + 1)}`}
                onPress={() => onChange(conditions.filter(({ key }) => key !== condition.key))}
              >
                {words.remove}
              </Button>
            </fieldset>
          </li>
        ))}
      </ul>
      <div>
        <Button onPress={() => onChange([...conditions, newCondition()])}>{words.addCondition}</Button>
      </div>
    </div>
  )
}

type One = { path: string; condition: ConditionForm; onChange: (condition: ConditionForm) => void }

function OneCondition({ path, condition, onChange }: One) {
  const words = useWords(editorWords)
  const { kinds } = useWords(definitionWords)
  const { kind, tests } = condition
  const shown = kind === 'any' ? tests : tests.slice(0, 1)
  const pathOf = (index: number) => (kind === 'any' ? `${path}.any[${index}]` : kind === 'not' ? `${path}.not` : path)
  return (
    <>
      <ProblemOf path={path} />
      <Choice
        label={words.kind}
        value={kind}
        options={optionsOf(kinds)}
        onChange={(next) => onChange({ ...condition, kind: next })}
      />
      {shown.map((test, index) => (
        <div key={test.key} className={styles.test}>
          <TestFields
            path={pathOf(index)}
            test={test}
            onChange={(next) =>
              onChange({ ...condition, tests: tests.map((each) => (each.key === next.key ? next : each)) })
            }
          />
          {kind === 'any' && tests.length > 1 && (
            <Button
              kind="quiet"
              onPress={() => onChange({ ...condition, tests: tests.filter(({ key }) => key !== test.key) })}
            >
              {words.remove}
            </Button>
          )}
        </div>
      ))}
      {kind === 'any' && (
        <div>
          <Button kind="quiet" onPress={() => onChange({ ...condition, tests: [...tests, newTest()] })}>
            {words.addTest}
          </Button>
        </div>
      )}
    </>
  )
}

type Test = { path: string; test: TestForm; onChange: (test: TestForm) => void }

function TestFields({ path, test, onChange }: Test) {
  const words = useWords(editorWords)
  const { facts } = useWords(definitionWords)
  const set = (changed: Partial<TestForm>) => onChange({ ...test, ...changed })
  const fact = useField(`${path}.fact`)
  return (
    <div className={styles.fields} id={fieldId(path)}>
      <Choice<Fact>
        {...fact}
        label={words.fact}
        value={test.fact}
        options={optionsOf(facts)}
        onChange={(next) => set({ fact: next })}
      />
      <FactFields path={path} test={test} set={set} />
    </div>
  )
}

type Facts = { path: string; test: TestForm; set: (changed: Partial<TestForm>) => void }

function FactFields({ path, test, set }: Facts) {
  const words = useWords(editorWords)
  const { circleRole } = useWords(domainWords)
  const [years, hours, facility, codes, role, time] = [
    useField(`${path}.years`),
    useField(`${path}.hours`),
    useField(`${path}.facility`),
    useField(`${path}.in`),
    useField(`${path}.role`),
    useField(`${path}.after`),
  ]
  const codesField = (label: string, help: string, value: 'codes' | 'facilities') => (
    <Field {...codes} label={label} help={help} value={test[value]} onChange={(next) => set({ [value]: next })} />
  )
  switch (test.fact) {
    case 'ageAtLeast':
      return (
        <Field
          {...years}
          type="number"
          label={words.years}
          value={test.years}
          onChange={(next) => set({ years: next })}
        />
      )
    case 'stayedAtLeast':
      return (
        <Field
          {...hours}
          type="number"
          label={words.hoursOfStay}
          value={test.hours}
          onChange={(next) => set({ hours: next })}
        />
      )
    case 'patientClass':
      return <ClassFields {...codes} test={test} set={set} />
    case 'facility':
      return codesField(words.facilities, words.codesHelp, 'facilities')
    case 'ward':
      return (
        <>
          <Field
            {...facility}
            label={words.facility}
            value={test.facilities}
            onChange={(next) => set({ facilities: next })}
          />
          {codesField(words.wardCodes, words.codesHelp, 'codes')}
        </>
      )
    case 'exitMode':
      return codesField(words.exitCodes, words.exitHelp, 'codes')
    case 'destination':
      return codesField(words.destinationCodes, words.destinationHelp, 'codes')
    case 'inCircle': {
      const { ward: _ward, coordinateur: _coordinateur, ...members } = circleRole
      return (
        <Choice
          {...role}
          label={words.role}
          value={test.role}
          options={optionsOf(members)}
          onChange={(next) => set({ role: next })}
        />
      )
    }
    case 'closedAhead':
      return (
        <Field {...time} type="time" label={words.time} value={test.time} onChange={(next) => set({ time: next })} />
      )
    case 'discharged':
      return null
  }
}

function ClassFields({ id, error, test, set }: { id: string; error: string | undefined } & Omit<Facts, 'path'>) {
  const words = useWords(editorWords)
  const { patientClass } = useWords(domainWords)
  return (
    <fieldset id={id} className={styles.ticks} aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend>{words.classes}</legend>
      {optionsOf(patientClass).map(({ value, label }) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={test.classes.includes(value)}
            onChange={(event) =>
              set({
                classes: event.target.checked
                  ? [...test.classes, value]
                  : test.classes.filter((each) => each !== value),
              })
            }
          />
          {label}
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
