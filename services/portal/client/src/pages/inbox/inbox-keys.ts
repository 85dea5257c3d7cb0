import { actKeys, type InboxAct } from './inbox-acts.ts'

/** What a key of the inbox asks for. */
export type KeyCommand =
  | { kind: 'move'; by: 1 | -1 }
  | { kind: 'close' | 'keys' | 'order' }
  | { kind: 'act'; act: InboxAct }

export type Pressed = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }

/** What is asked for by a key, of what may be done now; `undefined` for a key that is not the inbox's. */
export function commandOf(
  { key, ctrlKey, metaKey, altKey }: Pressed,
  acts: readonly InboxAct[],
): KeyCommand | undefined {
  if (ctrlKey || metaKey || altKey) return undefined
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return { kind: 'move', by: 1 }
    case 'k':
    case 'ArrowUp':
      return { kind: 'move', by: -1 }
    case 'Escape':
      return { kind: 'close' }
    case '?':
      return { kind: 'keys' }
    case 'u':
      return { kind: 'order' }
    default: {
      const act = acts.find((one) => actKeys[one] === key)
      return act ? { kind: 'act', act } : undefined
    }
  }
}
