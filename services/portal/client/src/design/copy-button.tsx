import { useWords } from '../messages/language.tsx'
import { useAnnounce } from './announcements.tsx'
import { Button } from './button.tsx'
import { designWords } from './design-words.ts'

/** Copies a text for another program. */
export function CopyButton({ children, text, shortcut }: { children: string; text: () => string; shortcut?: string }) {
  const words = useWords(designWords)
  const announce = useAnnounce()
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => announce({ kind: 'done', key: 'copied', text: words.copied }),
      () => announce({ kind: 'refused', key: 'copied', text: words.copyFailed }),
    )
  }
  return (
    <Button kind="quiet" onPress={copy} {...(shortcut === undefined ? {} : { shortcut })}>
      {children}
    </Button>
  )
}
