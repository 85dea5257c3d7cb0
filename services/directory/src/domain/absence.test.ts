import { type AbsenceEvent, AbsenceId } from '@relais/contracts/absences'
import { ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { absence, type AbsenceCommand } from './absence.ts'

const { given } = specification(absence)

const absenceId = AbsenceId.parse('00000000-0000-4000-8000-000000000001')
const otherId = AbsenceId.parse('00000000-0000-4000-8000-000000000002')
const gp = ProfessionalId.parse('rpps:10002909371')
const locum = ProfessionalId.parse('rpps:10000023084')
const otherLocum = ProfessionalId.parse('rpps:10000023092')
const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}T08:00:00.000Z`
const subject = (id = absenceId) => ({ keyOwner: 'directory' as const, absenceId: id, professionalId: gp })

type Said = { id?: AbsenceId; from?: number; to?: number; by?: ProfessionalId; on?: number }
const periodOf = ({ from = 10, to = 20, by = locum }: Said = {}) => {
  return { professionalId: gp, from: day(from), to: day(to), replacement: by }
}
const declare = (said: Said = {}): AbsenceCommand => {
  const { id = absenceId, on = 1 } = said
  return { type: 'DeclareAbsence', absenceId: id, period: periodOf(said), at: day(on) }
}
const declared = (said: Said = {}): AbsenceEvent => {
  const { id, on = 1 } = said
  return { type: 'AbsenceDeclared', data: { ...subject(id), ...periodOf(said), declaredAt: day(on) } }
}
const withdraw = (on: number): AbsenceCommand => ({
  type: 'WithdrawAbsence',
  absenceId,
  professionalId: gp,
  at: day(on),
})
const withdrawn = (on: number): AbsenceEvent => ({
  type: 'AbsenceWithdrawn',
  data: { ...subject(), withdrawnAt: day(on) },
})
const begin = (on: number): AbsenceCommand => ({ type: 'BeginAbsence', absenceId, at: day(on) })
const end = (on: number): AbsenceCommand => ({ type: 'EndAbsence', absenceId, at: day(on) })
const began = (on: number, replacement = locum): AbsenceEvent => ({
  type: 'AbsenceBegan',
  data: { ...subject(), replacement, beganAt: day(on) },
})
const ended = (on: number, replacement = locum): AbsenceEvent => ({
  type: 'AbsenceEnded',
  data: { ...subject(), replacement, endedAt: day(on) },
})

test('a holiday that lies ahead is declared, begins and ends in its time', () => {
  given().when(declare()).thenEvents(declared())
  given(declared()).when(begin(10)).thenEvents(began(10))
  given(declared(), began(10)).when(end(20)).thenEvents(ended(20))
})
test('it neither begins nor ends before its time', () => {
  given(declared()).when(begin(9)).thenNothing()
  given(declared(), began(10)).when(end(19)).thenNothing()
})
test('who is ill today is away at once', () =>
  given()
    .when(declare({ on: 10 }))
    .thenEvents(declared({ on: 10 }), began(10)))
test('said again, nothing changes', () =>
  given(declared())
    .when(declare({ on: 2 }))
    .thenNothing())
test('coming back later keeps who stands in', () =>
  given(declared(), began(10))
    .when(declare({ to: 25, on: 12 }))
    .thenEvents(declared({ to: 25, on: 12 }), began(12)))
test('somebody else stands in: the first one’s time ends', () =>
  given(declared(), began(10))
    .when(declare({ by: otherLocum, on: 12 }))
    .thenEvents(ended(12), declared({ by: otherLocum, on: 12 }), began(12, otherLocum)))
test('leaving later than was said ends what had begun', () =>
  given(declared(), began(10))
    .when(declare({ from: 15, on: 12 }))
    .thenEvents(ended(12), declared({ from: 15, on: 12 })))
test('coming back early withdraws it, and ends it', () =>
  given(declared(), began(10)).when(withdraw(12)).thenEvents(ended(12), withdrawn(12)))
test('what has not begun is withdrawn alone', () => given(declared()).when(withdraw(2)).thenEvents(withdrawn(2)))
test('what is over, or withdrawn, is not withdrawn again', () => {
  given(declared(), began(10), ended(20)).when(withdraw(21)).thenNothing()
  given(declared(), withdrawn(2)).when(withdraw(3)).thenNothing()
})
test('what was withdrawn does not begin', () => given(declared(), withdrawn(2)).when(begin(10)).thenNothing())
test('an absence that ends as it begins is none', () =>
  given()
    .when(declare({ to: 10 }))
    .thenRejected({ code: 'periodReversed' }))
test('nobody stands in for himself or herself', () =>
  given()
    .when(declare({ by: gp }))
    .thenRejected({ code: 'replacedByOneself' }))
test('an absence is declared until its last moment, and no later', () => {
  given()
    .when(declare({ on: 20 }))
    .thenRejected({ code: 'absenceOver' })
  given()
    .when(declare({ to: 21, on: 20 }))
    .thenEvents(declared({ to: 21, on: 20 }), began(20))
})
test('two people do not stand in at one time; one may, twice', () => {
  const other = { id: otherId, from: 19, to: 25, by: otherLocum }
  given(declared()).when(declare(other)).thenRejected({ code: 'absenceOverlaps' })
  given(declared())
    .when(declare({ ...other, from: 20 }))
    .thenEvents(declared({ ...other, from: 20 }))
  given(declared())
    .when(declare({ ...other, by: locum }))
    .thenEvents(declared({ ...other, by: locum }))
  given(declared(), withdrawn(2)).when(declare(other)).thenEvents(declared(other))
})
test('what was never declared cannot be withdrawn', () =>
  given().when(withdraw(2)).thenRejected({ code: 'absenceUnknown' }))

const anyCommand: fc.Arbitrary<AbsenceCommand> = fc.oneof(
  fc
    .record({
      id: fc.constantFrom(absenceId, otherId),
      from: fc.constantFrom(5, 10),
      to: fc.constantFrom(12, 20),
      by: fc.constantFrom(locum, otherLocum),
      on: fc.constantFrom(1, 11),
    })
    .map(declare),
  fc.constantFrom(1, 10, 20).chain((on) => fc.constantFrom(begin(on), end(on), withdraw(on))),
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(absence, anyCommand))
