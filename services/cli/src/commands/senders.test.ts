import { MessageId } from '@relais/contracts/primitives'
import { expect, test } from 'vitest'
import { reportText } from './senders.ts'

const messageId = MessageId.parse('00000000-0000-4000-8000-000000000001')
const none = { repeated: 0, repaired: 0, ignored: 0, refused: 0, unreadable: 0 }
const counts = { ...none, received: 412, accepted: 409, waiting: 3 }
const report = { senderId: 'chu-x', day: '2026-11-03', ...counts, missingMovements: [], missingControlIds: [] }

test('a report says what was sent, what became of it, and what is missing', () => {
  const missing = { authority: 'CH-ESSAI', number: 'M4', messages: [messageId] }
  const text = reportText({
    ...report,
    repaired: 2,
    ignored: 1,
    missingMovements: [
      { ...missing, controlIds: ['5'] },
      { ...missing, controlIds: [] },
    ],
    missingControlIds: [
      { from: '7', to: '7', count: 1 },
      { from: '9', to: '11', count: 3 },
    ],
  })
  expect(text.split('\n')).toEqual([
    'chu-x  2026-11-03  you sent 412, accepted 409 (2 of them repaired), 3 quarantined, 1 ignored',
    '  message 5 refers to unknown movement M4 of CH-ESSAI',
    `  message ${messageId} refers to unknown movement M4 of CH-ESSAI`,
    '  control id 7 never came',
    '  control ids 9 to 11 never came (3)',
  ])
})

test('nothing missing is one line', () => {
  expect(reportText(report)).toBe('chu-x  2026-11-03  you sent 412, accepted 409, 3 quarantined')
})

test('what was refused and what was said again are told, and how many nobody can name', () => {
  const text = reportText({ ...report, received: 415, repeated: 4, refused: 3, unreadable: 2 })
  expect(text).toBe(
    'chu-x  2026-11-03  you sent 415, accepted 409 (4 said again), 3 quarantined, 3 refused (2 without a readable control id)',
  )
})
