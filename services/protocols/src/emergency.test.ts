import { StayEvent, stayEvents } from '@relais/contracts/stays'
import { moved, newStay } from '@relais/runtime/stay-facts.fixture'
import { expect, test } from 'vitest'
import { openProtocols, physician, type Protocols } from './protocols.fixture.ts'
import { ehpadToEmergency } from './shipped/ehpad-to-emergency.ts'

const { protocolId, definition } = ehpadToEmergency
const there = { patientClass: 'E', arrivedAt: '2026-11-03T07:30:00.000Z' } as const
const gone = { ...there, status: 'discharged', nature: 'discharged', dischargedAt: '2026-11-03T08:00:00.000Z' } as const

/** A resident has come to the emergency department. */
async function resident(protocols: Protocols) {
  await protocols.publish(definition, { id: protocolId, from: '2026-11-03T08:00:00.000Z' })
  const stay = newStay()
  await protocols.joins(stay, { id: 'finess:990000028' }, 'ehpad')
  await protocols.joins(stay, physician, 'medecin-traitant')
  const { type, data } = moved('PatientRegistered', stay)
  const movement = 'movement' in data ? { ...data.movement, patientClass: 'E' } : {}
  await protocols.record(stayEvents, StayEvent.parse({ type, data: { ...data, movement } }), { owner: stay.stayId })
  return stay
}
const stepsOf = (events: readonly { data: { stepId: string } }[]) => events.map(({ data: { stepId } }) => stepId)

test('once a resident has left the emergency department, no date of return is asked for; it is again where that was wrong', async () => {
  const protocols = await openProtocols()
  const arrived = { ...there, arrivedAt: protocols.clock.now }
  const stay = await resident(protocols)
  await protocols.tell(stay, arrived)
  expect(stepsOf(await protocols.named('StepOpened'))).toEqual(['liaison', 'medecin-informe', 'retour-prevu'])

  const left = { ...gone, arrivedAt: arrived.arrivedAt }
  await protocols.tell(stay, left)
  expect(stepsOf(await protocols.named('StepWithdrawn'))).toEqual(['liaison', 'retour-prevu'])
  // One after the other: of two that are heard of together, the first one may be looked at as the second one says.
  await protocols.tell(stay, { ...arrived, nature: 'withdrawn' })
  await protocols.tell(stay, left)
  expect(stepsOf(await protocols.named('StepOpened')).slice(3)).toEqual(['liaison', 'retour-prevu'])

  const ask = await protocols.as(physician)
  await ask(`/runs/${protocols.runOf(stay, protocolId)}/steps/medecin-informe/done`, {
    body: { requestId: crypto.randomUUID() },
  })
  expect(await protocols.named('RunEnded')).toMatchObject([{ data: { because: 'completed' } }])
})
