import { type ComponentType, useEffect, useState } from 'react'
import { whenIdle } from '../live/when-idle.ts'
import type { DialogProps } from './modal-dialog.tsx'

let arrived: ComponentType<DialogProps> | undefined
const fetchDialog = async () => {
  arrived ??= (await import('./modal-dialog.tsx')).ModalDialog
  return arrived
}
// What makes a dialog is a good part of the application, and nobody's first screen has one.
whenIdle(fetchDialog)

/** A question that has to be answered first. Escape, or the cross, closes it and does nothing. */
export function Dialog(props: DialogProps) {
  const { isOpen } = props
  const [Modal, setModal] = useState(() => arrived)
  useEffect(() => {
    if (!isOpen || Modal) return
    let isOver = false
    fetchDialog().then(
      (found) => !isOver && setModal(() => found),
      // Without a network it opens at the next press.
      () => {},
    )
    return () => {
      isOver = true
    }
  }, [isOpen, Modal])
  return Modal ? <Modal {...props} /> : null
}
