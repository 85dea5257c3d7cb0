import { type RefObject, useLayoutEffect, useRef } from 'react'

/** What a component was last given, for callbacks that outlive a rendering. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value)
  useLayoutEffect(() => {
    latest.current = value
  })
  return latest
}
