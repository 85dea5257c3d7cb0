import { useCallback, useEffect, useRef } from 'react'

/** Does something later, unless the reader has gone elsewhere by then. */
export function useWhileHere(): (then: () => void) => void {
  const isHere = useRef(false)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  return useCallback((then) => {
    if (isHere.current) then()
  }, [])
}
