import { NoticeAction } from '@relais/contracts/notices'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { misused } from '../failures.ts'

export type AcknowledgeOptions = {
  read?: boolean | undefined
  action?: string | undefined
  notMyPatient?: boolean | undefined
}

/** Says of a notice that it was read, acted upon, or that the patient is none of the recipient's. */
export async function acknowledge(context: Context, noticeId: string, options: AcknowledgeOptions): Promise<void> {
  const { path, body, said } = requestOf(options)
  const request = { method: 'POST' as const, path: `/notices/${encodeURIComponent(noticeId)}/${path}`, body }
  const { position } = await context.api.call(request, z.undefined())
  context.out.result({ noticeId, ...body, position }, `${noticeId}  ${said}`)
}

function requestOf({ read, action = 'acknowledged', notMyPatient }: AcknowledgeOptions) {
  if (notMyPatient) return { path: 'return', body: { reason: 'notMyPatient' }, said: 'returned: not my patient' }
  if (read) return { path: 'receipts', body: { receipt: 'read' }, said: 'read' }
  const known = NoticeAction.safeParse(action)
  if (!known.success) throw misused(`--action is one of ${NoticeAction.options.join(', ')}`)
  return { path: 'receipts', body: { receipt: 'acted', action: known.data }, said: known.data }
}
