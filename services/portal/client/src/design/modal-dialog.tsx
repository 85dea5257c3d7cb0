import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useWords } from '../messages/language.tsx'
import { Button } from './button.tsx'
import { designWords } from './design-words.ts'
import styles from './dialog.module.css'

export type DialogProps = { title: string; isOpen: boolean; onClose: () => void; children: ReactNode }

/** `Dialog`, once it is needed. */
export function ModalDialog({ title, isOpen, onClose, children }: DialogProps) {
  const words = useWords(designWords)
  return (
    <ModalOverlay className={styles.veil ?? ''} isOpen={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Modal className={styles.modal ?? ''}>
        <AriaDialog className={styles.dialog ?? ''}>
          <div className={styles.head}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button kind="quiet" label={words.close} onPress={onClose}>
              ×
            </Button>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
