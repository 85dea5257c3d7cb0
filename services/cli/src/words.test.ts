import { WorkItem } from '@relais/contracts/boards'
import { expect, test } from 'vitest'
import { loopLine } from './loop-lines.ts'
import { itemLine } from './notice-lines.ts'
import { words, wordsFor } from './words.ts'

const id = '00000000-0000-4000-8000-000000000001'
const at = '2026-11-23T09:00:00.000Z'
const by = 'rpps:10002909371'

test('no words look like a code', () => {
  const spoken = Object.values(words).flatMap((phrases) => Object.values<string>(phrases))
  expect(spoken.filter((phrase) => /\p{Ll}\p{Lu}/u.test(phrase))).toEqual([])
})

test('a reason that this build does not know is shown as it came', () => {
  expect(wordsFor('because', 'wardChanged')).toBe('the patient is in another ward')
  expect(wordsFor('because', 'toString')).toBe('toString')
})

test('what one has caused oneself has no notice to acknowledge, and says what comes next', () => {
  const subject = { kind: 'referral', referralId: id }
  const expected = { action: 'schedule', dueAt: at }
  const asked = { subject, recipient: by, nature: 'referralAccepted', state: 'open', expected, urgency: 'soon' }
  const work = { ...asked, title: 'Suivi à domicile', withheld: false, from: { by, wards: [] } }
  const item = WorkItem.parse({ kind: 'work', recipient: by, patientId: id, happenedAt: at, work, status: 'open' })
  expect(itemLine(item, () => 'Claire').split('\n')).toEqual([
    `no notice  Claire  Suivi à domicile, accepted 2026-11-23 09:00 UTC  referral ${id}`,
    `  give an appointment by 2026-11-23 09:00 UTC (${by})`,
  ])
})

test('a fact of a protocol is told in words, with why', () => {
  const entry = { kind: 'loop', entryId: id, change: 'stepReassigned', happenedAt: at, recordedAt: at } as const
  expect(loopLine({ ...entry, because: 'wardChanged' })).toBe(
    '2026-11-23 09:00 UTC  step in other hands  (the patient is in another ward)',
  )
})
