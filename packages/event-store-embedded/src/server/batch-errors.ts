import { status } from '@grpc/grpc-js'
import type { AppendOutcome } from '../log.ts'
import type { PackedDetails } from './messages.ts'
import type { Target } from './proposals.ts'
import { MAXIMUM_APPEND_SIZE, type Refusal } from './refusals.ts'

/** How one append of a batch fails without ending the call. The type of `details` selects the client's error class. */
export type BatchError = { code: status; message: string; details: PackedDetails }

const packed = (name: string, fields: Record<string, unknown> = {}): PackedDetails => ({
  '@type': `type.googleapis.com/event_store.client.${name}`,
  ...fields,
})

export const timedOut: BatchError = {
  code: status.DEADLINE_EXCEEDED,
  message: 'The deadline has passed',
  details: packed('Timeout'),
}

export function wrongVersion({ revision }: AppendOutcome, { wireRevision }: Target): BatchError {
  const current = revision < 0 ? { currentNoStream: {} } : { currentStreamRevision: revision }
  const expected = wireRevision === undefined ? { expectedNoStream: {} } : { expectedStreamPosition: wireRevision }
  return {
    code: status.ALREADY_EXISTS,
    message: 'The stream has moved on',
    details: packed('WrongExpectedVersion', { ...current, ...expected }),
  }
}

/** A client shows the message of a BadRequest, but not that of an Unknown. */
export function batchError({ code, details, metadata }: Refusal): BatchError {
  const [exception] = metadata?.get('exception') ?? []
  if (exception === 'maximum-append-size-exceeded')
    return {
      code,
      message: details,
      details: packed('MaximumAppendSizeExceeded', { maxAppendSize: MAXIMUM_APPEND_SIZE }),
    }
  if (code === status.UNKNOWN) return { code, message: details, details: packed('Unknown') }
  return { code, message: details, details: packed('BadRequest', { message: details }) }
}
