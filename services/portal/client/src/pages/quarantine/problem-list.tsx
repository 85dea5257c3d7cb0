import type { FieldProblem } from '@relais/contracts/messages'
import { Badge } from '../../design/badge.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { expectedWords } from './expected-words.ts'
import { fieldNames } from './hl7-fields.ts'
import styles from './quarantine.module.css'

/** Why a message waits, by field. */
export function ProblemList({ problems, label }: { problems: readonly FieldProblem[]; label: string }) {
  // A code of a later version has no word here.
  const named: Readonly<Record<string, string>> = useWords(domainWords).fieldProblem
  const nameOf = useWords(fieldNames)
  return (
    <ul className={styles.problems} aria-label={label}>
      {problems.map((problem) => {
        const { path, code } = problem
        const name = nameOf(path)
        return (
          <li key={`${path} ${code}`}>
            <code>{path}</code>
            {name !== undefined && ` ${name}`} <Badge tone="warn">{named[code] ?? code}</Badge>{' '}
            <WhatIsExpected problem={problem} />
          </li>
        )
      })}
    </ul>
  )
}

/** In the words of the platform, which are English, where there are none here. */
function WhatIsExpected({ problem: { text, expected } }: { problem: FieldProblem }) {
  const sentence = useWords(expectedWords)(expected)
  if (sentence !== undefined) return <span className="soft">{sentence}</span>
  return (
    <span lang="en" className="soft">
      {text}
    </span>
  )
}
