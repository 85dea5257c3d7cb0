import { expect, test } from 'vitest'
import { readLocalTime, zoneOfFiness } from './local-time.ts'

test.each([
  ['20261102100000', 'Europe/Paris', { at: '2026-11-02T09:00:00.000Z', precision: 'second' }],
  ['20260702100000', 'Europe/Paris', { at: '2026-07-02T08:00:00.000Z', precision: 'second' }],
  ['202607021000', 'Europe/Paris', { at: '2026-07-02T08:00:00.000Z', precision: 'minute' }],
  ['20260702', 'Europe/Paris', { at: '2026-07-01T22:00:00.000Z', precision: 'day' }],
  ['20260702100000.1234', 'Europe/Paris', { at: '2026-07-02T08:00:00.123Z', precision: 'second' }],
  ['20260702100000', 'Indian/Reunion', { at: '2026-07-02T06:00:00.000Z', precision: 'second' }],
  ['20260702100000', 'America/Martinique', { at: '2026-07-02T14:00:00.000Z', precision: 'second' }],
  ['20260702100000', 'Pacific/Noumea', { at: '2026-07-01T23:00:00.000Z', precision: 'second' }],
  ['20260702100000+0400', 'Europe/Paris', { at: '2026-07-02T06:00:00.000Z', precision: 'second' }],
  ['20260702100000-0330', 'Europe/Paris', { at: '2026-07-02T13:30:00.000Z', precision: 'second' }],
  ['20240229120000', 'Europe/Paris', { at: '2024-02-29T11:00:00.000Z', precision: 'second' }],
])('%s in %s is %j', (text, zone, expected) => expect(readLocalTime(text, zone)).toEqual(expected))

test.each([
  ['20261025015959', 'Europe/Paris', '2026-10-24T23:59:59.000Z', undefined],
  ['20261025020000', 'Europe/Paris', '2026-10-25T00:00:00.000Z', 'localTimeDoubled'],
  ['20261025025959', 'Europe/Paris', '2026-10-25T00:59:59.000Z', 'localTimeDoubled'],
  ['20261025030000', 'Europe/Paris', '2026-10-25T02:00:00.000Z', undefined],
  ['20260329015959', 'Europe/Paris', '2026-03-29T00:59:59.000Z', undefined],
  ['20260329020000', 'Europe/Paris', '2026-03-29T01:00:00.000Z', 'localTimeSkipped'],
  ['20260329023000', 'Europe/Paris', '2026-03-29T01:30:00.000Z', 'localTimeSkipped'],
  ['20260329030000', 'Europe/Paris', '2026-03-29T01:00:00.000Z', undefined],
  ['20261101013000', 'America/Miquelon', '2026-11-01T03:30:00.000Z', 'localTimeDoubled'],
  ['20261025023000', 'Indian/Reunion', '2026-10-24T22:30:00.000Z', undefined],
  ['20261025023000+0100', 'Europe/Paris', '2026-10-25T01:30:00.000Z', undefined],
])('the clock changes: %s in %s is %s, %s', (text, zone, at, flag) =>
  expect(readLocalTime(text, zone)).toEqual({ at, precision: 'second', ...(flag ? { flag } : {}) }),
)

test.each([
  '',
  '2026',
  '202611',
  '2026110210',
  '20261302',
  '20260230',
  '20250229',
  '20261102240000',
  '20261102106000',
  '20261102100060',
  '202611021000001',
  '20261102100000+2500',
  '20261102100000+0160',
  '20261102100000Z',
  '2026-11-02',
  '18991231',
])('%j is no time', (text) => expect(readLocalTime(text, 'Europe/Paris')).toBeUndefined())

test.each([
  ['990000010', 'Europe/Paris'],
  ['750000010', 'Europe/Paris'],
  ['2A0000154', 'Europe/Paris'],
  ['970100010', 'America/Guadeloupe'],
  ['970200010', 'America/Martinique'],
  ['970300010', 'America/Cayenne'],
  ['970400010', 'Indian/Reunion'],
  ['971000010', 'America/Guadeloupe'],
  ['974000010', 'Indian/Reunion'],
  ['975000010', 'America/Miquelon'],
  ['976000010', 'Indian/Mayotte'],
  ['977000010', 'America/St_Barthelemy'],
  ['978000010', 'America/Marigot'],
  ['980500010', 'Indian/Mayotte'],
  ['986000010', 'Pacific/Wallis'],
  ['987000010', 'Pacific/Tahiti'],
  ['988000010', 'Pacific/Noumea'],
  ['CH-ESSAI', 'Europe/Paris'],
  ['974', 'Europe/Paris'],
])('the clock of %s is that of %s', (facility, zone) => {
  expect(zoneOfFiness(facility)).toBe(zone)
  expect(readLocalTime('20260702', zone)).toBeDefined()
})
