import type { InboxItem } from '@relais/contracts/boards'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { namesOf, usePerson } from '../../api/session.ts'
import { actsOn, type InboxAct } from './inbox-acts.ts'
import { addressOf, itemKey, type Row } from './inbox-items.ts'
import type { KeyCommand } from './inbox-keys.ts'
import type { ListHandle } from './inbox-list.tsx'
import { withoutItem } from './inbox-search.ts'
import { useDirectAct, useReader } from './item-acts.ts'
import { useInboxKeys } from './use-inbox-keys.ts'

type KeyboardProps = {
  rows: readonly Row[]
  open: InboxItem | undefined
  putInOrder: () => void
}

/** The inbox by keyboard: a row to be at, keys that move it, and keys that do what may be done about it. */
export function useKeyboard({ rows, open, putInOrder }: KeyboardProps) {
  const person = usePerson()
  const navigate = useNavigate({ from: '/inbox' })
  const reader = useReader()
  const direct = useDirectAct()
  const list = useRef<ListHandle>(null)
  const [cursor, setCursor] = useState<string>()
  const [wanted, setWanted] = useState<InboxAct>()
  const [isShown, setShown] = useState(false)
  const at = rows.findIndex(({ key }) => key === cursor)
  // With the focus in the list, what is done is done about that row; elsewhere, about what is open.
  const isInList = () => document.activeElement?.closest('[data-key]') !== null
  const current = () => (isInList() || !open ? rows[at]?.item : open)
  const item = rows[at]?.item ?? open

  const move = (by: 1 | -1): boolean => {
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (!next) return false
    setCursor(next.key)
    setWanted(undefined)
    list.current?.focus(next.key)
    return true
  }
  const act = (name: InboxAct): boolean => {
    const about = current()
    if (!about || !actsOn(about, reader).includes(name)) return false
    if (direct(about, name)) return true
    setWanted(name)
    if (!open || itemKey(open) !== itemKey(about))
      void navigate({
        search: (before) => ({ ...before, item: addressOf(about, namesOf(person)) }),
        resetScroll: false,
      })
    return true
  }
  const close = (): boolean => {
    if (!open) return false
    const key = itemKey(open)
    void navigate({ search: withoutItem, resetScroll: false }).then(() => list.current?.focus(key))
    return true
  }
  const onCommand = (command: KeyCommand): boolean => {
    switch (command.kind) {
      case 'move':
        return move(command.by)
      case 'close':
        return close()
      case 'keys':
        setShown(true)
        return true
      case 'order':
        putInOrder()
        return true
      case 'act':
        return act(command.act)
    }
  }
  const known = [...(item ? actsOn(item, reader) : []), ...(open ? actsOn(open, reader) : [])]
  useInboxKeys(known, onCommand)
  return { list, cursor, setCursor, wanted, onWanted: useCallback(() => setWanted(undefined), []), isShown, setShown }
}
