import { setTimeout as pause } from 'node:timers/promises'
import { type DayView, DemonstrationSeed, PlayingSpeed } from '@relais/contracts/demonstration-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { Logger } from '@relais/telemetry/logger'
import { z } from 'zod'
import type { DemonstrationClock } from './clock.ts'
import { type Dated, dayToPlay, messagesToPlay } from './day/play-list.ts'
import type { Timed } from './day/day.ts'
import type { KeptFile } from './kept-file.ts'
import type { Send } from './send.ts'

const SeedAndDay = z.object({ seed: DemonstrationSeed, day: z.iso.date() })

/** Enough to go on after a restart: messages are made again, and those that were sent are known to the intake. */
export const KeptDay = SeedAndDay.extend({
  after: SeedAndDay.optional(),
  speed: PlayingSpeed,
  next: z.int().nonnegative(),
  isOver: z.boolean(),
})
type KeptDay = z.infer<typeof KeptDay>

export type PlayerDeps = {
  kept: KeptFile<KeptDay>
  clock: DemonstrationClock
  send: Send
  /** Once the people are there whom the day is about. */
  settled: Promise<void>
  log: Logger
}

export type PlayRefusal = 'dayPlaying' | 'dayUnfinished'
export type Player = {
  view(): DayView | undefined
  play(wish: { speed: number; seed?: number | undefined }): PlayRefusal | DayView
  /** `undefined` when nothing was ever played. */
  stop(): Promise<DayView | undefined>
}

type Playing = KeptDay & { messages: readonly Timed[] }
type Counts = Pick<DayView, 'accepted' | 'quarantined' | 'refused'>

const DEFAULT_SEED = 1
const ATTEMPTS = 4
const RETRY_MILLISECONDS = 250

/** Plays days, one at a time. */
export function player({ kept, clock, send, settled, log }: PlayerDeps): Player {
  let playing: { stopping: AbortController; ended: Promise<void> } | undefined
  let hasFailed = false
  let counts: Counts = { accepted: 0, quarantined: 0, refused: 0 }
  let current = withMessages(kept.read())

  function stateOf({ isOver }: KeptDay): DayView['state'] {
    if (playing) return 'playing'
    if (isOver) return 'done'
    return hasFailed ? 'failed' : 'stopped'
  }
  function view(): DayView | undefined {
    if (!current) return undefined
    const { day, seed, speed, next, messages } = current
    const progress = { sent: next, total: messages.length, ...counts }
    return { state: stateOf(current), day, seed, speed, ...progress, now: clock.now() }
  }

  async function run(signal: AbortSignal) {
    await settled
    while (current && current.next < current.messages.length) {
      const message = current.messages[current.next]
      if (!message || !(await until(message.at, current.speed, signal))) return
      clock.advanceTo(later(message.at, clock.now()))
      const code = await insist(message, signal)
      if (code === undefined) return
      counts = counted(counts, code)
      current = { ...current, next: current.next + 1 }
      kept.write(keptOf(current))
    }
    if (current) current = { ...current, isOver: true }
    if (current) kept.write(keptOf(current))
  }

  /** Waits as long as the speed asks, less when somebody moves the clock. Answers whether to go on. */
  async function until(at: Instant, speed: number, signal: AbortSignal): Promise<boolean> {
    const left = () => Date.parse(at) - Date.parse(clock.now())
    while (left() > 0 && !signal.aborted) {
      const moved = new AbortController()
      const forget = clock.onAdvanced(() => moved.abort())
      const waited = await pause(left() / speed, true, { signal: AbortSignal.any([signal, moved.signal]) }).catch(
        () => false,
      )
      forget()
      if (waited) break
    }
    return !signal.aborted
  }

  /** AR says: not now, send it again. `undefined` after several times, or when stopped. */
  async function insist({ bytes }: Timed, signal: AbortSignal): Promise<'AA' | 'AE' | undefined> {
    for (let tried = 1; tried <= ATTEMPTS && !signal.aborted; tried += 1) {
      const code = await send(bytes)
      if (code === 'AA' || code === 'AE') return code
      if (code === 'AR') counts = { ...counts, refused: counts.refused + 1 }
      await pause(RETRY_MILLISECONDS * tried, undefined, { signal }).catch(() => undefined)
    }
    hasFailed = !signal.aborted
    if (hasFailed) log.error({ count: current?.next ?? 0 }, 'the day that is played was refused; it is stopped')
    return undefined
  }

  function begin(next: Playing): DayView {
    const stopping = new AbortController()
    current = next
    hasFailed = false
    kept.write(keptOf(next))
    const ended = run(stopping.signal)
      .catch((error: unknown) => {
        hasFailed = true
        log.error({ error }, 'the day could not be played')
      })
      .finally(() => (playing = undefined))
    playing = { stopping, ended }
    return viewOf(next)
  }
  const viewOf = (playing: Playing) => view() ?? unreachable(playing)

  return {
    view,
    play({ speed, seed }) {
      if (playing) return 'dayPlaying'
      if (current && !current.isOver)
        return seed !== undefined && seed !== current.seed ? 'dayUnfinished' : begin({ ...current, speed })
      counts = { accepted: 0, quarantined: 0, refused: 0 }
      const before = current && { seed: current.seed, day: current.day }
      const next = dayToPlay({ seed: seed ?? before?.seed ?? DEFAULT_SEED, now: clock.now(), before })
      return begin(withList({ ...next, speed, next: 0, isOver: false }))
    },
    async stop() {
      playing?.stopping.abort()
      await playing?.ended
      return view()
    },
  }
}
