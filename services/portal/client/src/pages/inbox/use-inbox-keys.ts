import { useEffect } from 'react'
import { useLatest } from '../../live/latest.ts'
import type { InboxAct } from './inbox-acts.ts'
import { commandOf, type KeyCommand } from './inbox-keys.ts'

const KEPT = 'relais.inbox.keys'

/** Whether single keys do something: who speaks to the device, or presses keys by mistake, turns them off. */
export const keysAreOn = () => localStorage.getItem(KEPT) !== 'off'
export const turnKeys = (isOn: boolean) => localStorage.setItem(KEPT, isOn ? 'on' : 'off')

const TYPED = 'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"]'

/** Follows the keyboard wherever nothing is typed. `onCommand` answers whether it did something. */
export function useInboxKeys(acts: readonly InboxAct[], onCommand: (command: KeyCommand) => boolean): void {
  const latest = useLatest({ acts, onCommand })
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const { target, key } = event
      if (event.defaultPrevented || !(target instanceof Element) || target.closest(TYPED)) return
      const command = commandOf(event, latest.current.acts)
      if (!command) return
      const isNavigation = key.startsWith('Arrow') || key === 'Escape'
      if (!isNavigation && key !== '?' && !keysAreOn()) return
      // Elsewhere, arrows scroll.
      if (key.startsWith('Arrow') && !target.closest('[data-key]')) return
      if (latest.current.onCommand(command)) event.preventDefault()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [latest])
}
