import { z } from 'zod'
import { Discharge, PatientClass } from './movements.ts'
import { Authority, Instant, ProfessionalId, Ward } from './primitives.ts'

/** What a stay is now, as far as it is known: the same whatever the order in which its movements were heard of. */
export const Standing = z.object({
  status: z.enum(['expected', 'present', 'onLeave', 'discharged', 'withdrawn']),
  patientClass: PatientClass.optional(),
  facility: Authority,
  /** Where the patient is, or is expected; after a discharge, where he or she was last. */
  wards: z.array(Ward.extend({ responsibility: z.enum(['medical', 'care', 'both']) })),
  room: z.string().optional(),
  bed: z.string().optional(),
  attendingPhysician: ProfessionalId.optional(),
  /** Since when in these wards. */
  placeSince: Instant.optional(),
  /** When the patient is expected, until the arrival. */
  expectedAt: Instant.optional(),
  /** The registration or the admission. */
  arrivedAt: Instant.optional(),
  /** Since when of class I: the admission, or the moment when a passage at the emergency department became one. */
  hospitalisedAt: Instant.optional(),
  expectedDischargeAt: Instant.optional(),
  /** How, and where to, as the announcement says; a discharge then says it itself. */
  plannedDischarge: Discharge.optional(),
  plannedTransfer: z.object({ at: Instant, wards: z.array(Ward) }).optional(),
  /** On leave since. */
  awaySince: Instant.optional(),
  dischargedAt: Instant.optional(),
  discharge: Discharge.optional(),
  /** ZFM-2 is 9, or PV1-36 says so: what was expected ends here. */
  died: z.boolean(),
  /** R1112-45 CSP, or a sensitive unit: nobody outside the establishment learns of it. */
  confidential: z.boolean(),
})
export type Standing = z.infer<typeof Standing>

/** What changed a standing. A correction and a withdrawal are called so whatever comes of them. */
export const StandingNature = z.enum([
  'expected',
  'arrived',
  'admitted',
  'moved',
  'becameInpatient',
  'becameOutpatient',
  'attendingChanged',
  'leaveBegan',
  'leaveEnded',
  'planned',
  'discharged',
  'died',
  'corrected',
  'withdrawn',
  'madeConfidential',
  'released',
  'movedToPatient',
])
export type StandingNature = z.infer<typeof StandingNature>
