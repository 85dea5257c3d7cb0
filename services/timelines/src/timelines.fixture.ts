import { CircleEvent, circleEvents } from '@relais/contracts/patients'
import { type Instant, StayId } from '@relais/contracts/primitives'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { asking, isReady, openTestAdapters, person, recorder } from '@relais/runtime/adapters.fixture'
import { FACILITY, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { afterTestFile } from '@relais/testkit/cleanup'
import type { OpenDatabase } from '@relais/testkit/databases'
import { createService } from './service.ts'

/** A nurse of the ward where the stay begins. */
export const nurse = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY, wards: ['4101'] }

export const stay: Stay = {
  ...newStay('0b7f3a52-6c1e-4f0e-9d27-3c8a5d1e7f40'),
  stayId: StayId.parse('5d4f8a10-2f0b-4d53-8a70-9b1f6f1f0c11'),
}

/** The id of the nth fact, the same in every run. */
export const factId = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
export type Told = readonly [id: string, event: StayEvent]

let opened = 0

/** The service, on views of its own. */
export async function openTimelines(open: OpenDatabase) {
  opened += 1
  const suffix = opened
  const test = await openTestAdapters({ openViews: (schema) => open(`${schema}_${suffix}`) })
  const { adapters, store, clock } = test
  const service = await createService(adapters)
  afterTestFile(() => service.stop())
  await isReady(service)
  const record = recorder({ store, keyring: adapters.vault, now: adapters.now })

  /** Facts of a stay, as they come. Answers the last position, as a request header. */
  async function tell(...facts: readonly Told[]) {
    let position = 0
    for (const [id, event] of facts) position = await record(stayEvents, event, { owner: event.data.stayId, id })
    return at(position)
  }

  /** A professional joins the circle, or leaves it. */
  async function circle(type: CircleEvent['type'], memberId: string, when: Instant = clock.now) {
    const { patientId } = stay
    const membership = { patientId, memberId, role: 'medecin-traitant' }
    const joined = { ...membership, ground: 'exchange', joinedAt: when, source: 'declared' }
    const left = { ...membership, leftAt: when, reason: 'removed' }
    const event = CircleEvent.parse({ type, data: type === 'MemberJoined' ? joined : left })
    return at(await record(circleEvents, event, { owner: patientId, id: factId(type === 'MemberJoined' ? 8 : 9) }))
  }

  const at = (position: number) => ({ 'relais-position': `${adapters.epoch}:${position}` })
  const as = async (details: Parameters<typeof person>[0], expiresInSeconds?: number) =>
    asking(service.app, await test.tokenFor(person(details), expiresInSeconds), JSON.parse)

  return { ...test, service, tell, circle, as }
}
