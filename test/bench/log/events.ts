import { randomUUID } from 'node:crypto'
import type { NewEvent } from '@relais/event-store/port'

/** About 600 bytes as stored: what a sealed movement weighs. */
const SEALED_CHARACTERS = 340

export const streamName = () => `stay-${randomUUID()}`

export function newEvent(): NewEvent {
  const [stayId, patientId, correlationId] = [randomUUID(), randomUUID(), randomUUID()]
  return {
    id: randomUUID(),
    type: 'PatientAdmitted.v1',
    data: { stayId, patientId, sealed: 'c2VhbGVk'.repeat(SEALED_CHARACTERS / 8) },
    metadata: { $correlationId: correlationId, recordedAt: '2026-11-22T08:30:00.000Z' },
  }
}
