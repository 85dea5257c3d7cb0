import fc from 'fast-check'
import { expect, test } from 'vitest'
import { membersInForce } from './members.ts'

const day = (n: number) => `2026-03-0${n}T10:00:00.000Z`
const gp = (n: number) => `rpps:1000000000${n}`
type Known = Parameters<typeof membersInForce>[0][number]
const reported = (n: number, at: number, role = 'medecin-traitant'): Known => ({
  memberId: gp(n),
  role,
  source: 'reported',
  joinedAt: day(9),
  reportedAt: day(at),
})
const declared = (n: number, at: number, role = 'medecin-traitant'): Known => ({
  memberId: gp(n),
  role,
  source: 'declared',
  joinedAt: day(at),
})
const named = (members: readonly Known[]) => members.map(({ memberId }) => memberId)

test('of the médecins traitants of several numbers, the one who was reported last holds', () =>
  expect(named(membersInForce([reported(1, 2), reported(2, 3), reported(3, 1)], []))).toEqual([gp(2)]))
test('one whom a person declared holds before those whom hospitals report, however late', () =>
  expect(named(membersInForce([reported(1, 5), declared(2, 1), declared(3, 2)], []))).toEqual([gp(3)]))
test('the same one under two numbers is there under both', () =>
  expect(named(membersInForce([reported(1, 1), reported(1, 2)], []))).toEqual([gp(1), gp(1)]))
test('others than the médecin traitant may be several', () =>
  expect(named(membersInForce([reported(1, 1, 'infirmier'), declared(2, 1, 'infirmier')], []))).toHaveLength(2))
test('those who have left stay among them, and hold nothing', () => {
  const left = { ...declared(1, 5), leftAt: day(6) }
  expect(membersInForce([left, reported(2, 1)], [{ memberId: gp(1), disownedAt: day(7) }])).toEqual([
    left,
    reported(2, 1),
  ])
})
test('who said “not my patient” is no member, unless a person has declared so since', () => {
  const disownings = [{ memberId: gp(1), disownedAt: day(3) }]
  expect(membersInForce([reported(1, 5), reported(1, 2, 'infirmier')], disownings)).toEqual([])
  expect(membersInForce([declared(1, 3, 'infirmier')], disownings)).toEqual([])
  expect(membersInForce([declared(1, 4, 'infirmier')], disownings)).toHaveLength(1)
  expect(named(membersInForce([reported(1, 5), reported(2, 1)], disownings))).toEqual([gp(2)])
})

const anyMember = fc
  .tuple(fc.constantFrom(reported, declared), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([make, n, at]) => fc.constantFrom(make(n, at), make(n, at, 'infirmier')))
const anyDisowning = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .map(([n, at]) => ({ memberId: gp(n), disownedAt: day(at) }))

test('who is a member does not depend on the order in which circles are read, and at most one is médecin traitant', () =>
  fc.assert(
    fc.property(fc.array(anyMember), fc.array(anyDisowning), (members, disownings) => {
      const holding = (known: readonly Known[]) => new Set(named(membersInForce(known, disownings)))
      expect(holding(members.toReversed())).toEqual(holding(members))
      const physicians = membersInForce(members, disownings).filter(({ role }) => role === 'medecin-traitant')
      expect(new Set(named(physicians)).size).toBeLessThanOrEqual(1)
    }),
  ))
