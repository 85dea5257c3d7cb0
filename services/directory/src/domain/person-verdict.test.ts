import type { PatientId, ProfessionalId } from '@relais/contracts/primitives'
import type { ResidentId, ResidentMatchEvent } from '@relais/contracts/residents'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { residentMatch, type ResidentMatchCommand, type ResidentMatchState } from './resident-match.ts'
import type { Verdict } from './verdict.ts'

const { given } = specification(residentMatch)

const residentId = 'eeeeeeee-0000-4000-8000-000000000001' as ResidentId
const subject = { residentId, ehpad: '990000028' }
const at = '2026-03-01T10:00:00.000Z'
const by = 'ehpad-essai:lea' as ProfessionalId
const patient = (n: number) => `aaaaaaaa-0000-4000-8000-00000000000${n}` as PatientId

const verdicts = {
  same: { is: 'same' },
  other: { is: 'other' },
  contrary: { is: 'contrary' },
  unsure: { is: 'doubted', reason: 'insMissing', differing: [] },
  discordant: { is: 'doubted', reason: 'traitsDiffer', differing: ['sex'] },
} as const satisfies Record<string, Verdict>

/** What the numbers of one person say: the first of patient 1, the second of patient 2. */
const assess = (...said: Verdict[]): ResidentMatchCommand => ({
  type: 'Assess',
  ...subject,
  at,
  patients: said.map((verdict, index) => ({ patientId: patient(index + 1), verdict })),
})
const matched = (n: number, ground: 'qualifiedIns' | 'person' = 'qualifiedIns'): ResidentMatchEvent => ({
  type: 'ResidentMatched',
  data: { ...subject, patientId: patient(n), ground, matchedAt: at, ...(ground === 'person' ? { by } : {}) },
})
const unmatched = (n: number, reason: 'person' | 'linkContradicts'): ResidentMatchEvent => ({
  type: 'ResidentUnmatched',
  data: { ...subject, patientId: patient(n), reason, unmatchedAt: at, ...(reason === 'person' ? { by } : {}) },
})
const doubted = (n: number, reason: 'insMissing' | 'linkContradicts' | 'traitsDiffer'): ResidentMatchEvent => ({
  type: 'ResidentMatchDoubted',
  data: {
    ...subject,
    patientId: patient(n),
    reason,
    differing: reason === 'traitsDiffer' ? ['sex'] : [],
    doubtedAt: at,
  },
})
const cleared = (n: number): ResidentMatchEvent => ({
  type: 'ResidentDoubtCleared',
  data: { ...subject, patientId: patient(n), clearedAt: at },
})
const { same, contrary, unsure, discordant, other } = verdicts

test('a resident who is known under one number of a person is not asked about under another', () => {
  given().when(assess(same, unsure)).thenEvents(matched(1))
  given(matched(1), doubted(2, 'insMissing')).when(assess(same, unsure)).thenEvents(cleared(2))
  given(matched(1, 'person'), doubted(2, 'traitsDiffer')).when(assess(unsure, discordant)).thenEvents(cleared(2))
})
test('is asked about again once the two are no longer one', () =>
  given(matched(1))
    .when(assess(other, unsure))
    .thenEvents(
      {
        type: 'ResidentUnmatched',
        data: { ...subject, patientId: patient(1), reason: 'identityChanged', unmatchedAt: at },
      },
      doubted(2, 'insMissing'),
    ))
test('both numbers with the INS of the resident are matches', () =>
  given().when(assess(same, same)).thenEvents(matched(1), matched(2)))
test('a number with the INS of somebody else is for a person to look at', () => {
  given(matched(1)).when(assess(same, contrary)).thenEvents(doubted(2, 'linkContradicts'))
  given(matched(1, 'person')).when(assess(unsure, contrary)).thenEvents(doubted(2, 'linkContradicts'))
  given().when(assess(unsure, contrary)).thenEvents(doubted(1, 'insMissing'))
})
test('a match under one number stops, and is asked about, where a person has refused another', () => {
  given(doubted(2, 'insMissing'), unmatched(2, 'person'))
    .when(assess(same, unsure))
    .thenEvents(doubted(1, 'linkContradicts'))
  given(matched(1), unmatched(2, 'person'))
    .when(assess(same, same))
    .thenEvents(unmatched(1, 'linkContradicts'), doubted(1, 'linkContradicts'))
})
test('a person who refused one number is not asked about another for want of an INS, and is for the same INS', () => {
  given(unmatched(2, 'person')).when(assess(unsure, unsure)).thenNothing()
  given(unmatched(2, 'person')).when(assess(discordant, unsure)).thenEvents(doubted(1, 'traitsDiffer'))
})
test('what people have said of each number stands', () => {
  given(matched(1, 'person'), unmatched(2, 'person')).when(assess(same, same)).thenNothing()
  given(matched(1, 'person'), unmatched(2, 'person')).when(assess(contrary, same)).thenNothing()
})

const anyVerdict = fc.constantFrom(...Object.values(verdicts))
const anyWord = fc.tuple(fc.constantFrom('Match', 'Unmatch'), fc.constantFrom(1, 2, 3)).map(([type, n]) => {
  return { type: type === 'Match' ? 'Match' : 'Unmatch', ...subject, patientId: patient(n), by, at } as const
})
const anyAssess = fc.array(anyVerdict, { minLength: 1, maxLength: 3 }).map((said) => assess(...said))

test('handling any accepted command twice is handling it once', () =>
  assertRepeatsAreQuiet(residentMatch, fc.oneof(anyAssess, anyWord)))

test('made and undone in any order, links leave what stands of each number as if there had never been one', () => {
  const after = (commands: readonly ResidentMatchCommand[], from: ResidentMatchState = residentMatch.initialState) => {
    let state = from
    for (const each of commands) {
      const decision = residentMatch.decide(each, state)
      if (decision.accepted) state = decision.events.reduce(residentMatch.evolve, state)
    }
    return state
  }
  const three = fc.tuple(anyVerdict, anyVerdict, anyVerdict)
  const groupings = fc.array(fc.shuffledSubarray([0, 1, 2], { minLength: 2 }), { maxLength: 4 })
  fc.assert(
    fc.property(three, fc.array(anyWord, { maxLength: 3 }), groupings, (said, words, linked) => {
      const judged = said.map((verdict, index) => ({ patientId: patient(index + 1), verdict }))
      const alone = judged.map((each): ResidentMatchCommand => ({ type: 'Assess', ...subject, at, patients: [each] }))
      const apart = after([...alone, ...words, ...alone])
      const together = linked.map((group): ResidentMatchCommand => ({
        type: 'Assess',
        ...subject,
        at,
        patients: group.flatMap((index) => judged[index] ?? []),
      }))
      expect(after([...together, ...alone], apart)).toEqual(apart)
    }),
  )
})
