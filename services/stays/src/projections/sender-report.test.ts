import { join } from 'node:path'
import { type MessageEvent, messageEvents } from '@relais/contracts/messages'
import type { MessageId, PatientId, StayId } from '@relais/contracts/primitives'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { openDatabase } from '@relais/database/database'
import { eventCodec } from '@relais/events/codec'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { anyMessageId, anyPatientId, anyStayId } from '@relais/testkit/arbitraries'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import fc from 'fast-check'
import { test } from 'vitest'
import { senderReport } from './sender-report.ts'

const at = '2026-11-02T09:00:00.000Z'
const raw = { documentId: crypto.randomUUID(), size: 3, mediaType: 'application/hl7-v2', sha256: 'a'.repeat(64) }
const problems = [{ path: 'ZBE-1', code: 'movementUnknown' as const, text: 'expected' }]
type Ids = { messageId: MessageId; stayId: StayId; patientId: PatientId; flag: boolean }

const about = ({ messageId, patientId }: Ids) => ({ messageId, keyOwner: patientId, senderId: 'test' })
const received = (ids: Ids) => ({ ...about(ids), receivedAt: at, raw, trigger: 'ADT^A13', controlId: '1' })

const ofMessages: readonly ((ids: Ids) => MessageEvent)[] = [
  (ids) => {
    const { stayId, patientId, flag } = ids
    const awaiting = flag ? { awaiting: { stayId, patientId, movement: { authority: 'CH-ESSAI', number: 'M1' } } } : {}
    return { type: 'MessageQuarantined', data: { ...received(ids), problems, ...awaiting } }
  },
  (ids) => {
    const edits = [{ op: 'set' as const, path: 'ZBE-4', value: 'INSERT' }]
    return { type: 'MessageRepaired', data: { ...about(ids), raw, repairedAt: at, edits } }
  },
  (ids) => {
    const result = ids.flag
      ? { outcome: 'accepted' as const, problems: [] }
      : { outcome: 'quarantined' as const, problems }
    return { type: 'MessageReplayed', data: { ...about(ids), replayedAt: at, cause: 'person', ...result } }
  },
  (ids) => ({ type: 'MessageIgnored', data: received(ids) }),
]
const ofStays = ({ stayId, patientId, messageId }: Ids): StayEvent => {
  const data = { stayId, patientId, messageId, reportedAt: at, participants: [] }
  return { type: 'ParticipantsReported', data }
}

const facts = fc
  .tuple(fc.option(fc.constantFrom(...ofMessages)), anyMessageId, anyStayId, anyPatientId, fc.boolean())
  .map(([make, messageId, stayId, patientId, flag]): Recordable => {
    const ids = { messageId, stayId, patientId, flag }
    return make === null
      ? (record) => record(stayEvents, ofStays(ids), { owner: stayId })
      : (record) => record(messageEvents, make(ids), { owner: messageId })
  })

test('stopped anywhere and resumed from any earlier checkpoint, the report is the same', async () => {
  const folder = temporaryFolder()
  const property = resumesFromAnywhere({
    projection: senderReport,
    codecs: (keyring) => [eventCodec<StayEvent>(stayEvents, keyring), eventCodec<MessageEvent>(messageEvents, keyring)],
    facts,
    open: (schema) => openDatabase(`sqlite:${join(folder, 'views.sqlite')}`, { schema, durability: 'normal' }),
  })
  await fc.assert(property, { numRuns: 8 })
})
