import { derivedUuid } from '@relais/events/derived-uuid'

/** The id of the stream of a facility, and of its wards. */
export const facilityStream = (finess: string) => derivedUuid('facility', finess)

/** The id of the stream of all absences of a professional. */
export const absencesStream = (professionalId: string) => derivedUuid('absences', professionalId)

/** The id of the stream of a professional. */
export const professionalStream = (professionalId: string) => derivedUuid('professional', professionalId)
