import { type AskedOfLink, type LinkDoubt, type LinkEvent, LinkId, type LinkReason } from '@relais/contracts/patients'
import { type MessageId, PatientId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { link, type LinkCommand } from './link.ts'
import type { KnownLink } from './link-graph.ts'

const { given } = specification(link)

const linkId = LinkId.parse('00000000-0000-4000-8000-0000000000f1')
const authority = '990000010'
const [a, b, c, d] = [1, 2, 3, 4].map((n) => PatientId.parse(`00000000-0000-4000-8000-00000000000${n}`)) as [
  PatientId,
  PatientId,
  PatientId,
  PatientId,
]
const message = (n: number) => `00000000-0000-4000-8000-10000000000${n}` as MessageId
const day = (n: number) => `2026-03-0${n}T10:00:00.000Z`
const ab = { linkId, patientId: b, otherId: a }
const ba = { linkId, patientId: a, otherId: b }
type Pair = typeof ab

type Around = { pair?: Pair; links?: readonly KnownLink[] }
/** What message `n` says, on day `at`. */
const report = (asked: AskedOfLink, n: number, at: number, { pair = ab, links = [] }: Around = {}) =>
  ({ type: 'ReportLink', asked, messageId: message(n), authority, reportedAt: day(at), links, ...pair }) as const
const linked = (
  n: number,
  at: number,
  reason: LinkReason,
  details: { pair?: Pair; again?: boolean } = {},
): LinkEvent => ({
  type: 'PatientsLinked',
  data: {
    ...(details.pair ?? ab),
    reason,
    reportedAt: day(at),
    source: 'reported',
    messageId: message(n),
    again: details.again ?? false,
  },
})
const unlinked = (n: number, at: number, again = false): LinkEvent => ({
  type: 'PatientsUnlinked',
  data: { ...ab, reason: 'unlinked', reportedAt: day(at), source: 'reported', messageId: message(n), again },
})
const doubted = (
  asked: AskedOfLink,
  [n, at]: readonly [number, number],
  doubt: LinkDoubt,
  pair: Pair = ab,
): LinkEvent => ({
  type: 'LinkDoubted',
  data: { ...pair, messageId: message(n), asked, doubt, authority, reportedAt: day(at) },
})
const settled = (
  n: number,
  at: number,
  outcome: 'applied' | 'dismissed' | 'explained',
  pair: Pair = ab,
): LinkEvent => ({
  type: 'LinkDoubtSettled',
  data: { ...pair, messageId: message(n), outcome, settledAt: day(at) },
})
const linkedByPerson = (at: number, reason: LinkReason, pair: Pair = ab, again = false): LinkEvent => ({
  type: 'PatientsLinked',
  data: { ...pair, reason, reportedAt: day(at), source: 'person', again },
})
const undone = (at: number, pair: Pair = ab): LinkEvent => ({
  type: 'PatientsUnlinked',
  data: { ...pair, reason: 'undone', reportedAt: day(at), source: 'person', again: false },
})
const linkBy = (at: number, reason: LinkReason, pair: Pair = ab, links: readonly KnownLink[] = []) =>
  ({ type: 'LinkPatients', reason, at: day(at), links, ...pair }) as const
const undo = (at: number) => ({ type: 'UndoLink', at: day(at) }) as const
const settle = (n: number, outcome: 'applied' | 'dismissed', at: number, links: readonly KnownLink[] = []) =>
  ({ type: 'SettleDoubt', messageId: message(n), outcome, at: day(at), links }) as const
const known = (patientId: PatientId, otherId: PatientId, reason: LinkReason = 'merged'): KnownLink => ({
  linkId: `${patientId}${otherId}`,
  patientId,
  otherId,
  reason,
})

test('a reported merge makes one person of two patients', () =>
  given()
    .when(report('merge', 1, 1))
    .thenEvents(linked(1, 1, 'merged')))
test('a reported link does, too', () =>
  given()
    .when(report('link', 1, 1))
    .thenEvents(linked(1, 1, 'linked')))
test('a reported unlink makes two of them again', () =>
  given(linked(1, 1, 'linked'))
    .when(report('unlink', 2, 2))
    .thenEvents(unlinked(2, 2)))
test('a message told again changes nothing, whatever was said since', () => {
  given(linked(1, 1, 'merged'))
    .when(report('merge', 1, 1))
    .thenNothing()
  given(linked(1, 1, 'linked'), unlinked(2, 2))
    .when(report('link', 1, 1))
    .thenNothing()
  given(linked(1, 1, 'linked'), unlinked(2, 2))
    .when(report('unlink', 2, 2))
    .thenNothing()
  given(doubted('unlink', [1, 1], 'neverLinked'))
    .when(report('unlink', 1, 1))
    .thenNothing()
})
test('what another message says again, and later, is remembered as said then', () => {
  given(linked(1, 1, 'merged'))
    .when(report('merge', 2, 3))
    .thenEvents(linked(2, 3, 'merged', { again: true }))
  given(linked(1, 1, 'linked'), unlinked(2, 2))
    .when(report('unlink', 3, 3))
    .thenEvents(unlinked(3, 3, true))
})
test('what another message says again of the same time or before is not', () => {
  given(linked(1, 2, 'merged'))
    .when(report('merge', 2, 2))
    .thenNothing()
  given(linked(1, 2, 'linked'))
    .when(report('link', 2, 1))
    .thenNothing()
  given(linked(1, 1, 'linked'), unlinked(2, 2))
    .when(report('unlink', 3, 2))
    .thenNothing()
})

test('what was said earlier undoes nothing that was said later, whenever it arrives', () => {
  given(linked(1, 2, 'linked'))
    .when(report('unlink', 2, 1))
    .thenNothing()
  given(linked(1, 1, 'linked'), unlinked(2, 3))
    .when(report('link', 3, 2))
    .thenNothing()
})
test('said again later, it holds again', () =>
  given(linked(1, 1, 'linked'), unlinked(2, 2))
    .when(report('link', 3, 3))
    .thenEvents(linked(3, 3, 'linked')))
test('a merge says more than a link: which of the two is kept', () => {
  given(linked(1, 2, 'linked'))
    .when(report('merge', 2, 1, { pair: ba }))
    .thenEvents(linked(2, 2, 'merged', { pair: ba, again: true }))
  given(linked(1, 1, 'merged'))
    .when(report('link', 2, 2, { pair: ba }))
    .thenEvents(linked(2, 2, 'merged', { again: true }))
})

test('a merge the other way round is for a person to decide, whichever was said first', () => {
  given(linked(1, 1, 'merged'))
    .when(report('merge', 2, 2, { pair: ba }))
    .thenEvents(doubted('merge', [2, 2], 'contradictsMerge', ba))
  given(linked(1, 2, 'merged'))
    .when(report('merge', 2, 1, { pair: ba }))
    .thenEvents(doubted('merge', [2, 1], 'contradictsMerge', ba))
})
test('so is a merge of a patient into itself, and a link with itself', () => {
  const self = { linkId, patientId: a, otherId: a }
  given()
    .when(report('merge', 1, 1, { pair: self }))
    .thenEvents(doubted('merge', [1, 1], 'samePatient', self))
  given()
    .when(report('unlink', 1, 1, { pair: self }))
    .thenEvents(doubted('unlink', [1, 1], 'samePatient', self))
})
test('so is a merge that other links bring back to where it starts', () => {
  const back = [known(c, b), known(d, c), known(a, d)]
  given()
    .when(report('merge', 1, 1, { links: back }))
    .thenEvents(doubted('merge', [1, 1], 'cycle'))
  given()
    .when(report('merge', 1, 1, { links: back.slice(0, 2) }))
    .thenEvents(linked(1, 1, 'merged'))
})
test('so is a merge of who was merged into somebody else', () => {
  given()
    .when(report('merge', 1, 1, { links: [known(c, a)] }))
    .thenEvents(doubted('merge', [1, 1], 'mergedElsewhere'))
  given()
    .when(report('merge', 1, 1, { links: [known(c, a, 'linked')] }))
    .thenEvents(linked(1, 1, 'merged'))
  given()
    .when(report('merge', 1, 1, { links: [known(c, a), known(b, c)] }))
    .thenEvents(linked(1, 1, 'merged'))
})
test('so is an unlink of patients who were never linked', () =>
  given()
    .when(report('unlink', 1, 1))
    .thenEvents(doubted('unlink', [1, 1], 'neverLinked')))
test('a second one, said later, is remembered, and is no second doubt', () => {
  given(doubted('unlink', [1, 1], 'neverLinked'))
    .when(report('unlink', 2, 2))
    .thenEvents(unlinked(2, 2, true))
  given(doubted('unlink', [1, 2], 'neverLinked'))
    .when(report('unlink', 2, 1))
    .thenNothing()
})
test('the link that such an unlink was about explains it, when it comes late', () => {
  given(doubted('unlink', [1, 2], 'neverLinked'))
    .when(report('link', 2, 1))
    .thenEvents(settled(1, 1, 'explained'))
  given(doubted('unlink', [1, 1], 'neverLinked'))
    .when(report('link', 2, 2))
    .thenEvents(linked(2, 2, 'linked'), settled(1, 2, 'explained'))
})

test('a person may say that two patients are one', () =>
  given().when(linkBy(1, 'sameIns')).thenEvents(linkedByPerson(1, 'sameIns')))
test('a person’s word takes the place of what was reported', () =>
  given(linked(1, 1, 'merged'))
    .when(linkBy(2, 'merged'))
    .thenEvents(linkedByPerson(2, 'merged', ab, true)))
test('said twice, it is said once', () => given(linkedByPerson(1, 'merged')).when(linkBy(2, 'merged')).thenNothing())
test('a person is refused what makes no sense', () => {
  given()
    .when(linkBy(1, 'merged', { linkId, patientId: a, otherId: a }))
    .thenRejected({ code: 'samePatient' })
  given(linked(1, 1, 'merged'))
    .when(linkBy(2, 'merged', ba))
    .thenRejected({ code: 'linkContradicts' })
  given()
    .when(linkBy(1, 'merged', ab, [known(a, b)]))
    .thenRejected({ code: 'linkCycle' })
  given().when(undo(1)).thenRejected({ code: 'linkUnknown' })
  given()
    .when(settle(1, 'dismissed', 1))
    .thenRejected({ code: 'doubtUnknown' })
})
test('a person may undo a link, whoever made it, and once', () => {
  given(linked(1, 1, 'merged'))
    .when(undo(2))
    .thenEvents(undone(2))
  given(linkedByPerson(1, 'merged')).when(undo(2)).thenEvents(undone(2))
  given(linked(1, 1, 'merged'), undone(2))
    .when(undo(3))
    .thenNothing()
})
test('messages undo nothing that a person decided: a person looks again', () => {
  given(linked(1, 1, 'merged'), undone(2))
    .when(report('merge', 2, 3))
    .thenEvents(doubted('merge', [2, 3], 'undoneByPerson'))
  given(linkedByPerson(1, 'linked'))
    .when(report('unlink', 1, 2))
    .thenEvents(doubted('unlink', [1, 2], 'linkedByPerson'))
})
test('what a message said before the person decided, or says as the person does, changes nothing', () => {
  given(linked(1, 1, 'merged'), undone(3))
    .when(report('merge', 2, 2))
    .thenNothing()
  given(linkedByPerson(1, 'merged'))
    .when(report('merge', 1, 2))
    .thenNothing()
})

const contradiction = [linked(1, 1, 'merged'), doubted('merge', [2, 2], 'contradictsMerge', ba)]
test('a doubt may be put aside', () =>
  given(...contradiction)
    .when(settle(2, 'dismissed', 3))
    .thenEvents(settled(2, 3, 'dismissed', ba)))
test('or what was asked for be done after all', () => {
  given(...contradiction)
    .when(settle(2, 'applied', 3))
    .thenEvents(linkedByPerson(3, 'merged', ba, true), settled(2, 3, 'applied', ba))
  given(linkedByPerson(1, 'linked'), doubted('unlink', [1, 2], 'linkedByPerson'))
    .when(settle(1, 'applied', 3))
    .thenEvents(undone(3), settled(1, 3, 'applied'))
  given(doubted('merge', [1, 1], 'mergedElsewhere'))
    .when(settle(1, 'applied', 3, [known(c, a)]))
    .thenEvents(linkedByPerson(3, 'merged'), settled(1, 3, 'applied'))
})
test('a doubt is decided once', () => {
  given(...contradiction, settled(2, 3, 'dismissed', ba))
    .when(settle(2, 'dismissed', 4))
    .thenNothing()
  given(...contradiction, settled(2, 3, 'dismissed', ba))
    .when(settle(2, 'applied', 4))
    .thenRejected({ code: 'doubtSettled' })
})
test('what makes no sense cannot be done after all', () => {
  const self = { linkId, patientId: a, otherId: a }
  given(doubted('merge', [1, 1], 'samePatient', self))
    .when(settle(1, 'applied', 2))
    .thenRejected({ code: 'samePatient' })
  given(doubted('unlink', [1, 1], 'neverLinked'))
    .when(settle(1, 'applied', 2))
    .thenRejected({ code: 'nothingToUnlink' })
  given(doubted('merge', [1, 1], 'cycle'))
    .when(settle(1, 'applied', 2, [known(a, b)]))
    .thenRejected({ code: 'linkCycle' })
})

const anyPair = fc.constantFrom(ab, ba)
const anyAsked = fc.constantFrom<AskedOfLink>('merge', 'link', 'unlink')
const anyDay = fc.integer({ min: 1, max: 5 })
const anyLinks = fc.subarray([known(c, b), known(a, c), known(d, a)])
const anyCommand: fc.Arbitrary<LinkCommand> = fc.oneof(
  fc
    .tuple(anyAsked, fc.integer({ min: 1, max: 5 }), anyDay, anyPair, anyLinks)
    .map(([asked, n, at, pair, links]) => report(asked, n, at, { pair, links })),
  fc.tuple(anyDay, anyPair, anyLinks).map(([at, pair, links]) => linkBy(at, 'merged', pair, links)),
  anyDay.map(undo),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom('applied' as const, 'dismissed' as const), anyDay)
    .map(([n, outcome, at]) => settle(n, outcome, at)),
)

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(link, anyCommand))

test('links and unlinks of messages end the same, in whatever order they arrive', () => {
  const sayings = fc.uniqueArray(fc.tuple(fc.constantFrom('link' as const, 'unlink' as const), anyDay), {
    selector: ([, at]) => at,
    minLength: 1,
  })
  const after = (commands: readonly LinkCommand[]) => {
    let state = link.initialState
    for (const command of commands) {
      const decision = link.decide(command, state)
      if (decision.accepted) state = decision.events.reduce(link.evolve, state)
    }
    return state.standing !== undefined
  }
  fc.assert(
    fc.property(sayings, fc.array(fc.nat()), (said, order) => {
      const commands = said.map(([asked, at], index) => report(asked, index + 1, at))
      const last = said.toSorted(([, one], [, other]) => other - one)[0]
      const shuffled = commands.toSorted(
        (x, y) => (order[commands.indexOf(x)] ?? 0) - (order[commands.indexOf(y)] ?? 0),
      )
      expect(after(shuffled)).toBe(last?.[0] === 'link')
    }),
  )
})
