import { z } from 'zod'
import { type Context, type PatientOptions, requirePatient } from '../context.ts'
import { misused } from '../failures.ts'

export type ForgetOptions = PatientOptions & { motive: string; forEver?: boolean | undefined }

/** Erases a person under every number that is known to be his or hers. */
export async function forget(context: Context, options: ForgetOptions): Promise<void> {
  const { motive, forEver = false } = options
  if (!forEver) throw misused('Nothing brings a person back who was forgotten: say so with --for-ever')
  const patientId = await requirePatient(context, options)
  const request = { method: 'POST' as const, path: `/patients/${patientId}/forget`, body: { motive } }
  const { position } = await context.api.call(request, z.undefined())
  context.out.result({ patientId, motive, position }, `${patientId} is forgotten, under every number`)
}
