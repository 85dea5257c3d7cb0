import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { hasScope, usePerson } from '../../api/session.ts'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery } from '../../people/people.tsx'
import { ehpadWords } from './ehpad-words.ts'
import styles from './ehpad.module.css'

/** The name of the house, what the view is about, and the other views. */
export function EhpadHead({ finess, title, children }: { finess: string; title: string; children?: ReactNode }) {
  const words = useWords(ehpadWords)
  const { data: facility } = useQuery(facilityQuery(finess))
  const keepsRegister = hasScope(usePerson(), 'resident:write')
  const link = { className: styles.view ?? '', activeOptions: { exact: true }, params: { finess } }
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h1>{title}</h1>
        <p className="soft">{facility?.name ?? finess}</p>
        {children}
      </div>
      <nav aria-label={words.views} className={`${styles.views} unprinted`}>
        <Link to="/ehpad/$finess" {...link}>
          {words.board}
        </Link>
        <Link to="/ehpad/$finess/returns" {...link}>
          {words.returns}
        </Link>
        <Link to="/ehpad/$finess/night" {...link}>
          {words.night}
        </Link>
        <Link to="/ehpad/$finess/wall" {...link}>
          {words.wall}
        </Link>
        {keepsRegister && (
          <Link to="/ehpad/$finess/register" {...link}>
            {words.register}
          </Link>
        )}
      </nav>
    </header>
  )
}
