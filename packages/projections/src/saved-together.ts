import { setTimeout as pause } from 'node:timers/promises'
import type { FollowDeps } from './follower.ts'

/** After a crash, at most so many events are delivered again that were handled before. */
const MOST_UNSAVED_EVENTS = 64
const LATEST_SAVE_MILLISECONDS = 200

type Checkpoint = { read(): Promise<number>; save(position: number): Promise<void> }
type SavingDeps = Pick<FollowDeps, 'log' | 'sleep'> & { name: string }

/**
 * A checkpoint that is saved for many events at once: when they have become many, a moment after the first of them, or at
 * the end, whichever is first. What is handled is known meanwhile, so that nothing is handled again but after a crash.
 */
export function savedTogether({ name, log, sleep = pauseFor }: SavingDeps, checkpoint: Checkpoint) {
  const stopping = new AbortController()
  let handled = 0
  let saved = 0
  let unsavedEvents = 0
  let waiting: Promise<void> | undefined

  async function save(): Promise<void> {
    if (handled <= saved) return
    const [position, events] = [handled, unsavedEvents]
    await checkpoint.save(position)
    saved = position
    unsavedEvents -= events
  }
  /** A failure leaves it to whatever is handled next, or to the end. */
  async function saveAnyway(): Promise<void> {
    await save().catch((error: unknown) => log.warn({ reaction: name, error }, 'a checkpoint could not be saved'))
  }
  async function saveSoon(): Promise<void> {
    // Waiting ends early only because of `stop`, which saves.
    const isOver = await sleep(LATEST_SAVE_MILLISECONDS, stopping.signal).then(
      () => false,
      () => true,
    )
    waiting = undefined
    if (!isOver) await saveAnyway()
  }

  return {
    read: async () => Math.max(handled, await checkpoint.read()),
    async moveTo(position: number, events: number): Promise<void> {
      handled = Math.max(handled, position)
      unsavedEvents += events
      if (unsavedEvents >= MOST_UNSAVED_EVENTS) return save()
      waiting ??= saveSoon()
    },
    async stop(): Promise<void> {
      stopping.abort()
      await waiting
      await saveAnyway()
    },
  }
}

const pauseFor = (milliseconds: number, signal: AbortSignal) => pause(milliseconds, undefined, { signal })
