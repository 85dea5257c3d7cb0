import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { deadlineIdOf } from '@relais/deadlines/deadline'
import { commandHandler } from '@relais/event-store/command-handler'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { eventCodec } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import { recorder, START } from '@relais/runtime/adapters.fixture'
import { requested } from '@relais/runtime/loop-facts.fixture'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { expect, test } from 'vitest'
import { referral } from '../domain/referral.ts'
import { kinds } from '../projections/deadline-rows.ts'
import { fireDeadlines } from './fire-deadlines.ts'

test.each(Object.values(kinds))('what falls due of a patient who was forgotten is over: %s', async (kind) => {
  const [store, keyring, now] = [inMemoryEventStore(), inMemoryKeyring(), () => START]
  const stay = newStay()
  const asked = requested(stay)
  const subject = asked.data.referralId
  await recorder({ store, keyring, now })<ReferralEvent>(referralEvents, asked, { owner: subject })
  keyring.forget(stay.patientId)
  const codec = eventCodec<ReferralEvent>(referralEvents, keyring)
  const handleReferral = commandHandler(referral, { store, codec, now, newId: () => crypto.randomUUID() })
  const fire = fireDeadlines({ handleReferral, now })
  const detail = { rung: 0, recipient: 'rpps:10002909371' }
  expect(await fire({ deadlineId: deadlineIdOf(kind, subject), kind, subject, dueAt: START, detail })).toBe('over')
})
