import { Button } from '../../design/button.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { type DueForm, newOwner, newRung, type RungForm, type StepForm } from './definition-form.ts'
import { definitionWords } from './definition-words.ts'
import { editorWords } from './editor-words.ts'
import { fieldId } from './problem-paths.ts'
import { ProblemOf, useField } from './problems.tsx'
import { optionsOf } from './role-options.ts'
import { moved } from './written-definition.ts'
import styles from './editor.module.css'

type Owners = { path: string; owners: StepForm['owners']; onChange: (owners: StepForm['owners']) => void }

/** Whose a step is: the first role that the circle knows, then those to fall back on. */
export function OwnerFields({ path, owners, onChange }: Owners) {
  const words = useWords(editorWords)
  return (
    <fieldset id={fieldId(path)} className={styles.group}>
      <legend>{words.owners}</legend>
      <ProblemOf path={path} />
      <ol className={styles.items}>
        {owners.map((owner, index) => (
          <li key={owner.key} className={styles.line}>
            <OwnerField
              path={`${path}[${index}]`}
              label={words.owner(index + 1)}
              owner={owner}
              onChange={(next) => onChange(owners.map((each) => (each.key === next.key ? next : each)))}
            />
            <Button
              kind="quiet"
              label={`${words.up} : ${words.owner(index + 1)}`}
              isDisabled={index === 0}
              onPress={() => onChange(moved(owners, index, index - 1))}
            >
              ↑
            </Button>
            <Button
              kind="quiet"
              label={`${words.remove} : ${words.owner(index + 1)}`}
              isDisabled={owners.length === 1}
              onPress={() => onChange(owners.filter(({ key }) => key !== owner.key))}
            >
              {words.remove}
            </Button>
          </li>
        ))}
      </ol>
      <div>
        <Button kind="quiet" onPress={() => onChange([...owners, newOwner('coordinateur')])}>
          {words.addOwner}
        </Button>
      </div>
    </fieldset>
  )
}

type Owner = StepForm['owners'][number]

function OwnerField({
  path,
  label,
  owner,
  onChange,
}: {
  path: string
  label: string
  owner: Owner
  onChange: (owner: Owner) => void
}) {
  const { circleRole } = useWords(domainWords)
  return (
    <Choice
      {...useField(path)}
      label={label}
      value={owner.role}
      options={optionsOf(circleRole)}
      onChange={(role) => onChange({ ...owner, role })}
    />
  )
}

type Dues = { path: string; due: DueForm; onChange: (due: DueForm) => void }

/** Until when: counted from something, or back from the arrival. */
export function DueFields({ path, due, onChange }: Dues) {
  const words = useWords(editorWords)
  const { dues, froms, clocks } = useWords(definitionWords)
  const set = (changed: Partial<DueForm>) => onChange({ ...due, ...changed })
  const amount = useField(`${path}.${due.kind === 'days' || due.kind === 'workingDays' ? 'days' : 'hours'}`)
  const from = useField(`${path}.from`)
  const time = useField(`${path}.at`)
  return (
    <fieldset id={fieldId(path)} className={styles.group}>
      <legend>{words.due}</legend>
      <ProblemOf path={path} />
      <div className={styles.fields}>
        <Choice label={words.dueKind} value={due.kind} options={optionsOf(dues)} onChange={(kind) => set({ kind })} />
        {due.kind === 'lastWorkingDay' ? (
          <Field {...time} type="time" label={words.at} value={due.time} onChange={(next) => set({ time: next })} />
        ) : (
          <Field
            {...amount}
            type="number"
            label={words.amount[due.kind]}
            value={due.amount}
            onChange={(next) => set({ amount: next })}
          />
        )}
        {(due.kind === 'hours' || due.kind === 'days' || due.kind === 'workingDays') && (
          <Choice
            {...from}
            label={words.dueFrom}
            value={due.from}
            options={optionsOf(froms)}
            onChange={(next) => set({ from: next })}
          />
        )}
        {due.kind === 'hours' && (
          <Choice
            label={words.clock}
            value={due.clock}
            options={optionsOf(clocks)}
            onChange={(clock) => set({ clock })}
          />
        )}
      </div>
    </fieldset>
  )
}

type Rungs = { path: string; rungs: readonly RungForm[]; onChange: (rungs: RungForm[]) => void }

/** Who else is told when it is late, and how long after. */
export function EscalationFields({ path, rungs, onChange }: Rungs) {
  const words = useWords(editorWords)
  return (
    <div id={fieldId(path)} className="stack">
      <ProblemOf path={path} />
      {rungs.length === 0 && <p className="soft">{words.noEscalation}</p>}
      <ol className={styles.items}>
        {rungs.map((rung, index) => (
          <li key={rung.key} className={styles.line}>
            <RungFields
              path={`${path}[${index}]`}
              rung={rung}
              onChange={(next) => onChange(rungs.map((each) => (each.key === next.key ? next : each)))}
            />
            <Button
              kind="quiet"
              label={`${words.remove} ${index + 1}`}
              onPress={() => onChange(rungs.filter(({ key }) => key !== rung.key))}
            >
              {words.remove}
            </Button>
          </li>
        ))}
      </ol>
      <div>
        <Button kind="quiet" onPress={() => onChange([...rungs, newRung()])}>
          {words.addRung}
        </Button>
      </div>
    </div>
  )
}

function RungFields({ path, rung, onChange }: { path: string; rung: RungForm; onChange: (rung: RungForm) => void }) {
  const words = useWords(editorWords)
  const { circleRole } = useWords(domainWords)
  return (
    <div className={styles.fields}>
      <Field
        {...useField(`${path}.afterHours`)}
        type="number"
        label={words.afterHours}
        value={rung.afterHours}
        onChange={(afterHours) => onChange({ ...rung, afterHours })}
      />
      <Choice
        {...useField(`${path}.to`)}
        label={words.to}
        value={rung.to}
        options={optionsOf(circleRole)}
        onChange={(to) => onChange({ ...rung, to })}
      />
    </div>
  )
}
