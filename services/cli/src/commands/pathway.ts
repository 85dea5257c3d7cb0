import { Explanation } from '@relais/contracts/explanation-routes'
import { PathwayView } from '@relais/contracts/pathway'
import { type Context, type PatientOptions, requirePatient } from '../context.ts'
import { explanationText, pathwayText } from '../pathway-text.ts'

/** Prints the pathway of a patient, by when things happened. */
export async function pathway(context: Context, options: PatientOptions): Promise<void> {
  const patientId = await requirePatient(context, options)
  const { body } = await context.api.call({ path: `/pathways/${patientId}` }, PathwayView)
  context.out.result(body, pathwayText(body))
}

/** Prints why an entry of a patient's pathway is there, and who was told of it. */
export async function explain(context: Context, entryId: string, options: PatientOptions): Promise<void> {
  const patientId = await requirePatient(context, options)
  const path = `/pathways/${patientId}/entries/${encodeURIComponent(entryId)}/explanation`
  const { body } = await context.api.call({ path }, Explanation)
  context.out.result(body, explanationText(body))
}
