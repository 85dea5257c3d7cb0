import { CircleEvent, circleEvents } from '@relais/contracts/patients'
import { type Instant, StayId } from '@relais/contracts/primitives'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { derivedUuid } from '@relais/events/derived-uuid'
import {
  asking,
  isReady,
  openTestAdapters,
  person,
  recorder,
  type TestAdapters,
} from '@relais/runtime/adapters.fixture'
import { FACILITY, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { toldStandings } from '@relais/runtime/told-standings.fixture'
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
export const physician = { id: 'rpps:10002909371', role: 'medecin' }
export type Told = readonly [id: string, event: StayEvent]

let opened = 0
type Before = Pick<TestAdapters, 'folder' | 'store'>
export type Timelines = Awaited<ReturnType<typeof openTimelines>>

/** The service, on views of its own; on the log and the vault of another one, they are built again from what is there. */
export async function openTimelines(open: OpenDatabase, { folder, store: log }: Partial<Before> = {}) {
  opened += 1
  const suffix = opened
  const before = folder === undefined || log === undefined ? {} : { folder, store: log }
  const test = await openTestAdapters({ ...before, openViews: (schema) => open(`${schema}_${suffix}`) })
  const { adapters, store, clock } = test
  const service = await createService(adapters)
  afterTestFile(() => service.stop())
  await isReady(service)
  const standings = toldStandings()
  const record = recorder({ store, keyring: adapters.vault, now: adapters.now })

  /** Facts of a stay, as they come, each with what the stay then is. Answers the last position, as a request header. */
  async function tell(...facts: readonly Told[]) {
    let position = 0
    for (const [id, event] of facts)
      for (const fact of standings([event])) {
        const name = fact === event ? { id } : {}
        position = await record(stayEvents, fact, { owner: fact.data.stayId, ...name })
      }
    return at(position)
  }

  /** A professional joins the circle, or leaves it. */
  async function circle(type: CircleEvent['type'], memberId: string, when: Instant = clock.now) {
    const { patientId } = stay
    return type === 'MemberJoined'
      ? join(patientId, { memberId, when, id: factId(8) })
      : leave(patientId, memberId, { when, id: factId(9) })
  }

  /** The médecin traitant of any patient. */
  async function join(
    patientId: string,
    {
      memberId = physician.id,
      when = clock.now,
      source = 'declared',
      id = derivedUuid('joined', patientId, memberId),
    } = {},
  ) {
    const data = { patientId, memberId, role: 'medecin-traitant', ground: 'exchange', joinedAt: when, source }
    const event = CircleEvent.parse({ type: 'MemberJoined', data })
    return at(await record(circleEvents, event, { owner: patientId, id }))
  }
  async function leave(
    patientId: string,
    memberId: string,
    { when = clock.now, id = derivedUuid('left', patientId, memberId) } = {},
  ) {
    const data = { patientId, memberId, role: 'medecin-traitant', leftAt: when, reason: 'removed' }
    const event = CircleEvent.parse({ type: 'MemberLeft', data })
    return at(await record(circleEvents, event, { owner: patientId, id }))
  }

  const at = (position: number) => ({ 'relais-position': `${adapters.epoch}:${position}` })
  const as = async (details: Parameters<typeof person>[0], expiresInSeconds?: number) =>
    asking(service.app, await test.tokenFor(person(details), expiresInSeconds), JSON.parse)

  return { ...test, service, record, at, tell, circle, join, leave, as }
}
