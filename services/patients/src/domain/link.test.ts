import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { a, b, ba, c, d, doubted, known, linkId, linked, report, settled, unlinked } from './link.fixture.ts'
import { link, type LinkCommand } from './link.ts'

const { given } = specification(link)

test('a reported merge makes one person of two patients', () =>
  given()
    .when(report('merge', [1, 1]))
    .thenEvents(linked([1, 1], 'merged')))
test('a reported link does, too', () =>
  given()
    .when(report('link', [1, 1]))
    .thenEvents(linked([1, 1], 'linked')))
test('a reported unlink makes two of them again', () =>
  given(linked([1, 1], 'linked'))
    .when(report('unlink', [2, 2]))
    .thenEvents(unlinked(2, 2)))
test('a message told again changes nothing, whatever was said since', () => {
  given(linked([1, 1], 'merged'))
    .when(report('merge', [1, 1]))
    .thenNothing()
  given(linked([1, 1], 'linked'), unlinked(2, 2))
    .when(report('link', [1, 1]))
    .thenNothing()
  given(linked([1, 1], 'linked'), unlinked(2, 2))
    .when(report('unlink', [2, 2]))
    .thenNothing()
  given(doubted([1, 1], { asked: 'unlink', doubt: 'neverLinked' }))
    .when(report('unlink', [1, 1]))
    .thenNothing()
})
test('what another message says again, and later, is remembered as said then', () => {
  given(linked([1, 1], 'merged'))
    .when(report('merge', [2, 3]))
    .thenEvents(linked([2, 3], 'merged', { again: true }))
  given(linked([1, 1], 'linked'), unlinked(2, 2))
    .when(report('unlink', [3, 3]))
    .thenEvents(unlinked(3, 3, true))
})
test('what another message says again of the same time or before is not', () => {
  given(linked([1, 2], 'merged'))
    .when(report('merge', [2, 2]))
    .thenNothing()
  given(linked([1, 2], 'linked'))
    .when(report('link', [2, 1]))
    .thenNothing()
  given(linked([1, 1], 'linked'), unlinked(2, 2))
    .when(report('unlink', [3, 2]))
    .thenNothing()
})

test('what was said earlier undoes nothing that was said later, whenever it arrives', () => {
  given(linked([1, 2], 'linked'))
    .when(report('unlink', [2, 1]))
    .thenNothing()
  given(linked([1, 1], 'linked'), unlinked(2, 3))
    .when(report('link', [3, 2]))
    .thenNothing()
})
test('said again later, it holds again', () =>
  given(linked([1, 1], 'linked'), unlinked(2, 2))
    .when(report('link', [3, 3]))
    .thenEvents(linked([3, 3], 'linked')))
test('a merge says more than a link: which of the two is kept', () => {
  given(linked([1, 2], 'linked'))
    .when(report('merge', [2, 1], { pair: ba }))
    .thenEvents(linked([2, 2], 'merged', { pair: ba, again: true }))
  given(linked([1, 1], 'merged'))
    .when(report('link', [2, 2], { pair: ba }))
    .thenEvents(linked([2, 2], 'merged', { again: true }))
})

test('a merge the other way round is for a person to decide, whichever was said first', () => {
  given(linked([1, 1], 'merged'))
    .when(report('merge', [2, 2], { pair: ba }))
    .thenEvents(doubted([2, 2], { asked: 'merge', doubt: 'contradictsMerge', pair: ba }))
  given(linked([1, 2], 'merged'))
    .when(report('merge', [2, 1], { pair: ba }))
    .thenEvents(doubted([2, 1], { asked: 'merge', doubt: 'contradictsMerge', pair: ba }))
})
test('so is a merge of a patient into itself, and a link with itself', () => {
  const self = { linkId, patientId: a, otherId: a }
  given()
    .when(report('merge', [1, 1], { pair: self }))
    .thenEvents(doubted([1, 1], { asked: 'merge', doubt: 'samePatient', pair: self }))
  given()
    .when(report('unlink', [1, 1], { pair: self }))
    .thenEvents(doubted([1, 1], { asked: 'unlink', doubt: 'samePatient', pair: self }))
})
test('so is a merge that other links bring back to where it starts', () => {
  const back = [known(c, b), known(d, c), known(a, d)]
  given()
    .when(report('merge', [1, 1], { links: back }))
    .thenEvents(doubted([1, 1], { asked: 'merge', doubt: 'cycle' }))
  given()
    .when(report('merge', [1, 1], { links: back.slice(0, 2) }))
    .thenEvents(linked([1, 1], 'merged'))
})
test('so is a merge of who was merged into somebody else', () => {
  given()
    .when(report('merge', [1, 1], { links: [known(c, a)] }))
    .thenEvents(doubted([1, 1], { asked: 'merge', doubt: 'mergedElsewhere' }))
  given()
    .when(report('merge', [1, 1], { links: [known(c, a, 'linked')] }))
    .thenEvents(linked([1, 1], 'merged'))
  given()
    .when(report('merge', [1, 1], { links: [known(c, a), known(b, c)] }))
    .thenEvents(linked([1, 1], 'merged'))
})
test('so is an unlink of patients who were never linked', () =>
  given()
    .when(report('unlink', [1, 1]))
    .thenEvents(doubted([1, 1], { asked: 'unlink', doubt: 'neverLinked' })))
test('a second one, said later, is remembered, and is no second doubt', () => {
  given(doubted([1, 1], { asked: 'unlink', doubt: 'neverLinked' }))
    .when(report('unlink', [2, 2]))
    .thenEvents(unlinked(2, 2, true))
  given(doubted([1, 2], { asked: 'unlink', doubt: 'neverLinked' }))
    .when(report('unlink', [2, 1]))
    .thenNothing()
})
test('the link that such an unlink was about explains it, when it comes late', () => {
  given(doubted([1, 2], { asked: 'unlink', doubt: 'neverLinked' }))
    .when(report('link', [2, 1]))
    .thenEvents(settled([1, 1], 'explained'))
  given(doubted([1, 1], { asked: 'unlink', doubt: 'neverLinked' }))
    .when(report('link', [2, 2]))
    .thenEvents(linked([2, 2], 'linked'), settled([1, 2], 'explained'))
})

test('links and unlinks of messages end the same, in whatever order they arrive', () => {
  const sayings = fc.uniqueArray(
    fc.tuple(fc.constantFrom('link' as const, 'unlink' as const), fc.integer({ min: 1, max: 5 })),
    {
      selector: ([, at]) => at,
      minLength: 1,
    },
  )
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
      const commands = said.map(([asked, at], index) => report(asked, [index + 1, at]))
      const last = said.toSorted(([, one], [, other]) => other - one)[0]
      const shuffled = commands.toSorted(
        (x, y) => (order[commands.indexOf(x)] ?? 0) - (order[commands.indexOf(y)] ?? 0),
      )
      expect(after(shuffled)).toBe(last?.[0] === 'link')
    }),
  )
})
