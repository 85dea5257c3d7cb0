import { ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { eventCodec } from '@relais/events/codec'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { anyPatientId, anyProfessionalId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { test } from 'vitest'
import { charges } from './charges.ts'

const at = '2026-11-03T08:00:00.000Z'

const anyFact = fc
  .record({
    referralId: fc.constantFrom('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'),
    patientId: anyPatientId,
    recipient: anyProfessionalId,
    kind: fc.constantFrom('takeOver', 'advice'),
    what: fc.constantFrom('accepted', 'stoodDown', 'neverAccepted'),
  })
  .map(({ what, ...asked }): Recordable => {
    const said = { ...asked, askedAt: at }
    const by = asked.recipient
    const ended = { ...said, because: 'closed', stoodDownAt: at }
    const event = ReferralEvent.parse(
      what === 'accepted'
        ? { type: 'ReferralAccepted', data: { ...said, by, acceptedAt: at } }
        : {
            type: 'ReceiverStoodDown',
            data: { ...ended, ...(what === 'stoodDown' ? { accepted: { by, at } } : {}) },
          },
    )
    return (record) => record<ReferralEvent>(referralEvents, event, { owner: asked.referralId })
  })

eachDatabase('the view of who took charge of whom', (open) => {
  test('is the same, stopped anywhere and resumed from any earlier checkpoint', async () => {
    const property = resumesFromAnywhere({
      projection: charges,
      codecs: (keyring) => [eventCodec<ReferralEvent>(referralEvents, keyring)],
      facts: anyFact,
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })
})
