import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { useWords } from '../messages/language.tsx'
import { Button } from './button.tsx'
import { designWords } from './design-words.ts'
import styles from './announcements.module.css'

export type Announcement = {
  kind: 'done' | 'waiting' | 'refused'
  text: string
  /** One of each key is shown: the last one. */
  key?: string
  action?: { label: string; run(): void }
}
type Shown = Announcement & { id: number }

const AnnounceContext = createContext<(announcement: Announcement) => void>(() => {})

const SHOWN_MILLISECONDS = { done: 8000, waiting: 8000, refused: 20_000 }
const MOST_SHOWN = 4
let announced = 0

/** What just happened, said to everybody: seen in a corner, and read aloud. */
export function Announcements({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([])
  const words = useWords(designWords)
  const drop = useCallback((id: number) => setShown((before) => before.filter((one) => one.id !== id)), [])
  const announce = useCallback(
    (announcement: Announcement) => {
      announced += 1
      const id = announced
      const { key } = announcement
      setShown((before) =>
        [...before.filter((one) => key === undefined || one.key !== key), { ...announcement, id }].slice(-MOST_SHOWN),
      )
      setTimeout(() => drop(id), SHOWN_MILLISECONDS[announcement.kind])
    },
    [drop],
  )
  const list = useMemo(() => shown, [shown])
  return (
    <AnnounceContext value={announce}>
      {children}
      {/* Marked as above dialogs: one that stays open would hide from a screen reader what was just done in it. */}
      <div
        className={styles.corner}
        role="log"
        aria-live="polite"
        aria-label={words.announcements}
        data-react-aria-top-layer="true"
      >
        {list.map(({ id, kind, text, action }) => (
          <div key={id} className={styles.one} data-kind={kind}>
            <p>{text}</p>
            {action && (
              <Button
                kind="quiet"
                onPress={() => {
                  action.run()
                  drop(id)
                }}
              >
                {action.label}
              </Button>
            )}
            <Button kind="quiet" label={words.close} onPress={() => drop(id)}>
              ×
            </Button>
          </div>
        ))}
      </div>
    </AnnounceContext>
  )
}

export function useAnnounce(): (announcement: Announcement) => void {
  return useContext(AnnounceContext)
}
