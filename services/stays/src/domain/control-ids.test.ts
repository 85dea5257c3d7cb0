import { expect, test } from 'vitest'
import { holesIn } from './control-ids.ts'

test('what never came between two that did is told, run by run', () => {
  expect(holesIn(['10', '11', '14', '15', '16', '18'])).toEqual([
    { from: '12', to: '13', count: 2 },
    { from: '17', to: '17', count: 1 },
  ])
})

test('the order of arrival, a message that came twice, and leading zeros change nothing', () => {
  expect(holesIn(['0012', '0010', '0012', '0009', '0013'])).toEqual([{ from: '11', to: '11', count: 1 }])
})

test.each([
  ['of nothing', []],
  ['of two', ['1', '3']],
  ['of one after the other', ['1', '2', '3']],
  ['of who does not count one by one', ['10', '20', '30', '31', '40']],
  ['of who begins to count elsewhere', ['1', '2', '3', '5000', '5001']],
])('nothing is missing %s', (_, controlIds) => {
  expect(holesIn(controlIds)).toEqual([])
})

test('half of the ids have to follow another one', () => {
  expect(holesIn(['1', '2', '4'])).toHaveLength(1)
  expect(holesIn(['1', '2', '4', '6'])).toEqual([])
})

test('ids may be longer than what a number can tell apart', () => {
  expect(holesIn(['900719925474100', '900719925474101', '900719925474103'])).toEqual([
    { from: '900719925474102', to: '900719925474102', count: 1 },
  ])
})
