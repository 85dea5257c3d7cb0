import { expect, test } from 'vitest'
import { actKeys, actsOn, type Reader } from './inbox-acts.ts'
import { commandOf } from './inbox-keys.ts'
import { stay, TEAM, work } from './items.fixture.ts'

const reader = (given: Partial<Reader> = {}): Reader => ({
  givesCare: true,
  mayAct: () => true,
  isQueue: (recipient) => recipient === TEAM,
  ...given,
})
const gp = reader()
const secretary = reader({ givesCare: false })
const plain = { ctrlKey: false, metaKey: false, altKey: false }

test('a discharge is dealt with, or acknowledged, or not of this reader', () =>
  expect(actsOn(stay({ dueAt: '2026-11-27T14:00:00.000Z' }), gp)).toEqual(['handle', 'acknowledge', 'notMine']))
test('what is only to be known is acknowledged', () => expect(actsOn(stay(), gp)).toEqual(['acknowledge', 'notMine']))
test('what is done is done', () => expect(actsOn({ ...stay(), status: 'done' }, gp)).toEqual([]))
test('a request is accepted, declined, or asked about', () =>
  expect(actsOn(work(), gp)).toEqual(['accept', 'decline', 'ask', 'answer']))
test('what came to a team may be taken besides', () =>
  expect(actsOn(work({ recipient: TEAM }), gp)).toEqual(['accept', 'decline', 'ask', 'answer', 'take']))
test('what is taken is not taken again', () =>
  expect(actsOn(work({ recipient: TEAM, nature: 'referralTaken' }), gp)).toEqual([
    'accept',
    'decline',
    'ask',
    'answer',
  ]))
test('a secretary sorts what came to the team, and answers none of it', () =>
  expect(actsOn(work({ recipient: TEAM }), secretary)).toEqual(['take']))
test('a secretary acknowledges nothing for those who give care', () =>
  expect(actsOn(work({ recipient: TEAM, action: 'acknowledge' }), secretary)).toEqual([]))
test('a step is done, or not, with a reason', () =>
  expect(actsOn(work({ isStep: true, action: 'doStep' }), gp)).toEqual(['done', 'skip']))
test('a question is answered, and nothing is taken for it', () =>
  expect(actsOn(work({ recipient: TEAM, action: 'giveInformation' }), gp)).toEqual(['answer']))
test('nobody does what no role of his or hers allows', () =>
  expect([stay(), work()].flatMap((item) => actsOn(item, reader({ mayAct: () => false })))).toEqual([]))

test('of the acts about one item, each has a key of its own', () => {
  const every = [
    stay({ dueAt: '2026-11-27T14:00:00.000Z' }),
    work({ recipient: TEAM }),
    work({ action: 'see' }),
    work({ action: 'schedule' }),
    work({ action: 'lookElsewhere' }),
    work({ isStep: true, action: 'doStep' }),
  ]
  for (const item of every) {
    const keys = actsOn(item, gp).map((act) => actKeys[act])
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.filter((key) => ['j', 'k', 'u', '?'].includes(key))).toEqual([])
  }
})

test('keys move, and do what may be done', () => {
  expect(commandOf({ ...plain, key: 'j' }, [])).toEqual({ kind: 'move', by: 1 })
  expect(commandOf({ ...plain, key: 'ArrowUp' }, [])).toEqual({ kind: 'move', by: -1 })
  expect(commandOf({ ...plain, key: 'a' }, ['accept'])).toEqual({ kind: 'act', act: 'accept' })
  expect(commandOf({ ...plain, key: 'f' }, ['done', 'skip'])).toEqual({ kind: 'act', act: 'done' })
})
test('a key does nothing that may not be done now', () =>
  expect(commandOf({ ...plain, key: 'a' }, ['acknowledge'])).toBeUndefined())
test('the keys of the browser stay its own', () =>
  expect(commandOf({ ...plain, ctrlKey: true, key: 'c' }, ['acknowledge'])).toBeUndefined())
