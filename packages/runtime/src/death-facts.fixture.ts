import { DeathEvent } from '@relais/contracts/deaths'

type DeathDetails = { reportedAt?: string; diedAt?: string; diedText?: string; register?: object; again?: boolean }

const NOON = '2026-11-03T11:00:00.000Z'
export const MESSAGE = '00000000-0000-4000-8000-00000000d001'
const saidBy = (register: object | undefined) => (register === undefined ? { messageId: MESSAGE } : { register })

/** That a patient has died, as a message says unless a register does. */
export function died(patientId: string, { register, reportedAt = NOON, again = false, ...when }: DeathDetails = {}) {
  const data = { patientId, ...saidBy(register), reportedAt, again, ...when }
  return DeathEvent.parse({ type: 'DeathReported', data })
}

/** He or she has not. */
export function denied(
  patientId: string,
  { register, reportedAt = NOON, again = false }: Omit<DeathDetails, 'diedAt' | 'diedText'> = {},
) {
  const data = { patientId, ...saidBy(register), reportedAt, again }
  return DeathEvent.parse({ type: 'DeathDenied', data })
}
