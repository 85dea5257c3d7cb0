import type { ReactNode } from 'react'
import styles from './badge.module.css'

/** A word that classifies. Its colour says nothing that the word does not. */
export function Badge({
  children,
  tone = 'plain',
}: {
  children: ReactNode
  tone?: 'plain' | 'alert' | 'warn' | 'done' | 'calm'
}) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  )
}
