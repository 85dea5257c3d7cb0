import type { OnCallEvent, OnCallId } from '@relais/contracts/directory'
import type { ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { onCall, type OnCallCommand } from './on-call.ts'

const { given } = specification(onCall)

const onCallId = '00000000-0000-4000-8000-000000000001' as OnCallId
const from = '2026-03-01T08:00:00.000Z'
const night = '2026-03-01T20:00:00.000Z'
const period = (scope = 'finess:990000010', to = night) => {
  return { scope, professionalId: 'rpps:10002909371' as ProfessionalId, phone: '0199000001', from, to }
}
const put = (...details: Parameters<typeof period>): OnCallCommand => ({
  type: 'SetOnCall',
  onCallId,
  period: period(...details),
})
const set = (...details: Parameters<typeof period>): OnCallEvent => ({
  type: 'OnCallSet',
  data: { keyOwner: 'directory', onCallId, ...period(...details) },
})
const withdraw: OnCallCommand = { type: 'WithdrawOnCall', onCallId, at: from }
const withdrawn: OnCallEvent = {
  type: 'OnCallWithdrawn',
  data: { keyOwner: 'directory', onCallId, scope: 'finess:990000010', withdrawnAt: from },
}

test('a professional is put on call', () => given().when(put()).thenEvents(set()))
test('said again, nothing changes', () => given(set()).when(put()).thenNothing())
test('another end replaces the period', () =>
  given(set())
    .when(put('finess:990000010', '2026-03-02T08:00:00.000Z'))
    .thenEvents(set('finess:990000010', '2026-03-02T08:00:00.000Z')))
test('a period of one millisecond is one', () =>
  given().when(put('cpts:essai', '2026-03-01T08:00:00.001Z')).thenEvents(set('cpts:essai', '2026-03-01T08:00:00.001Z')))
test('a period that ends when it begins is none', () =>
  given().when(put('cpts:essai', from)).thenRejected({ code: 'periodReversed' }))
test('the period of one facility does not become another’s', () =>
  given(set(), withdrawn).when(put('finess:990000028')).thenRejected({ code: 'onCallIdReused' }))
test('it is withdrawn once', () => given(set(), withdrawn).when(withdraw).thenNothing())
test('what was never set cannot be withdrawn', () => given().when(withdraw).thenRejected({ code: 'onCallUnknown' }))

const anyCommand = fc.constantFrom(
  put(),
  put('finess:990000010', '2026-03-02T08:00:00.000Z'),
  put('cpts:essai'),
  withdraw,
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(onCall, anyCommand))
