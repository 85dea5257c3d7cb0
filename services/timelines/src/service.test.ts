import { circleEvents, CircleEvent } from '@relais/contracts/patients'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { asking, isReady, openTestAdapters, person, recorder } from '@relais/runtime/adapters.fixture'
import { corrected, FACILITY, moved, newStay, type Stay, withdrawn } from '@relais/runtime/stay-facts.fixture'
import { afterTestFile } from '@relais/testkit/cleanup'
import { eachDatabase, type OpenDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { createService } from './service.ts'

const nurse = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY, wards: ['4101'] }
const physician = { id: 'rpps:10002909371', role: 'medecin' }
const unknown = '00000000-0000-4000-8000-000000000000'

const patient = '0b7f3a52-6c1e-4f0e-9d27-3c8a5d1e7f40'
const stay: Stay = { ...newStay(patient), stayId: newStay('5d4f8a10-2f0b-4d53-8a70-9b1f6f1f0c11').patientId as never }

let schemas = 0

/** The service, on views of its own. */
async function openTimelines(open: OpenDatabase) {
  const number = (schemas += 1)
  const test = await openTestAdapters({ openViews: (schema) => open(`${schema}_${number}`) })
  const { adapters, store } = test
  const service = await createService(adapters)
  afterTestFile(() => service.stop())
  await isReady(service)
  const record = recorder({ store, keyring: adapters.vault, now: adapters.now })
  const at = (position: number) => ({ 'relais-position': `${adapters.epoch}:${position}` })
  return {
    ...test,
    service,
    at,
    /** Facts of a stay under ids that are the same in every run. Answers the last position. */
    async tell(facts: readonly (readonly [string, StayEvent])[]): Promise<number> {
      let position = 0
      for (const [id, event] of facts) position = await record(stayEvents, event, { owner: event.data.stayId, id })
      return position
    },
    join: (memberId: string, joinedAt = adapters.now()) =>
      record(circleEvents, membership({ memberId, joinedAt }), { owner: patient }),
    as: async (details: Parameters<typeof person>[0], expiresInSeconds?: number) =>
      asking(service.app, await test.tokenFor(person(details), expiresInSeconds), JSON.parse),
  }
}
