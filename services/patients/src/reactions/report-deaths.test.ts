import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { ResidentEvent, residentEvents, ResidentMatchEvent, residentMatchEvents } from '@relais/contracts/residents'
import { eventCodec } from '@relais/events/codec'
import { hasReacted } from '@relais/runtime/adapters.fixture'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { expect, test } from 'vitest'
import { openPatients, type Patients } from '../patients.fixture.ts'

const EHPAD = '990000028'
const residentId = '00000000-0000-4000-8000-00000000e001'
const register = { ehpad: EHPAD, residentId }
const diedAt = '2026-11-03T04:40:00.000Z'
const at = (hour: number) => `2026-11-03T${String(hour).padStart(2, '0')}:00:00.000Z`

async function deaths({ store, adapters }: Patients): Promise<DeathEvent[]> {
  const codec = eventCodec<DeathEvent>(deathEvents, adapters.vault)
  const found: DeathEvent[] = []
  for await (const recorded of store.readAll()) {
    const event = (await codec.decode(recorded))?.event
    if (event) found.push(event)
  }
  return found
}

/** What the register says at some hour, once this service has looked at it. */
async function openRegister() {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const settled = () =>
    hasReacted(patients, {
      schema: 'patients',
      categories: [residentEvents.category, residentMatchEvents.category],
      name: 'report-deaths-1',
    })
  const says = async (hour: number, type: ResidentEvent['type'], data: object) => {
    patients.clock.now = at(hour)
    const event = ResidentEvent.parse({ type, data: { residentId, ehpad: EHPAD, ...data } })
    await patients.record(residentEvents, event, { owner: residentId })
    await settled()
  }
  const leaves = (hour: number, reason: 'exit' | 'death' = 'death') =>
    says(hour, 'ResidentLeft', { reason, leftAt: diedAt })
  const judges = async (hour: number, type: ResidentMatchEvent['type'], data: object, of = patientId) => {
    patients.clock.now = at(hour)
    const event = ResidentMatchEvent.parse({ type, data: { residentId, ehpad: EHPAD, patientId: of, ...data } })
    await patients.record(residentMatchEvents, event, { owner: residentId })
    await settled()
  }
  const matches = (hour: number, of?: typeof patientId) =>
    judges(hour, 'ResidentMatched', { ground: 'qualifiedIns', matchedAt: at(hour) }, of)
  const unmatches = (hour: number, reason: string) =>
    judges(hour, 'ResidentUnmatched', { reason, unmatchedAt: at(hour) })
  return { patients, patientId, leaves, matches, unmatches, says }
}

test('a resident who dies is every patient whom he or she was found to be, also once the register has ended it', async () => {
  const { patients, patientId, leaves, matches, unmatches } = await openRegister()
  const { patientId: otherId } = await patients.admit()
  await matches(8)
  await matches(9, otherId)
  await leaves(10)
  await unmatches(10, 'left')
  const said = { reportedAt: at(10), diedAt, register }
  expect(await deaths(patients)).toEqual([died(patientId, said), died(otherId, said)])
})

test('a match that is heard of after the death is one all the same', async () => {
  const { patients, patientId, leaves, matches } = await openRegister()
  await leaves(10)
  expect(await deaths(patients)).toEqual([])
  await matches(11)
  expect(await deaths(patients)).toEqual([died(patientId, { reportedAt: at(10), diedAt, register })])
})

test('who leaves is not dead, nor is who was another one, or a former one', async () => {
  const { patients, leaves, matches, unmatches, says } = await openRegister()
  const identity = { documentId: crypto.randomUUID(), size: 1, mediaType: 'text/plain', sha256: '0'.repeat(64) }
  await matches(7)
  await leaves(8, 'exit')
  await unmatches(8, 'left')
  await says(9, 'ResidentEntered', { identity, hasIns: false, enteredAt: at(9) })
  await leaves(10)
  expect(await deaths(patients)).toEqual([])
})

test('a resident who was somebody else is said not to have died', async () => {
  const { patients, patientId, leaves, matches, unmatches } = await openRegister()
  await matches(8)
  await leaves(9)
  await unmatches(10, 'person')
  expect((await deaths(patients)).at(-1)).toEqual(denied(patientId, { reportedAt: at(10), register }))
})

test('a register that is read again from the beginning says nothing more, also of who was forgotten', async () => {
  const { patients, leaves, matches, unmatches } = await openRegister()
  const { patientId: forgotten } = await patients.admit()
  await matches(8)
  await patients.adapters.vault.forget(forgotten)
  await matches(8, forgotten)
  await leaves(9)
  await unmatches(9, 'left')
  const before = await deaths(patients)
  expect(before).toHaveLength(1)
  await patients.close()
  const { folder, store } = patients
  for (const file of readdirSync(folder)) if (file.includes('.patients.')) rmSync(join(folder, file))
  const again = await openPatients({ folder, store })
  await hasReacted(again, { schema: 'patients', categories: [residentMatchEvents.category], name: 'report-deaths-1' })
  expect(await deaths(again)).toEqual(before)
})

const day = (n: number) => ({ reportedAt: `2026-11-0${n}T09:00:00.000Z` })

test('what messages say of a death is the patient’s own, in the order in which it was said', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const death = { died: true, at: '2026-11-01T23:00:00.000Z', text: '20261102' }
  const messageId = await patients.announceIdentity(patientId, { death }, day(4))
  await patients.announceIdentity(patientId, { death: { died: false } }, day(3))
  await patients.announceIdentity(patientId, {}, day(5))
  const { data } = died(patientId, { ...day(4), diedAt: death.at, diedText: death.text })
  expect(await deaths(patients)).toEqual([{ type: 'DeathReported', data: { ...data, messageId } }])
  const last = await patients.announceIdentity(patientId, { death: { died: false } }, day(6))
  expect((await deaths(patients)).at(-1)).toMatchObject({
    type: 'DeathDenied',
    data: { messageId: last, again: false },
  })
})

test('a message about a stay says it as well', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  await patients.reportIdentity(stay, { death: { died: true } })
  await patients.settled()
  expect(await deaths(patients)).toMatchObject([{ type: 'DeathReported', data: { patientId: stay.patientId } }])
})
