import type { LogEvent } from '../log.ts'
import type { AppendTarget, ProposedMessage } from './messages.ts'
import { streamName } from './records.ts'
import { appendTooLarge, invalid, MAXIMUM_APPEND_SIZE, missingMetadata, type Refusal } from './refusals.ts'
import { readUuid } from './uuids.ts'

/** Where to append, and at which revision. `wireRevision` is the number as the client spelt it, to be echoed. */
export type Target = { stream: string; expected: 'noStream' | number; wireRevision: string | undefined }

/** @returns a refusal for a target that has no exact revision: appending blindly is not served. */
export function parseTarget(target: AppendTarget): Target | Refusal {
  const stream = streamName(target.streamIdentifier)
  if (stream === undefined) return invalid('A stream needs a name')
  if (stream.startsWith('$$')) return invalid('Stream metadata is not served')
  if (target.noStream) return { stream, expected: 'noStream', wireRevision: undefined }
  const revision = target.revision ?? target.streamPosition
  if (revision === undefined)
    return invalid(
      'Only exact revisions are served: name the last revision, or "no stream"; never "any" or "stream exists"',
    )
  return { stream, expected: Math.min(Number(revision), Number.MAX_SAFE_INTEGER), wireRevision: revision }
}

/** The events of one append as they arrive, weighed as EventStoreDB 24 does. */
export type Proposals = { events: LogEvent[]; size: number }

/** Adds a message, or says why the append it belongs to is refused. */
export function addProposal(proposals: Proposals, message: ProposedMessage): Refusal | undefined {
  const { type, 'content-type': contentType } = message.metadata
  if (!type || !contentType) return missingMetadata()
  const id = readUuid(message.id)
  if (id === undefined) return invalid('An event needs a UUID')
  const { data, customMetadata: metadata } = message
  proposals.size += data.byteLength + metadata.byteLength + 2 * type.length
  if (proposals.size > MAXIMUM_APPEND_SIZE) return appendTooLarge()
  proposals.events.push({ id, type, json: contentType === 'application/json', data, metadata })
  return undefined
}
