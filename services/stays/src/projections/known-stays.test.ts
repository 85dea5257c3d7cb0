import { join } from 'node:path'
import { type FacilityEvent, facilityEvents } from '@relais/contracts/directory'
import { type MessageEvent, messageEvents } from '@relais/contracts/messages'
import type { MessageId, PatientId, StayId } from '@relais/contracts/primitives'
import { StayEvent, stayEvents } from '@relais/contracts/stays'
import { openDatabase } from '@relais/database/database'
import { eventCodec } from '@relais/events/codec'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { moved } from '@relais/runtime/stay-facts.fixture'
import { anyMessageId, anyPatientId, anyStayId } from '@relais/testkit/arbitraries'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import fc from 'fast-check'
import { test } from 'vitest'
import { knownStays } from './known-stays.ts'

const at = '2026-11-02T09:00:00.000Z'
const raw = { documentId: crypto.randomUUID(), size: 3, mediaType: 'application/hl7-v2', sha256: 'a'.repeat(64) }
const finess = '990000010'
const dossier = (flag: boolean) => ({ authority: finess, number: flag ? 'D1' : 'D2' })
type Ids = { messageId: MessageId; stayId: StayId; patientId: PatientId; other: PatientId; flag: boolean }

const admittedInto = ({ stayId, patientId, flag }: Ids): StayEvent => {
  const { type, data } = moved('PatientAdmitted', { stayId, patientId })
  return StayEvent.parse({ type, data: { ...data, dossier: dossier(flag) } })
}
const ofStays: readonly ((ids: Ids) => StayEvent)[] = [
  admittedInto,
  ({ stayId, patientId, flag }) => {
    const wards = [{ facility: finess, code: '4102', responsibility: 'both' }]
    const standing = {
      status: flag ? 'present' : 'discharged',
      facility: finess,
      wards,
      died: false,
      confidential: false,
    }
    const data = { stayId, patientId, nature: 'moved', happenedAt: at, standing, changed: ['status'] }
    return StayEvent.parse({ type: 'StandingChanged', data })
  },
]
const dossierMoved = ({ messageId, patientId, other, flag }: Ids): MessageEvent => {
  const received = { receivedAt: at, raw, trigger: 'ADT^A44', controlId: '1' }
  const who = { patientId, fromPatientId: other, dossier: dossier(flag), reportedAt: at, identity: raw, flags: [] }
  return { type: 'DossierMoved', data: { messageId, keyOwner: patientId, senderId: 'test', ...received, ...who } }
}
const declared = ({ flag }: Ids): FacilityEvent => {
  const ward = { label: 'Unité', confidential: flag }
  return { type: 'WardDefined', data: { keyOwner: 'directory', finess, code: '4102', ward } }
}

const facts = fc
  .tuple(fc.nat(3), anyMessageId, anyStayId, anyPatientId, anyPatientId, fc.boolean())
  .map(([kind, messageId, stayId, patientId, other, flag]): Recordable => {
    const ids = { messageId, stayId, patientId, other, flag }
    const ofStay = ofStays[kind]
    if (ofStay) return (record) => record(stayEvents, ofStay(ids), { owner: stayId })
    if (kind === 2) return (record) => record(messageEvents, dossierMoved(ids), { owner: messageId })
    return (record) => record(facilityEvents, declared(ids), { owner: crypto.randomUUID() })
  })

test('stopped anywhere and resumed from any earlier checkpoint, the same is known of stays', async () => {
  const folder = temporaryFolder()
  const property = resumesFromAnywhere({
    projection: knownStays(({ authority, number }) => `${authority} ${number}`),
    codecs: (keyring) => [
      eventCodec<StayEvent>(stayEvents, keyring),
      eventCodec<MessageEvent>(messageEvents, keyring),
      eventCodec<FacilityEvent>(facilityEvents, keyring),
    ],
    facts,
    open: (schema) => openDatabase(`sqlite:${join(folder, 'views.sqlite')}`, { schema, durability: 'normal' }),
  })
  await fc.assert(property, { numRuns: 8 })
})
