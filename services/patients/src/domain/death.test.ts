import type { DeathEvent } from '@relais/contracts/deaths'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { death, type DeathCommand } from './death.ts'

const { given } = specification(death)

const patientId = '00000000-0000-4000-8000-000000000002'
const day = (n: number) => ({ reportedAt: `2026-11-0${n}T09:00:00.000Z` })
const register = { ehpad: '990000028', residentId: '00000000-0000-4000-8000-00000000e001' }

/** The command that says what a fact says. */
function saying({ type, data }: DeathEvent): DeathCommand {
  const { again: _, ...details } = data
  return { type: type === 'DeathReported' ? 'ReportDeath' : 'DenyDeath', details }
}
const fact = (make: typeof died, details: Parameters<typeof died>[1]) => make(patientId, details)
const again = { again: true }

test('a death is reported, with the date as it was written', () => {
  const said = fact(died, { ...day(1), diedAt: '2026-10-31T23:00:00.000Z', diedText: '20261101' })
  given().when(saying(said)).thenEvents(said)
})
test('the same said later is remembered as said then, and is no news', () =>
  given(fact(died, day(1)))
    .when(saying(fact(died, day(2))))
    .thenEvents(fact(died, { ...day(2), ...again })))
test('another date of death is news', () => {
  const said = fact(died, { ...day(2), diedText: '20261101' })
  given(fact(died, day(1)))
    .when(saying(said))
    .thenEvents(said)
})
test('a death that is denied was none', () =>
  given(fact(died, day(1)))
    .when(saying(denied(patientId, day(2))))
    .thenEvents(denied(patientId, day(2))))
test('that somebody lives of whom no death was reported is remembered, and is no news', () =>
  given()
    .when(saying(denied(patientId, day(1))))
    .thenEvents(denied(patientId, { ...day(1), ...again })))
test('what was said earlier changes nothing that was said later, whenever it arrives', () => {
  given(denied(patientId, day(2)))
    .when(saying(fact(died, day(1))))
    .thenNothing()
  given(fact(died, day(2)))
    .when(saying(denied(patientId, day(1))))
    .thenNothing()
})
test('of a death and its denial in the same second, the death holds', () => {
  given(denied(patientId, day(1)))
    .when(saying(fact(died, day(1))))
    .thenEvents(fact(died, day(1)))
  given(fact(died, day(1)))
    .when(saying(denied(patientId, day(1))))
    .thenNothing()
})
test('what a message denies, a register may still say', () => {
  const said = fact(died, { ...day(1), register })
  given(fact(died, day(1)), denied(patientId, day(3)))
    .when(saying(said))
    .thenEvents(said)
  given(said)
    .when(saying(denied(patientId, day(3))))
    .thenEvents(denied(patientId, { ...day(3), ...again }))
})

const anyCommand = fc
  .record({ hasDied: fc.boolean(), on: fc.integer({ min: 1, max: 5 }), isRegister: fc.boolean() })
  .map(({ hasDied, on, isRegister }) => {
    const details = { ...day(on), ...(isRegister ? { register } : {}) }
    return saying(hasDied ? died(patientId, details) : denied(patientId, details))
  })
const after = (commands: readonly DeathCommand[]) =>
  commands.reduce((state, command) => {
    const decision = death.decide(command, state)
    return decision.accepted ? decision.events.reduce(death.evolve, state) : state
  }, death.initialState)

test('handling any command twice is handling it once', () =>
  fc.assert(
    fc.property(fc.array(anyCommand, { minLength: 1 }), (commands) => {
      const state = after(commands)
      for (const command of commands) expect(death.decide(command, state)).toEqual({ accepted: true, events: [] })
    }),
  ))

test('whatever the order in which sources are heard, each says in the end what it said last', () =>
  fc.assert(
    fc.property(
      fc
        .array(anyCommand)
        .chain((commands) =>
          fc.tuple(fc.constant(commands), fc.shuffledSubarray(commands, { minLength: commands.length })),
        ),
      ([commands, shuffled]) => {
        expect(after(shuffled)).toEqual(after(commands))
      },
    ),
  ))
