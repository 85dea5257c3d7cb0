import type { Instant } from '@relais/contracts/primitives'
import { seeded } from '../random.ts'
import { invented, people, type Person } from '../territory/people.ts'
import { wards } from '../territory/places.ts'
import { physicians } from '../territory/professionals.ts'
import { addDays, type Day, instantOf, localTime, numberOf, secondsOf } from './calendar.ts'
import { movementMessage, type Patient, type Said } from './er7.ts'
import { type Moment, type Offset, type Step, type Story, stories } from './stories.ts'

/** A message of a day, and when it is sent. */
export type Timed = {
  at: Instant
  /** MSH-10, which the day, the story and the step decide. */
  controlId: string
  trigger: string
  bytes: Uint8Array
  /** What the intake makes of it, unless a person repaired it meanwhile. */
  outcome: 'accepted' | 'quarantined'
}

/** Who lives which story, from when on. */
export type Cast = {
  story: Story
  index: number
  begins: Day
  seed: number
  patient: Patient & Partial<Pick<Person, 'carers'>>
  ehpad: string | undefined
}
type Sent = Timed & { offset: Offset }

/** People are seen again every fourth day, when what they lived before is over. */
const GROUPS = 4
const LONGEST_JITTER_SECONDS = 15 * 60
const LONGEST_DELAY_SECONDS = 5 * 60
const BEFORE_THE_DAY = '05:00'

/**
 * Everything that the hospital sends on one day. It begins with what it sent before of the patients who are there:
 * whoever has these messages already takes them for what they are, the same ones again.
 */
export function messagesOfDay(seed: number, day: Day): Timed[] {
  const [before, yesterday, today] = [-2, -1, 0].map((days) => storiesBeginning(seed, addDays(day, days)))
  const told = [...(before ?? []).map(unfinishedBy(2)), ...(yesterday ?? []).map(unfinishedBy(1))].flat()
  const opening = instantOf(localTime(day, secondsOf(BEFORE_THE_DAY)))
  const again = inOrder(told).map((message) => ({ ...message, at: opening }))
  const own = [before, yesterday, today].flatMap((casts = [], index) => casts.flatMap(on(offsets[2 - index] ?? 0)))
  return oneAfterTheOther([...again, ...inOrder(own)])
}

/** What becomes of those who are at the hospital at the end of a day: what the days that follow would tell. */
export function messagesAfterDay(seed: number, day: Day): Timed[] {
  const yesterday = storiesBeginning(seed, addDays(day, -1)).flatMap(on(2))
  const today = storiesBeginning(seed, day)
    .flatMap(told)
    .filter(({ offset }) => offset > 0)
  return oneAfterTheOther(inOrder([...yesterday, ...today]))
}

const offsets = [0, 1, 2] as const
const told = (cast: Cast): Sent[] => cast.story.steps.map((step, index) => messageOf(cast, step, index))
const on = (offset: Offset) => (cast: Cast) => told(cast).filter((message) => message.offset === offset)

/** What was taken in of a patient before the so-manieth day of a story that is not over by then. */
const unfinishedBy = (offset: Offset) => (cast: Cast) => {
  const messages = told(cast)
  const isOver = messages.every((message) => message.offset < offset)
  return isOver ? [] : messages.filter((message) => message.offset < offset && message.outcome === 'accepted')
}

function inOrder(messages: readonly Sent[]): Sent[] {
  return messages.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
}

/** No two at one instant, so that their order is plain. */
function oneAfterTheOther(messages: readonly Sent[]): Timed[] {
  let last = 0
  return messages.map(({ at, controlId, trigger, bytes, outcome }) => {
    last = Math.max(Date.parse(at), last + 1000)
    return { at: new Date(last).toISOString(), controlId, trigger, bytes, outcome }
  })
}

/** Who lives what, from this day on. */
export function storiesBeginning(seed: number, begins: Day): Cast[] {
  const number = numberOf(begins)
  const random = seeded(seed, number)
  const group = people().filter((_, index) => index % GROUPS === number % GROUPS)
  const waiting = {
    resident: random.shuffled(group.filter(({ residence }) => residence)),
    townsperson: random.shuffled(group.filter(({ residence }) => !residence)),
    stranger: [strangerOf(seed, number)],
  }
  return stories.map((story, index) => {
    const patient = waiting[story.who].pop()
    if (!patient) throw new RangeError('The territory has too few people for a day')
    return { story, index, begins, seed, patient, ehpad: patient.residence?.ehpad }
  })
}

function strangerOf(seed: number, number: number): Person {
  const random = seeded(seed, number, 1)
  const ipp = `E${seed}-${number}`
  // Another one each day, for longer than anybody plays.
  const identity = invented(random, { ipp, order: 300 + (number % 700), born: { from: 1930, years: 15 } })
  return { ...identity, physician: random.pick(physicians), carers: [] }
}

function messageOf(cast: Cast, step: Step, index: number): Sent {
  const { begins, seed, patient } = cast
  const [offset] = step.at
  const name = `${seed}-${localTime(begins, 0).slice(2, 8)}-${cast.index}`
  const recordedAt = recorded(cast, step)
  const said: Said = {
    trigger: step.trigger,
    controlId: `${name}-${index}`,
    patient,
    visit: name,
    movement: `${name}-${step.of ?? index}`,
    recordedAt,
    effectiveAt: effective(cast, index),
    ward: wards[step.ward],
    bed: bedOf(cast, step),
    patientClass: step.patientClass,
    ...optional(cast, step),
  }
  return {
    at: instantOf(recordedAt),
    offset,
    controlId: said.controlId,
    trigger: said.trigger,
    bytes: movementMessage(said),
    outcome: step.isShifted ? 'quarantined' : 'accepted',
  }
}

type Optional =
  | 'action'
  | 'original'
  | 'attending'
  | 'isProtected'
  | 'plannedWard'
  | 'isShifted'
  | 'discharge'
  | 'plannedFor'
  | 'leavesAt'

function optional(cast: Cast, step: Step): Partial<Pick<Said, Optional>> {
  const { action, original, attending, isProtected, plannedWard, isShifted, discharge, plannedFor, leavesAt } = step
  const destination = discharge?.destinationKind === '7' && cast.ehpad ? { destination: cast.ehpad } : {}
  return {
    ...(action && original ? { action, original } : {}),
    ...(attending ? { attending } : {}),
    ...(isProtected ? { isProtected } : {}),
    ...(plannedWard ? { plannedWard } : {}),
    ...(isShifted ? { isShifted } : {}),
    ...(discharge ? { discharge: { ...discharge, ...destination } } : {}),
    ...(plannedFor ? { plannedFor: planned(cast, plannedFor) } : {}),
    ...(leavesAt ? { leavesAt: planned(cast, leavesAt) } : {}),
  }
}

function recorded(cast: Cast, { at: [offset, time] }: Step): string {
  return localTime(addDays(cast.begins, offset), secondsOf(time) + jitter(cast))
}

/** A little before it was recorded, unless the story says when. What is corrected or cancelled happened when it did. */
function effective(cast: Cast, index: number): string {
  const step = cast.story.steps[index]
  if (!step) throw new RangeError('The story has no such step')
  if (step.action === 'CANCEL' && step.of !== undefined) return effective(cast, step.of)
  const [offset, time] = step.at
  const { begins, seed } = cast
  const delay = seeded(seed, numberOf(begins), cast.index + 2, index).below(LONGEST_DELAY_SECONDS)
  const seconds = step.effective === undefined ? secondsOf(time) - delay : secondsOf(step.effective)
  return localTime(addDays(begins, offset), seconds + jitter(cast))
}

/** People plan in round times. */
function planned({ begins }: Cast, [offset, time]: Moment): string {
  return localTime(addDays(begins, offset), secondsOf(time))
}

/** Nobody is on the minute. */
export function jitter({ seed, begins, index }: Cast): number {
  return seeded(seed, numberOf(begins), index + 2).below(LONGEST_JITTER_SECONDS)
}

/** In each ward a bed of one's own. */
function bedOf({ begins, index }: Cast, { ward }: Step): readonly [string, string] {
  const room = 1 + ((numberOf(begins) * 19 + index) % 80)
  return [`${wards[ward][0].slice(-1)}${String(room).padStart(2, '0')}`, String(1 + (index % 2))]
}
