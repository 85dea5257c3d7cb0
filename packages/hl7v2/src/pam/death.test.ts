import { expect, test } from 'vitest'
import { pamMessage, withField } from '../fixtures.ts'
import { identityMessage } from '../identity-fixtures.ts'
import { decodeMessage } from '../message.ts'
import { interpretPam } from './interpret.ts'

const known = {
  zoneOf: (authority: string) => (authority === '990000028' ? 'Indian/Reunion' : 'Europe/Paris'),
  knowsFacility: () => true,
  knowsWard: () => true,
}

function read(text: string) {
  const decoded = decodeMessage(new TextEncoder().encode(text))
  const result = decoded.ok && interpretPam(decoded.message, known)
  if (!result || (result.kind !== 'identity' && result.kind !== 'movement')) throw new Error(JSON.stringify(result))
  return result.report
}
function saying(text: string, [date, indicator]: readonly [string, string]) {
  const { flags, ...report } = read(withField(withField(text, 'PID-29', date), 'PID-30', indicator))
  return { death: 'identity' in report ? report.identity.death : undefined, flags }
}
const update = identityMessage({ trigger: 'A31' })

test.each([
  ['the indicator alone says it', ['', 'Y'], { died: true }],
  ['a date alone says it', ['20261101', ''], { died: true, at: '2026-10-31T23:00:00.000Z', text: '20261101' }],
  [
    'the date is read to the minute',
    ['202611010640', 'Y'],
    { died: true, at: '2026-11-01T05:40:00.000Z', text: '202611010640' },
  ],
  ['a date that cannot be read is kept as written', ['la nuit', 'Y'], { died: true, text: 'la nuit' }],
  ['the person lives', ['', 'N'], { died: false }],
  ['a date beside that says nothing', ['20261101', 'N'], { died: false }],
  ['the indicator is deleted', ['', '""'], { died: false }],
  ['the date is deleted', ['""', ''], { died: false }],
  ['nothing is said', ['', ''], undefined],
  ['an indicator that means nothing', ['', 'P'], undefined],
] as const)('%s', (_, said, expected) => expect(saying(update, said)).toEqual({ death: expected, flags: [] }))

test('a message about a movement says it as well', () =>
  expect(saying(pamMessage(), ['20261101', 'Y'])).toMatchObject({ death: { died: true, text: '20261101' } }))

test('the date is one of the zone of the facility', () => {
  const island = identityMessage({ trigger: 'A31', facility: '990000028' })
  expect(saying(island, ['20261101', 'Y']).death).toMatchObject({ at: '2026-10-31T20:00:00.000Z' })
})

test('an hour that came twice that night is the first one, and flagged', () =>
  expect(saying(update, ['202610250230', 'Y'])).toEqual({
    death: { died: true, at: '2026-10-25T00:30:00.000Z', text: '202610250230' },
    flags: [{ code: 'localTimeDoubled', path: 'PID-29' }],
  }))

test('the second patient of a link is not read', () => {
  const report = read(withField(identityMessage({ trigger: 'A24', otherIpp: '900002' }), 'PID-30', 'Y'))
  expect(report).not.toHaveProperty('identity')
})
