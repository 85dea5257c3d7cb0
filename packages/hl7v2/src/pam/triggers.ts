import type { MovementKind, PatientClass } from '@relais/contracts/movements'

/** PAM.fr 2.11 (ITI-31): what the events we handle insert. */
export const inserts = new Map<string, MovementKind>([
  ['A01', 'admission'],
  ['A02', 'transfer'],
  ['A03', 'discharge'],
  ['A04', 'registration'],
  ['A05', 'preadmission'],
  ['A06', 'toInpatient'],
  ['A07', 'toOutpatient'],
  ['A14', 'plannedAdmission'],
  ['A15', 'plannedTransfer'],
  ['A16', 'plannedDischarge'],
  ['A21', 'leave'],
  ['A22', 'return'],
  ['A54', 'attendingChange'],
])

/** What a cancellation may cancel, by its own event. A06 and A07 insert as well: ZBE-4 alone tells which. */
export const cancels = new Map<string, readonly string[]>([
  ['A06', ['A07']],
  ['A07', ['A06']],
  ['A11', ['A01', 'A04']],
  ['A12', ['A02']],
  ['A13', ['A03']],
  ['A25', ['A16']],
  ['A26', ['A15']],
  ['A27', ['A14']],
  ['A38', ['A05']],
  ['A52', ['A21']],
  ['A53', ['A22']],
  ['A55', ['A54']],
])

/** The correction of an existing movement, whatever it is. */
export const CORRECTION = 'Z99'

/** The visit is attributed to another patient. It is no movement: it has no ZBE. */
export const MOVE_TO_PATIENT = 'A44'

/**
 * Events of PAM.fr that are not handled: tracking. A08 is excluded by PAM.fr (Z99 and A31 replace it), but whoever sends
 * it means a correction: it is not to be ignored as an unknown event is.
 */
export const notHandled: ReadonlySet<string> = new Set(['A08', 'A09', 'A10', 'A32', 'A33'])

/** PV1-2 after A06 and after A07: whatever becomes O or E is an A07, everything else an A06. */
export const classesAfter = new Map<string, readonly PatientClass[]>([
  ['A06', ['I', 'R', 'V']],
  ['A07', ['O', 'E']],
])

/** ZBE-9. `C`, a change of status without movement, exists on a Z99 over A01, A04 or A05 only. */
export const natures: ReadonlySet<string> = new Set(['S', 'H', 'M', 'L', 'D', 'SM', 'SH', 'MH', 'LD', 'HMS', 'C'])
export const STATUS_CHANGE = 'C'
export const statusChangesOver: ReadonlySet<string> = new Set(['A01', 'A04', 'A05'])
