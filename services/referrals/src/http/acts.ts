import { setPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { commandContext, type RequestEnv } from '@relais/http/request-context'
import type { Context } from 'hono'
import type { ReferralDesk, Writing, Written } from '../referral-desk.ts'
import { problems } from './problems.ts'

export type ActRoutesDeps = { desk: ReferralDesk; epoch: string }

export function writing(c: Context<RequestEnv>): Writing {
  return { actor: c.get('actor'), context: commandContext(c) }
}

/** On record, and from where on; or why not. */
export function answer(c: Context<RequestEnv>, epoch: string, written: Written) {
  if (!('refusal' in written)) {
    setPosition(c, epoch, written.position)
    return c.body(null, 204)
  }
  const { code, ...details } = written.refusal
  return problem(c, problems[code], details)
}
