import { join } from 'node:path'
import { type MessageEvent, messageEvents } from '@relais/contracts/messages'
import type { MessageId, PatientId, StayId } from '@relais/contracts/primitives'
import { openDatabase } from '@relais/database/database'
import { eventCodec } from '@relais/events/codec'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { anyMessageId, anyPatientId, anyStayId } from '@relais/testkit/arbitraries'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import fc from 'fast-check'
import { test } from 'vitest'
import { quarantine } from './quarantine.ts'

const at = '2026-11-02T09:00:00.000Z'
const raw = { documentId: crypto.randomUUID(), size: 3, mediaType: 'application/hl7-v2', sha256: 'a'.repeat(64) }
const problems = [{ path: 'ZBE-4', code: 'fieldMissing' as const, text: 'expected' }]
type Ids = { messageId: MessageId; stayId: StayId; patientId: PatientId; flag: boolean }

const makers: readonly ((ids: Ids) => MessageEvent)[] = [
  ({ messageId, stayId, patientId, flag }) => ({
    type: 'MessageQuarantined',
    data: {
      ...about(messageId, patientId),
      receivedAt: at,
      raw,
      trigger: 'ADT^A13',
      controlId: '1',
      problems,
      ...(flag ? { awaiting: { stayId, patientId, movement: { authority: 'CH-ESSAI', number: 'M1' } } } : {}),
    },
  }),
  ({ messageId, patientId }) => {
    const edits = [{ op: 'set' as const, path: 'ZBE-4', value: 'INSERT' }]
    return { type: 'MessageRepaired', data: { ...about(messageId, patientId), raw, repairedAt: at, edits } }
  },
  ({ messageId, patientId, flag }) => {
    const result = { outcome: flag ? ('accepted' as const) : ('quarantined' as const), problems: flag ? [] : problems }
    const data = { ...about(messageId, patientId), replayedAt: at, cause: 'person' as const, ...result }
    return { type: 'MessageReplayed', data }
  },
  ({ messageId, patientId }) => ({ type: 'MessageViewed', data: { ...about(messageId, patientId), viewedAt: at } }),
]

const about = (messageId: MessageId, patientId: PatientId) => ({
  messageId,
  keyOwner: patientId,
  senderId: 'ch-essai',
})

const facts = fc
  .tuple(fc.constantFrom(...makers), anyMessageId, anyStayId, anyPatientId, fc.boolean())
  .map(([make, messageId, stayId, patientId, flag]): Recordable => {
    const event = make({ messageId, stayId, patientId, flag })
    return (record) => record(messageEvents, event, { owner: messageId })
  })

test('stopped anywhere and resumed from any earlier checkpoint, the quarantine is the same', async () => {
  const folder = temporaryFolder()
  const property = resumesFromAnywhere({
    projection: quarantine,
    codecs: (keyring) => [eventCodec<MessageEvent>(messageEvents, keyring)],
    facts,
    open: (schema) => openDatabase(`sqlite:${join(folder, 'views.sqlite')}`, { schema, durability: 'normal' }),
  })
  await fc.assert(property, { numRuns: 8 })
})
