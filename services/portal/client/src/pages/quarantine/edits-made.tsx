import { useWords } from '../../messages/language.tsx'
import { fieldNames } from './hl7-fields.ts'
import { quarantineWords } from './quarantine-words.ts'
import type { Shown } from './repair-edits.ts'

type Edited = NonNullable<Shown['history'][number]['edits']>[number]

/** What a repair that is on record made of each field; masked as the message is. */
export function EditsMade({ edits }: { edits: readonly Edited[] }) {
  const words = useWords(quarantineWords)
  const nameOf = useWords(fieldNames)
  return (
    <ul>
      {edits.map(({ op, path, from, to }, index) => (
        // The same field may be edited twice: its place is its name.
        <li key={`${index} ${path}`}>
          <code>{path}</code>
          {nameOf(path) !== undefined && ` ${nameOf(path)}`} : {words.made[op]}
          {from && (
            <>
              {' '}
              <span className="soft">{words.was}</span> <Value {...from} />
            </>
          )}
          {to && (
            <>
              {' '}
              <span className="soft">{words.becomes}</span> <Value {...to} />
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

function Value({ value, masked }: NonNullable<Edited['from']>) {
  const words = useWords(quarantineWords)
  if (value === '') return <span className="soft">{words.emptyField}</span>
  return (
    <>
      <code>{value}</code>
      {masked && <span className="aside"> ({words.masked})</span>}
    </>
  )
}
