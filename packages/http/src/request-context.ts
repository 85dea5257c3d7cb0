import type { Actor, EventMetadata } from '@relais/contracts/actor'
import type { TokenVerifier, VerifiedToken } from '@relais/identity/tokens'
import type { Logger } from '@relais/telemetry/logger'
import type { Context } from 'hono'

/** What middleware leaves for handlers. */
export type RequestEnv = {
  Variables: {
    correlationId: string
    traceparent: string | undefined
    /** The logger of this request: it carries the correlation id. */
    log: Logger
    verifier: TokenVerifier
    /** Set by `requireScope` and `requireToken`: read it only behind them. */
    actor: Actor
    /** The whole of what the token said. Set with the actor. */
    verified: VerifiedToken
  }
}

/** What the events caused by this request say of it. Only for routes behind `requireScope` or `requireToken`, which know the actor. */
export function commandContext(c: Context<RequestEnv>): { metadata: Omit<EventMetadata, 'recordedAt'> } {
  const { id, role, organisation } = c.get('actor')
  const traceparent = c.get('traceparent')
  return {
    metadata: {
      $correlationId: c.get('correlationId'),
      ...(traceparent === undefined ? {} : { traceparent }),
      actor: { id, role, ...(organisation === undefined ? {} : { organisation }) },
    },
  }
}
