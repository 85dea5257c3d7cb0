import type { InboxItem } from '@relais/contracts/boards'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useHold } from '../../design/use-hold.ts'
import { hold, newerThan, type Row } from './inbox-items.ts'

/** From here on, what comes above would move what is read. */
const SCROLLED_PIXELS = 120

/**
 * The rows of a list, which keep their places while a pointer or the focus is among them, and while its reader is further
 * down: nobody presses what was not meant.
 */
export function useRows(items: readonly InboxItem[], arrangeAll: (items: readonly InboxItem[]) => Row[]) {
  const arranged = useMemo(() => arrangeAll(items), [items, arrangeAll])
  const [held, setHeld] = useState<readonly Row[]>()
  const isScrolled = useRef(false)
  const begin = () => setHeld((before) => before ?? arranged)
  const end = () => {
    if (!isScrolled.current) setHeld(undefined)
  }
  const { isHeld, props } = useHold({ begin, end })
  const latest = useRef({ begin, isHeld })
  useEffect(() => {
    latest.current = { begin, isHeld }
  })
  useEffect(() => {
    const scrolled = () => {
      const isBelow = scrollY > SCROLLED_PIXELS
      if (isBelow === isScrolled.current) return
      isScrolled.current = isBelow
      if (isBelow) latest.current.begin()
      else if (!latest.current.isHeld()) setHeld(undefined)
    }
    addEventListener('scroll', scrolled, { passive: true })
    return () => removeEventListener('scroll', scrolled)
  }, [])
  const rows = useMemo(() => (held ? hold(held, items, arranged) : arranged), [held, items, arranged])
  return {
    rows,
    /** What is new above, or stands elsewhere by now. */
    newer: useMemo(() => newerThan(rows, arranged), [rows, arranged]),
    putInOrder: () => setHeld(isHeld() || isScrolled.current ? arranged : undefined),
    hold: props,
  }
}
