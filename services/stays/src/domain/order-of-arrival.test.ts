import { PatientId } from '@relais/contracts/primitives'
import { type Movement, MovementKind, PatientClass } from '@relais/contracts/movements'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { opens } from './order.ts'
import { standingOf } from './standing.ts'
import { movementOf } from './stay-state.ts'
import { stay, type StayCommand } from './stay.ts'
import {
  identity,
  lastStanding,
  message,
  movementId,
  moves,
  on,
  otherPatientId,
  patientId,
  physician,
  says,
  stayId,
  told,
  ward,
} from './stay.fixture.ts'

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
const anyWard = fc.constantFrom(...['A', 'B', 'C'].map(ward))
const anyTime = fc.constantFrom('08:00', '10:00', '12:00', '14:00').map(on)
const anyNature = fc.constantFrom('S', 'H', 'M', 'L', 'D', 'SM', 'SH', 'MH', 'LD', 'HMS')

/** What a movement may say of a patient. Little variety, so that sayings meet. */
const anyContent: fc.Arbitrary<Partial<Movement>> = fc
  .record({
    effectiveAt: anyTime,
    nature: anyNature,
    patientClass: fc.constantFrom(...PatientClass.options),
    medicalWard: maybe(anyWard),
    careWard: maybe(anyWard),
    room: maybe(fc.constantFrom('1', '2')),
    attendingPhysician: maybe(fc.constantFrom(physician(1), physician(2))),
    expectedDischargeAt: maybe(anyTime),
    plannedAt: maybe(anyTime),
    plannedWard: maybe(anyWard),
    confidential: maybe(fc.boolean()),
    discharge: maybe(fc.constantFrom({ exitMode: '8' }, { exitMode: '9' }, { circumstances: '3' })),
  })
  .map((content) => Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)))

type Saying = { action: 'insert' | 'update' | 'status' | 'cancel'; content: Partial<Movement>; returns: boolean }
const anyLaterSaying: fc.Arbitrary<Saying> = fc.record({
  action: fc.constantFrom('update' as const, 'update' as const, 'status' as const, 'cancel' as const),
  content: anyContent,
  returns: fc.boolean(),
})
const anyMovement = fc.record({
  kind: fc.constantFrom(...MovementKind.options),
  inserted: anyContent,
  // A movement is cancelled once: two cancellations that contradict each other are for a person to look at.
  later: fc.array(anyLaterSaying, { maxLength: 3 }).map((sayings) => {
    const cancelled = sayings.findIndex(({ action }) => action === 'cancel')
    return sayings.filter(({ action }, index) => action !== 'cancel' || index === cancelled)
  }),
})

/** Messages about one stay, in the order of its movements; in which order they were said is another matter. */
const anyStay = fc.array(anyMovement, { minLength: 1, maxLength: 6 }).chain((movements) => {
  const sayings = movements.flatMap(({ kind, inserted, later }, n) =>
    [{ action: 'insert' as const, content: inserted, returns: true }, ...later].map((saying) => ({
      ...saying,
      kind,
      n,
    })),
  )
  const times = sayings.map((_, index) => index * 2)
  const order = fc.shuffledSubarray(times, { minLength: times.length })
  const movedAt = fc.subarray(
    times.map((time) => time + 1),
    { maxLength: Math.min(2, times.length) },
  )
  return fc.tuple(order, movedAt, fc.boolean()).map(([order, moved, isBack]): StayCommand[] => {
    const owners = [patientId, otherPatientId, isBack ? patientId : thirdPatientId] as const
    const ownerAt = (said: number) => owners[moved.filter((at) => at < said).length] ?? patientId
    const commands = sayings.map((saying, index) => command(saying, order[index] ?? 0, ownerAt))
    return [...commands, ...moved.map((said) => moves({ said, from: ownerAt(said), to: ownerAt(said + 1) }))]
  })
})
const thirdPatientId = PatientId.parse(movementId(9))

function command(
  { action, kind, content, n, returns }: Saying & { kind: MovementKind; n: number },
  said: number,
  ownerAt: (said: number) => PatientId,
) {
  const isStatus = action === 'status' && (opens(kind) || kind === 'preadmission')
  return says({
    n,
    said,
    kind,
    returnsToPreadmission: returns,
    action: action === 'status' ? 'update' : action,
    ...content,
    ...(isStatus ? { nature: 'C' } : {}),
    patientId: ownerAt(said),
  })
}

/** The messages as they may arrive: in any order, some twice, and some again under another control id. */
const anyArrival = anyStay.chain((commands) => {
  const again = fc.subarray([...commands])
  const resent = fc.subarray(commands.map((one, index) => ({ ...one, messageId: message(500 + index) })))
  return fc.tuple(again, resent).chain(([repeated, others]) => {
    const all = [...commands, ...repeated, ...others]
    return fc.record({ commands: fc.constant(commands), arrived: fc.shuffledSubarray(all, { minLength: all.length }) })
  })
})

const timeline = ({ state }: ReturnType<typeof told>) => ({
  patientId: state.patientId,
  standing: standingOf(state),
  movements: Object.values(state.movements)
    .map((known) => {
      const { reportedAt: _, nature, ...movement } = movementOf(known)
      return { kind: known.kind, isWithdrawn: known.withdrawnAt !== undefined, nature, movement }
    })
    .toSorted((a, b) => (a.movement.movementId < b.movement.movementId ? -1 : 1)),
})

test('a stay is the same in whatever order its messages arrive, and however often', () =>
  fc.assert(
    fc.property(anyArrival, ({ commands, arrived }) => {
      const expected = told(commands)
      expect(timeline(told(arrived))).toEqual(timeline(expected))
    }),
    { numRuns: 500 },
  ))

test('what a stay was last said to be is what it is', () =>
  fc.assert(
    fc.property(anyArrival, ({ arrived }) => {
      const outcome = told(arrived)
      expect(lastStanding(outcome)).toEqual(standingOf(outcome.state))
    }),
    { numRuns: 300 },
  ))

const anyConfidentiality: fc.Arbitrary<StayCommand> = fc
  .tuple(fc.boolean(), anyTime)
  .map(([confidential, at]) =>
    confidential
      ? { type: 'SetConfidential', stayId, at, confidential, reason: 'patientRequest' }
      : { type: 'SetConfidential', stayId, at, confidential },
  )
const anyIdentity: fc.Arbitrary<StayCommand> = fc
  .tuple(fc.integer({ min: 0, max: 2 }), anyTime)
  .map(([n, at]) => ({ type: 'ReportIdentity', stayId, messageId: message(700 + n), at, identity: identity(n) }))
const anyCommand = fc.oneof(
  { arbitrary: anyStay.chain((commands) => fc.constantFrom(...commands)), weight: 8 },
  { arbitrary: anyConfidentiality, weight: 1 },
  { arbitrary: anyIdentity, weight: 1 },
)

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(stay, anyCommand))
