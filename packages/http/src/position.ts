import { POSITION_HEADER } from '@relais/contracts/http'
import { formatPosition, parsePosition } from '@relais/event-store/epoch'
import type { Context } from 'hono'
import type { RequestEnv } from './request-context.ts'

/** The view did not get as far as the caller asked in the time a read may wait. */
export class PositionNotReached extends Error {
  readonly code = 'positionNotReached'
}
/** The caller's position belongs to another log: waiting for it would be waiting for ever. */
export class PositionUnknown extends Error {
  readonly code = 'positionUnknown'
}

const LONGEST_WAIT_MILLISECONDS = 2000

/**
 * Waits, two seconds at most, until the view holds what the request header `relais-position` names, so that a person
 * sees his or her own act. Returns at once without that header.
 * @throws PositionNotReached (503), PositionUnknown (400)
 */
export async function waitForPosition(
  c: Context<RequestEnv>,
  epoch: string,
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>,
): Promise<void> {
  const asked = c.req.header(POSITION_HEADER)
  if (asked === undefined) return
  const position = parsePosition(epoch, asked)
  if (position === undefined) throw new PositionUnknown('The position asked for belongs to another log')
  if (!(await reaches(position, LONGEST_WAIT_MILLISECONDS)))
    throw new PositionNotReached('The view has not reached the position asked for')
}

/** Tells the caller, in the header `relais-position`, where what it wrote stands. Nothing written, nothing told. */
export function setPosition(c: Context<RequestEnv>, epoch: string, position: number | undefined): void {
  if (position !== undefined) c.header(POSITION_HEADER, formatPosition(epoch, position))
}
