import { MessageId, MovementId, PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import fc from 'fast-check'

/** Five of each kind, so that a generated history meets the same patient, stay or message again. */
const POOL = [1, 2, 3, 4, 5] as const

const uuid = (kind: string, n: number) => `${kind.repeat(8)}-0000-4000-8000-${String(n).padStart(12, '0')}`

/** One of five patients. Ids of different kinds never coincide. */
export const anyPatientId = fc.constantFrom(...POOL.map((n) => PatientId.parse(uuid('a', n))))
/** One of five stays. */
export const anyStayId = fc.constantFrom(...POOL.map((n) => StayId.parse(uuid('b', n))))
/** One of five movements. */
export const anyMovementId = fc.constantFrom(...POOL.map((n) => MovementId.parse(uuid('c', n))))
/** One of five messages. */
export const anyMessageId = fc.constantFrom(...POOL.map((n) => MessageId.parse(uuid('d', n))))
/** One of five professionals, each with an invented RPPS number. */
export const anyProfessionalId = fc.constantFrom(...POOL.map((n) => ProfessionalId.parse(`rpps:1000000000${n}`)))
