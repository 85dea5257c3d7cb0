import { z } from 'zod'
import { type Context, type PatientOptions, requirePatient } from '../context.ts'
import { professionalId } from '../person.ts'

type MemberOptions = PatientOptions & { member: string; role: string; ground?: string | undefined }

/** Declares that a professional takes part in the care of a patient. */
export async function addMember(context: Context, options: MemberOptions): Promise<void> {
  const patientId = await requirePatient(context, options)
  const { role, ground } = options
  const memberId = professionalId(options.member)
  const body = { memberId, role, ...(ground === undefined ? {} : { ground }) }
  const { position } = await context.api.call(
    { method: 'POST', path: `/patients/${patientId}/circle`, body },
    z.undefined(),
  )
  context.out.result({ patientId, memberId, role, position }, `${memberId} is in the care circle as ${role}`)
}

/** Ends a membership; what the member follows of this patient is cut at once. */
export async function removeMember(context: Context, options: MemberOptions): Promise<void> {
  const patientId = await requirePatient(context, options)
  const memberId = professionalId(options.member)
  const path = `/patients/${patientId}/circle/${encodeURIComponent(memberId)}/${encodeURIComponent(options.role)}`
  const { position } = await context.api.call({ method: 'DELETE', path }, z.undefined())
  context.out.result({ patientId, memberId, role: options.role, position }, `${memberId} left the care circle`)
}
