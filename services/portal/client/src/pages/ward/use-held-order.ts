import { useState } from 'react'
import { useHold } from '../../design/use-hold.ts'
import { type Group, heldRows, type Seen } from './board-rows.ts'

/** While a pointer or the focus is in the list, what was there stays where it was: nobody presses what was not meant. */
export function useHeldOrder(seen: readonly Seen[]) {
  const [held, setHeld] = useState<readonly { stayId: string; group: Group }[]>()
  const { props } = useHold({
    begin: () => setHeld((before) => before ?? seen.map(({ row: { stayId, group } }) => ({ stayId, group }))),
    end: () => setHeld(undefined),
  })
  const shown = held ? heldRows(held, seen) : seen.map((one) => ({ ...one, group: one.row.group }))
  const isOther = shown.some(({ row, group }, index) => row !== seen[index]?.row || group !== row.group)
  return {
    shown,
    /** Puts the list in order again; absent while it is. */
    putInOrder: isOther ? () => setHeld(undefined) : undefined,
    hold: props,
  }
}
