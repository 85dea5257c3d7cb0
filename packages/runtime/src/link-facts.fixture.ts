import { LinkEvent, LinkId, type LinkReason } from '@relais/contracts/patients'
import { derivedUuid } from '@relais/events/derived-uuid'

type LinkDetails = { at?: string; reason?: LinkReason; again?: boolean }

/** The link of two patients, whichever is named first. */
export const linkIdOf = (one: string, other: string) => LinkId.parse(derivedUuid('link', ...[one, other].toSorted()))

/** `otherId` was merged into `patientId`. */
export function linked(
  patientId: string,
  otherId: string,
  { at = NOON, reason = 'merged', again = false }: LinkDetails = {},
) {
  const data = { ...pair(patientId, otherId), reportedAt: at, source: 'reported', reason, again }
  return LinkEvent.parse({ type: 'PatientsLinked', data })
}

/** They are two persons after all. */
export function unlinked(patientId: string, otherId: string, { at = NOON, again = false }: LinkDetails = {}) {
  const data = { ...pair(patientId, otherId), reportedAt: at, source: 'person', reason: 'undone', again }
  return LinkEvent.parse({ type: 'PatientsUnlinked', data })
}

const NOON = '2026-11-02T11:00:00.000Z'
const pair = (patientId: string, otherId: string) => ({ linkId: linkIdOf(patientId, otherId), patientId, otherId })
