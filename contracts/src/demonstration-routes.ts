import { createRoute, z } from '@hono/zod-openapi'
import { Instant } from './primitives.ts'
import { bearer, body, json, problems } from './route-parts.ts'

/** Invented territories and days are functions of a seed. */
export const DemonstrationSeed = z.int().min(1).max(999_999)
/** How many seconds of the day pass in one: 1 is as it would be, 86 400 plays it at once. */
export const PlayingSpeed = z.number().min(1).max(86_400)

export const ClockView = z.object({
  now: Instant,
  /** Of the clock of the machine. */
  aheadSeconds: z.number().nonnegative(),
})
export type ClockView = z.infer<typeof ClockView>

export const readClock = createRoute({
  method: 'get',
  path: '/demonstration/clock',
  summary: 'What time it is in this demonstration. Production has no such route, nor the others of this group',
  security: bearer,
  responses: { 200: json(ClockView, 'The time'), default: problems },
})

export const AdvanceClockBody = z.union([
  z.strictObject({ advanceSeconds: z.int().min(1).max(400_000_000) }),
  z.strictObject({ to: Instant }),
])
export const advanceClock = createRoute({
  method: 'post',
  path: '/demonstration/clock',
  summary: 'Move the clock of a demonstration forward, for every service at once; it never goes back',
  security: bearer,
  request: body(AdvanceClockBody),
  responses: { 200: json(ClockView, 'The time from now on'), default: problems },
})

/** A day that is played: so many messages of a hospital, at their times. */
export const DayView = z.object({
  /** `stopped` goes on where it was when it is played again; `failed` is stopped because nobody takes the messages. */
  state: z.enum(['playing', 'stopped', 'done', 'failed']),
  /** The calendar day of the hospital. */
  day: z.iso.date(),
  seed: DemonstrationSeed,
  speed: PlayingSpeed,
  sent: z.int(),
  total: z.int(),
  /** Answers: taken in, waiting in quarantine, refused. What was sent before a restart is not counted again. */
  accepted: z.int(),
  quarantined: z.int(),
  refused: z.int(),
  now: Instant,
})
export type DayView = z.infer<typeof DayView>

export const playDay = createRoute({
  method: 'post',
  path: '/demonstration/day',
  summary: 'Play a day of the hospital, or go on with the one that was stopped; the clock goes along',
  security: bearer,
  request: body(z.strictObject({ speed: PlayingSpeed, seed: DemonstrationSeed.optional() })),
  responses: { 202: json(DayView, 'Playing'), default: problems },
})

export const readDay = createRoute({
  method: 'get',
  path: '/demonstration/day',
  summary: 'How far the day is that is played, or was played last',
  security: bearer,
  responses: { 200: json(DayView, 'The day'), default: problems },
})

export const stopDay = createRoute({
  method: 'delete',
  path: '/demonstration/day',
  summary: 'Stop playing; what was sent stays',
  security: bearer,
  responses: { 200: json(DayView, 'Where it stopped'), default: problems },
})

export const TerritoryView = z.object({
  /** `absent` where this demonstration began without one. */
  state: z.enum(['absent', 'arriving', 'present', 'failed']),
  done: z.int(),
  total: z.int(),
})
export type TerritoryView = z.infer<typeof TerritoryView>

export const readTerritory = createRoute({
  method: 'get',
  path: '/demonstration/territory',
  summary: 'Whether the invented places and people of this demonstration are there',
  security: bearer,
  responses: { 200: json(TerritoryView, 'The territory'), default: problems },
})

export const demonstrationRoutes = [readClock, advanceClock, playDay, readDay, stopDay, readTerritory] as const
