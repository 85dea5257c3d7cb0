import type { MovementKind } from '@relais/contracts/stays'

/** PAM.fr 2.11 (ITI-31): what the events we handle insert. */
export const inserts = new Map<string, MovementKind>([
  ['A01', 'admission'],
  ['A02', 'transfer'],
  ['A03', 'discharge'],
  ['A04', 'registration'],
  ['A05', 'preadmission'],
])

/** What a cancellation may cancel, by its own event. */
export const cancels = new Map<string, readonly string[]>([
  ['A11', ['A01', 'A04']],
  ['A12', ['A02']],
  ['A13', ['A03']],
  ['A38', ['A05']],
])

/** The correction of an existing movement, whatever it is. */
export const CORRECTION = 'Z99'

/**
 * Events of PAM.fr that are not handled yet: change of class, tracking, pending movements, leave, identity, attending
 * doctor. A08 is excluded by PAM.fr (Z99 and A31 replace it), but whoever sends it means a correction: it is not to be
 * ignored as an unknown event is.
 */
export const notHandled: ReadonlySet<string> = new Set(
  'A06 A07 A08 A09 A10 A14 A15 A16 A21 A22 A24 A25 A26 A27 A28 A31 A32 A33 A37 A40 A44 A47 A52 A53 A54 A55'.split(' '),
)

/** ZBE-9. `C`, a change of status without movement, exists on a Z99 over A01, A04 or A05 only. */
export const natures: ReadonlySet<string> = new Set(['S', 'H', 'M', 'L', 'D', 'SM', 'SH', 'MH', 'LD', 'HMS', 'C'])
export const STATUS_CHANGE = 'C'
export const statusChangesOver: ReadonlySet<string> = new Set(['A01', 'A04', 'A05'])
