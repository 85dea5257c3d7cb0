import type { Finess } from '@relais/contracts/directory'
import type { PatientId, ProfessionalId } from '@relais/contracts/primitives'
import type { ResidentId, ResidentMatchEvent } from '@relais/contracts/residents'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { residentMatch, type ResidentMatchCommand } from './resident-match.ts'
import type { Verdict } from './verdict.ts'

const { given } = specification(residentMatch)

const id = (kind: string, n: number) => `${kind.repeat(8)}-0000-4000-8000-00000000000${n}`
const residentId = id('e', 1) as ResidentId
const ehpad: Finess = '990000028'
const at = '2026-03-01T10:00:00.000Z'
const by = 'ehpad-essai:lea' as ProfessionalId
const patient = (n: number) => id('a', n) as PatientId
const named = { residentId, ehpad, at }
const subject = { residentId, ehpad }

const same: Verdict = { is: 'same' }
const other: Verdict = { is: 'other' }
const unsure: Verdict = { is: 'doubted', reason: 'insMissing', differing: [] }
const assess = (verdict: Verdict, n = 1): ResidentMatchCommand => ({
  type: 'Assess',
  ...named,
  patients: [{ patientId: patient(n), verdict }],
})
const person = (type: 'Match' | 'Unmatch', n = 1): ResidentMatchCommand => ({
  type,
  ...named,
  patientId: patient(n),
  by,
})
const end: ResidentMatchCommand = { type: 'End', ...named }
const twin = { residentId: id('e', 2) as ResidentId, ehpad: '990000036' }
const compare = (isPresent: boolean): ResidentMatchCommand => ({ type: 'CompareTwin', ...named, twin, isPresent })

const matched = (ground: 'qualifiedIns' | 'person', n = 1): ResidentMatchEvent => ({
  type: 'ResidentMatched',
  data: { ...subject, patientId: patient(n), ground, matchedAt: at, ...(ground === 'person' ? { by } : {}) },
})
const unmatched = (reason: 'person' | 'identityChanged' | 'left' | 'forgotten', n = 1): ResidentMatchEvent => ({
  type: 'ResidentUnmatched',
  data: { ...subject, patientId: patient(n), reason, unmatchedAt: at, ...(reason === 'person' ? { by } : {}) },
})
const doubted = (n = 1): ResidentMatchEvent => ({
  type: 'ResidentMatchDoubted',
  data: { ...subject, patientId: patient(n), reason: 'insMissing', differing: [], doubtedAt: at },
})
const cleared = (n = 1): ResidentMatchEvent => ({
  type: 'ResidentDoubtCleared',
  data: { ...subject, patientId: patient(n), clearedAt: at },
})
const twice: ResidentMatchEvent = {
  type: 'ResidentMatchDoubted',
  data: { ...subject, twin, reason: 'presentTwice', differing: [], doubtedAt: at },
}
const once: ResidentMatchEvent = { type: 'ResidentDoubtCleared', data: { ...subject, twin, clearedAt: at } }

test('one person is a match', () => given().when(assess(same)).thenEvents(matched('qualifiedIns')))
test('found to be one again, nothing changes', () => given(matched('qualifiedIns')).when(assess(same)).thenNothing())
test('two hospitals may each know the resident', () =>
  given(matched('qualifiedIns', 1)).when(assess(same, 2)).thenEvents(matched('qualifiedIns', 2)))
test('a doubt is for a person', () => given().when(assess(unsure)).thenEvents(doubted()))
test('the same doubt again is the same', () => given(doubted()).when(assess(unsure)).thenNothing())
test('a doubt that has gone is cleared', () => given(doubted()).when(assess(other)).thenEvents(cleared()))
test('a doubt that turns out to be one person is a match', () =>
  given(doubted()).when(assess(same)).thenEvents(matched('qualifiedIns')))
test('a match of which one is no longer sure ends, and is doubted', () =>
  given(matched('qualifiedIns')).when(assess(unsure)).thenEvents(unmatched('identityChanged'), doubted()))
test('a match that was none ends', () =>
  given(matched('qualifiedIns')).when(assess(other)).thenEvents(unmatched('identityChanged')))
test('a person settles a doubt', () => given(doubted()).when(person('Match')).thenEvents(matched('person')))
test('what a person matched, no message ends', () =>
  given(doubted(), matched('person')).when(assess(other)).thenNothing())
test('what a person refused, no message matches', () =>
  given(doubted(), unmatched('person')).when(assess(same)).thenNothing())
test('a person may think again', () =>
  given(doubted(), unmatched('person')).when(person('Match')).thenEvents(matched('person')))
test('a person ends a match that was sure', () =>
  given(matched('qualifiedIns')).when(person('Unmatch')).thenEvents(unmatched('person')))
test('nobody is matched with a patient of whom nothing speaks', () =>
  given(doubted(1)).when(person('Match', 2)).thenRejected({ code: 'patientNotCandidate' }))
test('another entry of the same person is told once', () => given(twice).when(compare(true)).thenNothing())
test('it is told until it has gone', () => given(twice).when(compare(false)).thenEvents(once))
test('leaving ends every match and every doubt', () =>
  given(matched('qualifiedIns', 1), doubted(2), twice).when(end).thenEvents(unmatched('left', 1), cleared(2), once))
test('what a person refused is still refused when the resident comes back', () =>
  given(doubted(), unmatched('person')).when(end).thenNothing())

const forget: ResidentMatchCommand = { type: 'Forget', ...named, patientId: patient(1) }
test('nothing stands of a patient who was erased', () => {
  given(matched('qualifiedIns', 1), matched('person', 2)).when(forget).thenEvents(unmatched('forgotten', 1))
  given(matched('person')).when(forget).thenEvents(unmatched('forgotten'))
  given(doubted()).when(forget).thenEvents(cleared())
  given(doubted(), unmatched('person')).when(forget).thenNothing()
})

const anyCommand = fc.oneof(
  fc.constant(forget),
  fc.tuple(fc.constantFrom(same, other, unsure), fc.constantFrom(1, 2)).map(([verdict, n]) => assess(verdict, n)),
  fc
    .tuple(fc.constantFrom('Match' as const, 'Unmatch' as const), fc.constantFrom(1, 2))
    .map(([type, n]) => person(type, n)),
  fc.boolean().map(compare),
  fc.constant(end),
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(residentMatch, anyCommand))
