import type { Problem } from '@relais/contracts/http'
import type { ProblemKind, ProblemStatus } from '@relais/contracts/documents/problem-codes'
import type { Context, TypedResponse } from 'hono'
import type { RequestEnv } from './request-context.ts'

export type { ProblemKind } from '@relais/contracts/documents/problem-codes'

/** Members of a problem beyond those of RFC 9457: codes, counts and times, never a received value. */
export type ProblemDetails = Readonly<Record<string, unknown>>

export type ProblemResponse = Response & TypedResponse<Problem, ProblemStatus, 'json'>

/** Answers `application/problem+json` (RFC 9457). `instance` is the correlation id, under which the log tells more. */
export function problem(
  c: Context<RequestEnv>,
  { code, status, title, pointer }: ProblemKind,
  details: ProblemDetails = {},
): ProblemResponse {
  const instance = `urn:relais:request:${c.get('correlationId')}`
  const where = pointer === undefined ? {} : { errors: [{ pointer, message: title }] }
  const body: Problem = { ...where, ...details, type: `urn:relais:problem:${code}`, title, status, instance }
  return c.json(body, status, { 'content-type': 'application/problem+json' })
}
