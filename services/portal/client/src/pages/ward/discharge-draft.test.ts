import { expect, test } from 'vitest'
import { movementOf, newDischarge, problemsOf } from './discharge-draft.ts'
import { toLocal } from './local-time.ts'

const now = Date.parse('2026-11-20T16:00:00.000Z')
const hour = 3_600_000
let ids = 0
const draft = newDischarge(() => `id${(ids += 1)}`)

test('a discharge asks where to, and a transfer to which establishment', () => {
  expect(problemsOf(draft, now)).toEqual(['destinationMissing'])
  expect(problemsOf({ ...draft, destination: 'home' }, now)).toEqual([])
  expect(problemsOf({ ...draft, destination: 'transfer' }, now)).toEqual(['facilityMissing'])
  expect(problemsOf({ ...draft, destination: 'ehpad', facility: '990000028' }, now)).toEqual([])
})

test('what has happened is not in the future, and what is planned not in the past', () => {
  const home = { ...draft, destination: 'home' as const }
  expect(problemsOf({ ...home, when: 'earlier' }, now)).toEqual(['timeMissing'])
  expect(problemsOf({ ...home, when: 'earlier', at: toLocal(now + hour) }, now)).toEqual(['timeInFuture'])
  expect(problemsOf({ ...home, when: 'earlier', at: toLocal(now - hour) }, now)).toEqual([])
  expect(problemsOf({ ...draft, when: 'planned', at: toLocal(now - hour) }, now)).toEqual(['timeInPast'])
  expect(problemsOf({ ...draft, when: 'planned', at: toLocal(now + hour) }, now)).toEqual([])
})

test('a death has to be certified', () =>
  expect(problemsOf({ ...draft, destination: 'death' }, now)).toEqual(['notCertain']))

test('a return to an EHPAD is a way home that names the establishment', () =>
  expect(movementOf({ ...draft, destination: 'ehpad', facility: '990000028' }, now)).toEqual({
    kind: 'discharge',
    effectiveAt: '2026-11-20T16:00:00.000Z',
    discharge: { exitMode: '8', destinationKind: '7', destinationFacility: '990000028' },
  }))

test('what was left from another destination is not said', () =>
  expect(movementOf({ ...draft, destination: 'home', facility: '990000028', careKind: '1' }, now)).toMatchObject({
    discharge: { exitMode: '8' },
  }))

test('a planned discharge says when, and where to as far as that is known; no death is planned', () => {
  const planned = { ...draft, when: 'planned' as const, at: toLocal(now + hour) }
  const said = {
    kind: 'plannedDischarge',
    effectiveAt: '2026-11-20T16:00:00.000Z',
    expectedDischargeAt: '2026-11-20T17:00:00.000Z',
  }
  expect(movementOf(planned, now)).toEqual(said)
  expect(movementOf({ ...planned, destination: 'death' }, now)).toEqual(said)
  expect(problemsOf({ ...planned, destination: 'ehpad' }, now)).toEqual(['facilityMissing'])
  expect(movementOf({ ...planned, destination: 'ehpad', facility: '990000028' }, now)).toEqual({
    ...said,
    discharge: { exitMode: '8', destinationKind: '7', destinationFacility: '990000028' },
  })
})

test.each([
  [{ destination: 'home', homeCare: '6' }],
  [{ destination: 'home' }],
  [{ destination: 'ehpad', facility: '990000028' }],
  [{ destination: 'transfer', facility: '990000036', careKind: '2' }],
  [{ destination: 'transfer', facility: '990000036' }],
  [{ destination: 'other', circumstances: '4' }],
] as const)('what was announced is what the discharge begins with: %j', (whereTo) => {
  const { discharge } = movementOf({ ...draft, ...whereTo }, now) as { discharge: object }
  expect(newDischarge(() => 'id', discharge)).toMatchObject(whereTo)
})
