import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js'
import type { AppendOutcome, EmbeddedLog } from '../log.ts'
import type { Appended, AppendRequest, AppendResponse } from './messages.ts'
import { addProposal, parseTarget, type Proposals, type Target } from './proposals.ts'
import { isRefusal } from './read-plan.ts'
import { wirePosition } from './records.ts'
import { invalid, refusalOf, type Refusal } from './refusals.ts'

export type AppendCall = ServerReadableStream<AppendRequest, AppendResponse>

/** Answers one Append call: the target, then the events, committed when the client has said everything. */
export async function serveAppend(
  call: AppendCall,
  callback: sendUnaryData<AppendResponse>,
  log: EmbeddedLog,
): Promise<void> {
  try {
    const received = await receive(call)
    if (isRefusal(received)) return callback(received)
    const { target, proposals } = received
    const outcome = await log.append(target.stream, target.expected, proposals.events)
    callback(null, response(outcome, target, proposals))
  } catch (error) {
    // A call that was cancelled, or whose deadline passed, ends here too: nobody hears this answer.
    callback(refusalOf(error))
  }
}

/** Leaving early, at the first refusal, lets grpc-js discard what the client is still sending. */
async function receive(call: AppendCall): Promise<{ target: Target; proposals: Proposals } | Refusal> {
  const proposals: Proposals = { events: [], size: 0 }
  let target: Target | undefined
  for await (const message of messagesOf(call)) {
    if (message.options) {
      const parsed = parseTarget(message.options)
      if (isRefusal(parsed)) return parsed
      target = parsed
    } else if (message.proposedMessage) {
      const refused = addProposal(proposals, message.proposedMessage)
      if (refused) return refused
    }
  }
  return target ? { target, proposals } : invalid('An append names its stream first')
}

function messagesOf(call: AppendCall): AsyncIterable<AppendRequest> {
  return call
}

/** The position is known only where something was appended: an empty append has none. */
export function appended(outcome: AppendOutcome, { events }: Proposals): Appended {
  const revision = outcome.revision < 0 ? { noStream: {} } : { currentRevision: outcome.revision }
  const position =
    outcome.appended && events.length > 0 ? { position: wirePosition(outcome.position) } : { noPosition: {} }
  return { ...revision, ...position }
}

function response(outcome: AppendOutcome, target: Target, proposals: Proposals): AppendResponse {
  if (outcome.appended) return { success: appended(outcome, proposals) }
  const current = outcome.revision < 0 ? { currentNoStream: {} } : { currentRevision: outcome.revision }
  const { wireRevision } = target
  const expected = wireRevision === undefined ? { expectedNoStream: {} } : { expectedRevision: wireRevision }
  return { wrongExpectedVersion: { ...current, ...expected } }
}
