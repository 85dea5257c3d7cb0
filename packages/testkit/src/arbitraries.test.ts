import fc, { type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { anyMessageId, anyMovementId, anyPatientId, anyProfessionalId, anyStayId } from './arbitraries.ts'

const arbitraries: Arbitrary<string>[] = [anyPatientId, anyStayId, anyMovementId, anyMessageId, anyProfessionalId]

test('ids come from a pool of five and never coincide across kinds', () => {
  const pools = arbitraries.map((arbitrary) => new Set(fc.sample(arbitrary, 200)))
  expect(pools.map((pool) => pool.size)).toEqual([5, 5, 5, 5, 5])
  expect(new Set(pools.flatMap((pool) => [...pool])).size).toBe(25)
})
