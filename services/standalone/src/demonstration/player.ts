import { type DayView, DemonstrationSeed, PlayingSpeed } from '@relais/contracts/demonstration-routes'
import type { Logger } from '@relais/telemetry/logger'
import { z } from 'zod'
import type { DemonstrationClock } from './clock.ts'
import { actsOfDay } from './day/acts.ts'
import { dayToPlay, messagesToPlay } from './day/play-list.ts'
import type { KeptFile } from './kept-file.ts'
import type { Perform } from './performing.ts'
import { playMessages } from './playing.ts'
import type { Send } from './send.ts'

const Dated = z.object({ seed: DemonstrationSeed, day: z.iso.date() })

/** Enough to go on after a restart: messages are made again, and the intake knows those that it has. */
export const KeptDay = Dated.extend({
  after: Dated.optional(),
  speed: PlayingSpeed,
  /** How many messages are answered, and how many there are. */
  sent: z.int().nonnegative(),
  total: z.int().nonnegative(),
  isOver: z.boolean(),
})
type KeptDay = z.infer<typeof KeptDay>

export type PlayerDeps = {
  kept: KeptFile<KeptDay>
  clock: DemonstrationClock
  send: Send
  perform: Perform
  /** Once the people are there whom the day is about. */
  settled: Promise<void>
  log: Logger
}

export type PlayRefusal = 'dayPlaying' | 'dayUnfinished'
export type Player = {
  /** `undefined` when nothing was ever played. */
  view(): DayView | undefined
  /** Plays the next day, or goes on with the one that was stopped, from the first message without an answer. */
  play(wish: { speed: number; seed?: number | undefined }): PlayRefusal | DayView
  stop(): Promise<void>
}

type Current = KeptDay & { state: DayView['state']; answers: Answers }
type Answers = Pick<DayView, 'accepted' | 'quarantined' | 'refused'>

const DEFAULT_SEED = 1
const none: Answers = { accepted: 0, quarantined: 0, refused: 0 }
const counted = { AA: 'accepted', AE: 'quarantined', AR: 'refused' } as const

/** Plays days, one at a time. @throws UnusableFolder */
export function player({ kept, clock, send, perform, settled, log }: PlayerDeps): Player {
  let current = opened(kept.read())
  let playing: { stopping: AbortController; ended: Promise<void> } | undefined

  function keep(day: Current): Current {
    kept.write(KeptDay.parse(day))
    return (current = day)
  }

  async function run(begun: Current, signal: AbortSignal) {
    let day = begun
    await settled
    const onAnswer = (code: 'AA' | 'AE' | 'AR') => {
      const answers = { ...day.answers, [counted[code]]: day.answers[counted[code]] + 1 }
      day = keep({ ...day, answers, sent: day.sent + (code === 'AR' ? 0 : 1) })
    }
    const all = messagesToPlay(day)
    const messages = all.slice(day.sent)
    // What people did since the last message may not have been done: it is done again, which changes nothing.
    const since = all[day.sent - 1]?.at ?? ''
    const acts = actsOfDay(day.seed, day.day).filter(({ at }) => at >= since)
    const end = await playMessages({ messages, acts, speed: day.speed, clock, send, perform, onAnswer }, signal)
    keep({ ...day, state: end === 'over' ? 'done' : end, isOver: end === 'over' })
    log.info({ outcome: end, count: day.sent }, 'the day of the hospital was played')
  }

  function begin(day: Current): DayView {
    const begun = keep({ ...day, state: 'playing' })
    const stopping = new AbortController()
    const fail = (error: unknown) => {
      current = { ...(current ?? begun), state: 'failed' }
      log.error({ error }, 'the day of the hospital could not be played')
    }
    const ended = run(begun, stopping.signal)
      .catch(fail)
      .finally(() => (playing = undefined))
    playing = { stopping, ended }
    return viewOf(begun, clock)
  }

  return {
    view: () => current && viewOf(current, clock),
    play({ speed, seed }) {
      if (playing) return 'dayPlaying'
      if (current && !current.isOver)
        return seed !== undefined && seed !== current.seed ? 'dayUnfinished' : begin({ ...current, speed })
      const last = current && { seed: current.seed, day: current.day }
      const next = dayToPlay({ seed: seed ?? last?.seed ?? DEFAULT_SEED, now: clock.now(), last })
      const total = messagesToPlay(next).length
      return begin({ ...next, speed, sent: 0, total, isOver: false, state: 'playing', answers: none })
    },
    async stop() {
      playing?.stopping.abort()
      await playing?.ended
    },
  }
}

function opened(kept: KeptDay | undefined): Current | undefined {
  return kept && { ...kept, state: kept.isOver ? 'done' : 'stopped', answers: none }
}

function viewOf({ state, day, seed, speed, sent, total, answers }: Current, clock: DemonstrationClock): DayView {
  return { state, day, seed, speed, sent, total, ...answers, now: clock.now() }
}
