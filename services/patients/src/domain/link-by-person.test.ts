import type { AskedOfLink } from '@relais/contracts/patients'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import {
  a,
  ab,
  asked,
  b,
  ba,
  c,
  d,
  doubted,
  known,
  linkBy,
  linkId,
  linked,
  linkedByPerson,
  report,
  settle,
  settled,
  undo,
  undone,
} from './link.fixture.ts'
import { link, type LinkCommand } from './link.ts'

const { given } = specification(link)

test('a person may say that two patients are one', () =>
  given().when(linkBy(1, 'sameIns')).thenEvents(linkedByPerson(1, 'sameIns')))
test('a person’s word takes the place of what was reported', () =>
  given(linked([1, 1], 'merged'))
    .when(linkBy(2, 'merged'))
    .thenEvents(linkedByPerson(2, 'merged', { again: true })))
test('said twice, it is said once', () => given(linkedByPerson(1, 'merged')).when(linkBy(2, 'merged')).thenNothing())
test('a person is refused what makes no sense', () => {
  given()
    .when(linkBy(1, 'merged', { pair: { linkId, patientId: a, otherId: a } }))
    .thenRejected({ code: 'samePatient' })
  given(linked([1, 1], 'merged'))
    .when(linkBy(2, 'merged', { pair: ba }))
    .thenRejected({ code: 'linkContradicts' })
  given()
    .when(linkBy(1, 'merged', { links: [known(a, b)] }))
    .thenRejected({ code: 'linkCycle' })
  given().when(undo(1)).thenRejected({ code: 'linkUnknown' })
  given()
    .when(settle([1, 1], 'dismissed'))
    .thenRejected({ code: 'doubtUnknown' })
})
test('what the identities of the two contradict, a person does not link', () => {
  given()
    .when(linkBy(1, 'linked', { contradictions: ['ins', 'birthDate'] }))
    .thenRejected({ code: 'identitiesContradict', contradictions: ['ins', 'birthDate'] })
  given(linkedByPerson(1, 'linked'))
    .when(linkBy(2, 'linked', { contradictions: ['sex'] }))
    .thenNothing()
})
test('a person may undo a link, whoever made it, and once', () => {
  given(linked([1, 1], 'merged'))
    .when(undo(2))
    .thenEvents(undone(2))
  given(linkedByPerson(1, 'merged')).when(undo(2)).thenEvents(undone(2))
  given(linked([1, 1], 'merged'), undone(2))
    .when(undo(3))
    .thenNothing()
})
test('messages undo nothing that a person decided: a person looks again', () => {
  given(linked([1, 1], 'merged'), undone(2))
    .when(report('merge', [2, 3]))
    .thenEvents(doubted([2, 3], { asked: 'merge', doubt: 'undoneByPerson' }))
  given(linkedByPerson(1, 'linked'))
    .when(report('unlink', [1, 2]))
    .thenEvents(doubted([1, 2], { asked: 'unlink', doubt: 'linkedByPerson' }))
})
test('what a message said before the person decided, or says as the person does, changes nothing', () => {
  given(linked([1, 1], 'merged'), undone(3))
    .when(report('merge', [2, 2]))
    .thenNothing()
  given(linkedByPerson(1, 'merged'))
    .when(report('merge', [1, 2]))
    .thenNothing()
})

const contradiction = [
  linked([1, 1], 'merged'),
  doubted([2, 2], { asked: 'merge', doubt: 'contradictsMerge', pair: ba }),
]
test('a doubt may be put aside', () =>
  given(...contradiction)
    .when(settle([2, 3], 'dismissed'))
    .thenEvents(settled([2, 3], 'dismissed', ba)))
test('or what was asked for be done after all', () => {
  given(...contradiction)
    .when(settle([2, 3], 'applied'))
    .thenEvents(asked(linkedByPerson(3, 'merged', { pair: ba, again: true })), settled([2, 3], 'applied', ba))
  given(linkedByPerson(1, 'linked'), doubted([1, 2], { asked: 'unlink', doubt: 'linkedByPerson' }))
    .when(settle([1, 3], 'applied'))
    .thenEvents(asked(undone(3)), settled([1, 3], 'applied'))
  given(doubted([1, 1], { asked: 'merge', doubt: 'mergedElsewhere' }))
    .when(settle([1, 3], 'applied', [known(c, a)]))
    .thenEvents(asked(linkedByPerson(3, 'merged')), settled([1, 3], 'applied'))
})
test('a doubt is decided once', () => {
  given(...contradiction, settled([2, 3], 'dismissed', ba))
    .when(settle([2, 4], 'dismissed'))
    .thenNothing()
  given(...contradiction, settled([2, 3], 'dismissed', ba))
    .when(settle([2, 4], 'applied'))
    .thenRejected({ code: 'doubtSettled' })
})
test('what makes no sense cannot be done after all', () => {
  const self = { linkId, patientId: a, otherId: a }
  given(doubted([1, 1], { asked: 'merge', doubt: 'samePatient', pair: self }))
    .when(settle([1, 2], 'applied'))
    .thenRejected({ code: 'samePatient' })
  given(doubted([1, 1], { asked: 'unlink', doubt: 'neverLinked' }))
    .when(settle([1, 2], 'applied'))
    .thenRejected({ code: 'nothingToUnlink' })
  given(doubted([1, 1], { asked: 'merge', doubt: 'cycle' }))
    .when(settle([1, 2], 'applied', [known(a, b)]))
    .thenRejected({ code: 'linkCycle' })
})

const anyPair = fc.constantFrom(ab, ba)
const anyAsked = fc.constantFrom<AskedOfLink>('merge', 'link', 'unlink')
const anyDay = fc.integer({ min: 1, max: 5 })
const anyLinks = fc.subarray([known(c, b), known(a, c), known(d, a)])
const anyCommand: fc.Arbitrary<LinkCommand> = fc.oneof(
  fc
    .tuple(anyAsked, fc.integer({ min: 1, max: 5 }), anyDay, anyPair, anyLinks)
    .map(([asked, n, at, pair, links]) => report(asked, [n, at], { pair, links })),
  fc.tuple(anyDay, anyPair, anyLinks).map(([at, pair, links]) => linkBy(at, 'merged', { pair, links })),
  anyDay.map(undo),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom('applied' as const, 'dismissed' as const), anyDay)
    .map(([n, outcome, at]) => settle([n, at], outcome)),
)

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(link, anyCommand))
