import { PathwayView } from '@relais/contracts/pathway'
import { type Context, type PatientOptions, requirePatient } from '../context.ts'
import { pathwayText } from '../output.ts'

/** Prints the pathway of a patient, by when things happened. */
export async function pathway(context: Context, options: PatientOptions): Promise<void> {
  const patientId = await requirePatient(context, options)
  const { body } = await context.api.call({ path: `/pathways/${patientId}` }, PathwayView)
  context.out.result(body, pathwayText(body))
}
