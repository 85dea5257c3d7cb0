import { expect, test } from 'vitest'
import { movedTo } from './message-times.ts'

/** 9:30 in Paris. */
const now = new Date('2027-03-01T08:30:15.400Z')

test('messages are moved together: the last time in them is now, and what lies between them stays', () => {
  const admission = 'MSH|^~\\&|A|B|C|D|20261120101500||ADT^A01\rZBE|M1|20261120101500||INSERT'
  const discharge = 'MSH|^~\\&|A|B|C|D|20261121143210||ADT^A03\rZBE|M2|20261121143000||INSERT'
  expect(movedTo(now, [admission, discharge])).toEqual([
    'MSH|^~\\&|A|B|C|D|20270228051305||ADT^A01\rZBE|M1|20270228051305||INSERT',
    'MSH|^~\\&|A|B|C|D|20270301093015||ADT^A03\rZBE|M2|20270301092805||INSERT',
  ])
})

test('a date of birth, an INS and a control id that holds digits are no times', () => {
  const identity = 'PID|1||X^^^A^PI~241079900000182^^^INS||N^P||19410709|F\rMSA|AA|M20261120101500'
  expect(movedTo(now, [`${identity}\rEVN||20261120101500`])).toEqual([`${identity}\rEVN||20270301093015`])
})

test('a message without a time stays as it is', () => {
  expect(movedTo(now, ['MSH|^~\\&|A'])).toEqual(['MSH|^~\\&|A'])
})
