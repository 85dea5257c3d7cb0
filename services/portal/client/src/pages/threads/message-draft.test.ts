import { expect, test } from 'vitest'
import { bodyOf, draftOf, EMPTY_DRAFT, toggled } from './message-draft.ts'

test('a message that is taken back is written as it was', () => {
  const draft = { ...EMPTY_DRAFT, text: 'Elle rentre vendredi ?', quotes: ['q'], urgent: true, replyTo: 'p' }
  // Ids are those of a test.
  expect(draftOf(bodyOf(draft) as never)).toEqual(draft)
  const alone = { ...EMPTY_DRAFT, text: 'Oui' }
  expect(draftOf(bodyOf(alone) as never)).toEqual(alone)
})

test('blanks around a text are not sent, and an answer to nothing names nothing', () => {
  expect(bodyOf({ ...EMPTY_DRAFT, text: '  Oui \n' })).toEqual({
    text: 'Oui',
    quotes: [],
    mentions: [],
    mentionedRoles: [],
    urgent: false,
    attachments: [],
  })
})

test('somebody is mentioned once, or not', () => {
  expect(toggled(['a', 'b'], 'a', true)).toEqual(['b', 'a'])
  expect(toggled(['a', 'b'], 'a', false)).toEqual(['b'])
})
