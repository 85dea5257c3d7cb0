import { jsonEvent, NO_STREAM, WrongExpectedVersionError, type AppendToStreamOptions } from '@eventstore/db-client'
import { StoreUnavailable, type AppendResult, type ExpectedRevision, type NewEvent } from '@relais/event-store/port'
import type { Session } from './session.ts'
import { NoAnswer } from './failures.ts'
import { readStream } from './reading.ts'
import { safeNumber } from './recorded.ts'

/** Positions above are how servers say "unknown". */
const LARGEST_POSITION = 2n ** 63n - 1n

type Append = { stream: string; expected: ExpectedRevision; events: readonly NewEvent[] }

/** Appends, again with the same ids and at the same revision while the answer is lost: the server writes them once. */
export async function append(session: Session, request: Append): Promise<AppendResult> {
  if (request.events.length === 0) return appendNothing(session, request)
  const retries = session.startRetries(session.closing)
  for (;;) {
    if (session.closing.aborted) throw new StoreUnavailable('The store is closed')
    try {
      return await attempt(session, request)
    } catch (error) {
      await retries.afterFailure(error)
    }
  }
}

async function attempt(session: Session, { stream, expected, events }: Append): Promise<AppendResult> {
  const { deadlineMilliseconds: deadline, appendCredentials } = session
  const proposals = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }))
  const call: AppendToStreamOptions = {
    expectedRevision: expected === 'noStream' ? NO_STREAM : BigInt(expected),
    deadline,
  }
  // An append with credentials travels in a call of its own, the others in one that all clients of the process share:
  // there, a fault of one connection fails the appends of every other.
  const options = appendCredentials ? { ...call, credentials: appendCredentials } : call
  try {
    const appending = session.connections.next().appendToStream(stream, proposals, options)
    const { nextExpectedRevision, position } = await answeredWithin(appending, deadline)
    const revision = safeNumber(nextExpectedRevision)
    const isKnown = position !== undefined && position.commit <= LARGEST_POSITION
    return {
      appended: true,
      revision,
      position: isKnown ? safeNumber(position.commit) : await positionAt(session, stream, revision),
    }
  } catch (error) {
    if (!(error instanceof WrongExpectedVersionError)) throw error
    const { actualVersion } = error
    return { appended: false, revision: typeof actualVersion === 'bigint' ? safeNumber(actualVersion) : 'noStream' }
  }
}

/** The client waits for ever for the answer to a batched append whose call was lost. */
async function answeredWithin<Answer>(call: Promise<Answer>, milliseconds: number): Promise<Answer> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new NoAnswer(`No answer within ${milliseconds} ms`)), milliseconds)
  try {
    return await Promise.race([call, promise])
  } finally {
    clearTimeout(timer)
  }
}

async function positionAt(session: Session, stream: string, revision: number): Promise<number> {
  for await (const event of readStream(session, stream, { from: revision, limit: 1 })) return event.position
  throw new RangeError('The event store gave no position for what it appended')
}

/** Nothing travels: the client cannot tell an answer at revision 0 from one about a stream that does not exist. */
async function appendNothing(session: Session, { stream, expected }: Append): Promise<AppendResult> {
  for await (const last of readStream(session, stream, { direction: 'backwards', limit: 1 })) {
    const { revision, position } = last
    return expected === revision ? { appended: true, revision, position } : { appended: false, revision }
  }
  return expected === 'noStream'
    ? { appended: true, revision: -1, position: 0 }
    : { appended: false, revision: 'noStream' }
}
