import { expect, test } from 'vitest'
import { openStays } from './stays.fixture.ts'

test('an admission is acknowledged once it is in the log', async () => {
  const stays = await openStays()
  const ack = await stays.send({ controlId: 'MSG-0001' })
  expect(ack).toMatchObject({ code: 'AA', controlId: 'MSG-0001' })
  const facts = await stays.facts()
  expect(facts.map(({ type }) => type)).toEqual(['PatientAdmitted', 'IdentityReported'])
  await stays.settled()
})
