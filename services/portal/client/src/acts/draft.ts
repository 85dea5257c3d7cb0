import { useCallback, useEffect, useState } from 'react'
import { usePerson } from '../api/session.ts'
import { useLatest } from '../live/latest.ts'
import { keptFor } from './kept.ts'

/**
 * A text, or a form, that is being written. It survives a reload, and a session that ends in the middle of it; `clear` once
 * it was sent.
 */
export function useDraft<Value>(name: string, initial: Value): [Value, (value: Value) => void, () => void] {
  const { id } = usePerson()
  const [value, setValue] = useState<Value>(() => {
    // Written by this application into this tab, under this name.
    const kept = keptFor(id, `draft.${name}`).read() as Value | undefined
    return kept ?? initial
  })
  const first = useLatest(initial)
  const [isTouched, setTouched] = useState(false)
  useEffect(() => {
    if (isTouched) keptFor(id, `draft.${name}`).write(value)
  }, [id, name, value, isTouched])
  const change = useCallback((next: Value) => {
    setTouched(true)
    setValue(next)
  }, [])
  const clear = useCallback(() => {
    setTouched(false)
    setValue(first.current)
    keptFor(id, `draft.${name}`).remove()
  }, [id, name, first])
  return [value, change, clear]
}
