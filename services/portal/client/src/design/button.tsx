import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import styles from './button.module.css'

export type ButtonProps = {
  children: ReactNode
  /** `primary` once a page or a dialog; `quiet` for what is seldom wanted; `danger` for what is not taken back. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  onPress?: () => void
  type?: 'button' | 'submit'
  /** For a button whose content says too little aloud. */
  label?: string
  isDisabled?: boolean
  /** It was pressed, and is under way: pressed again, nothing happens. */
  isPending?: boolean
  autoFocus?: boolean
  /** The key that does the same, where one does. */
  shortcut?: string
}

export function Button({ children, kind = 'plain', onPress, type = 'button', label, shortcut, ...rest }: ButtonProps) {
  return (
    <AriaButton
      className={styles.button ?? ''}
      data-kind={kind}
      type={type}
      {...(onPress ? { onPress } : {})}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...rest}
    >
      {children}
      {shortcut !== undefined && (
        <kbd className={styles.key} aria-hidden="true">
          {shortcut}
        </kbd>
      )}
    </AriaButton>
  )
}
