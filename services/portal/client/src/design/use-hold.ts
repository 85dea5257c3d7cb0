import { type FocusEvent, useRef } from 'react'

/**
 * Says when somebody is about to press something in a list: a pointer or the focus is in it. `begin` and `end` come once
 * each; what a component returns as `props` goes onto the element that holds the list.
 */
export function useHold({ begin, end }: { begin: () => void; end: () => void }) {
  const isOver = useRef(false)
  const isFocused = useRef(false)
  const leave = () => {
    if (!isOver.current && !isFocused.current) end()
  }
  return {
    isHeld: () => isOver.current || isFocused.current,
    props: {
      onPointerEnter() {
        isOver.current = true
        begin()
      },
      onPointerLeave() {
        isOver.current = false
        leave()
      },
      onFocus() {
        isFocused.current = true
        begin()
      },
      onBlur({ currentTarget, relatedTarget }: FocusEvent) {
        if (relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return
        isFocused.current = false
        leave()
      },
    },
  }
}
