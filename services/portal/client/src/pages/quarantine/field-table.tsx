import type { RepairEdit } from '@relais/contracts/messages'
import { useState } from 'react'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Tick } from '../../design/field.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { fieldNames } from './hl7-fields.ts'
import { quarantineWords } from './quarantine-words.ts'
import { isEditable, type ShownField } from './repair-edits.ts'
import styles from './quarantine.module.css'

type Shown = readonly { name: string; fields: readonly ShownField[] }[]
type Asked = { path: string; value: string }

/** A message field by field, masked; each field may be given another value, removed, or moved by another one. */
export function FieldTable({
  segments,
  isBrief,
  onBrief,
  onEdit,
}: {
  segments: Shown
  isBrief: boolean
  onBrief: (isBrief: boolean) => void
  onEdit: ((edit: RepairEdit) => void) | undefined
}) {
  const words = useWords(quarantineWords)
  const [asked, setAsked] = useState<Asked>()
  return (
    <>
      <Tick isOn={isBrief} onChange={onBrief}>
        {words.onlyFilled}
      </Tick>
      {segments.map(({ name, fields }, index) => (
        // A message may hold several segments of one name, and their order is theirs.
        <SegmentTable key={`${index} ${name}`} {...{ name, fields, isBrief, onEdit }} onAsk={setAsked} />
      ))}
      {asked && onEdit && <ValueDialog asked={asked} onEdit={onEdit} onClose={() => setAsked(undefined)} />}
    </>
  )
}

type Editing = { onEdit: ((edit: RepairEdit) => void) | undefined; onAsk: (asked: Asked) => void }

/** Open where there is something to see to. */
function SegmentTable({ name, fields, isBrief, ...editing }: Shown[number] & Editing & { isBrief: boolean }) {
  const words = useWords(quarantineWords)
  const nameOf = useWords(fieldNames)
  const isOfNote = fields.some(({ problem, edit }) => problem !== undefined || edit !== undefined)
  const [isOpen, setOpen] = useState(isOfNote)
  const shown = fields.filter(({ value, problem, edit }) => !isBrief || value !== '' || problem !== undefined || edit)
  return (
    <details className={styles.segment} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>{name}</code> {nameOf(name)} <span className="soft">{words.fieldCount(shown.length)}</span>
      </summary>
      {isOpen && (
        <table className={styles.fields}>
          <caption className="aside">{name}</caption>
          <thead>
            <tr>
              <th scope="col">{words.place}</th>
              <th scope="col">{words.value}</th>
              {editing.onEdit && <th scope="col">{words.actions}</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((field) => (
              <FieldRow key={field.path} field={field} {...editing} />
            ))}
          </tbody>
        </table>
      )}
    </details>
  )
}

function FieldRow({ field: { path, value, masked, problem, edit }, onEdit, onAsk }: Editing & { field: ShownField }) {
  const words = useWords(quarantineWords)
  const nameOf = useWords(fieldNames)
  // A code of a later version has no word here.
  const problems: Readonly<Record<string, string>> = useWords(domainWords).fieldProblem
  // What is masked is written anew: nobody sees what it was.
  const asked = { path, value: masked ? '' : value }
  return (
    <tr data-problem={problem !== undefined && edit === undefined}>
      <th scope="row">
        <code>{path}</code>
        <span className="soft"> {nameOf(path)}</span>
      </th>
      <td>
        {value === '' ? <span className="soft">{words.emptyField}</span> : <code>{value}</code>}{' '}
        {masked && <span className="aside">({words.masked})</span>}
        {edit !== undefined && <Badge tone="calm">{words.edited}</Badge>}
        {problem !== undefined && edit === undefined && <Badge tone="alert">{problems[problem] ?? problem}</Badge>}
      </td>
      {onEdit && (
        <td>
          {isEditable(path) && (
            <div className={styles.edit}>
              {problem === undefined ? (
                <Button kind="quiet" label={`${words.change} ${path}`} onPress={() => onAsk(asked)}>
                  {words.change}
                </Button>
              ) : (
                <>
                  <Button label={`${words.set} ${path}`} onPress={() => onAsk(asked)}>
                    {words.set}
                  </Button>
                  <Button label={`${words.remove} ${path}`} onPress={() => onEdit({ op: 'removeField', path })}>
                    {words.remove}
                  </Button>
                </>
              )}
            </div>
          )}
        </td>
      )}
    </tr>
  )
}

function ValueDialog({
  asked,
  onEdit,
  onClose,
}: {
  asked: Asked
  onEdit: (edit: RepairEdit) => void
  onClose: () => void
}) {
  const words = useWords(quarantineWords)
  const [value, setValue] = useState(asked.value)
  const { path } = asked
  const edit = (next: RepairEdit) => {
    onEdit(next)
    onClose()
  }
  return (
    <Dialog title={words.changeTitle(path)} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          edit({ op: 'set', path, value })
        }}
      >
        <Field label={words.newValue} help={words.valueHelp} value={value} onChange={setValue} maxLength={2000} />
        <div className="row">
          <Button type="submit" kind="primary">
            {words.set}
          </Button>
          <Button onPress={() => edit({ op: 'insertField', path, value })}>{words.insert}</Button>
          <Button onPress={() => edit({ op: 'removeField', path })}>{words.remove}</Button>
        </div>
      </form>
    </Dialog>
  )
}
