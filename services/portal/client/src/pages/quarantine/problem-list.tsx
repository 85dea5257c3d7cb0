import type { FieldProblem } from '@relais/contracts/messages'
import { Badge } from '../../design/badge.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { fieldNames } from './hl7-fields.ts'
import styles from './quarantine.module.css'

/** Why a message waits, by field. */
export function ProblemList({ problems, label }: { problems: readonly FieldProblem[]; label: string }) {
  const { fieldProblem } = useWords(domainWords)
  const nameOf = useWords(fieldNames)
  const { language } = useLanguage()
  return (
    <ul className={styles.problems} aria-label={label}>
      {problems.map(({ path, code, text }) => {
        const name = nameOf(path)
        return (
          <li key={`${path} ${code}`}>
            <code>{path}</code>
            {name !== undefined && ` ${name}`} <Badge tone="warn">{fieldProblem[code]}</Badge>{' '}
            {/* What is expected is said in English by whoever reads messages: a person who repairs one reads the norm too. */}
            <span lang="en" className="soft">
              {language === 'en' || code !== 'fieldMissing' ? text : ''}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
