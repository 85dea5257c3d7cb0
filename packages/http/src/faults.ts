import { platformProblems } from '@relais/contracts/documents/problem-codes'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import { problem, type ProblemKind, type ProblemResponse } from './problems.ts'
import type { RequestEnv } from './request-context.ts'

/** Errors of adapters that a caller can do something about, by their `code`: try again, ask for less, make room. */
const faults: Readonly<Record<string, ProblemKind>> = {
  appendTooLarge: platformProblems.appendTooLarge,
  concurrencyExhausted: platformProblems.concurrencyExhausted,
  databaseFull: platformProblems.databaseFull,
  databaseUnavailable: platformProblems.databaseUnavailable,
  issuerUnavailable: platformProblems.issuerUnavailable,
  keysUnavailable: platformProblems.keysUnavailable,
  logFull: platformProblems.logFull,
  positionNotReached: platformProblems.positionNotReached,
  positionUnknown: platformProblems.positionUnknown,
  storeUnavailable: platformProblems.storeUnavailable,
}

/** Refusals that Hono itself raises while it reads a request. */
const refusals: Readonly<Record<number, ProblemKind>> = {
  400: platformProblems.malformedBody,
  413: platformProblems.bodyTooLarge,
  415: platformProblems.unsupportedMediaType,
}

const RETRY_AFTER_SECONDS = '1'

/** Answers what a handler threw, and logs it once. What is not known to be the caller's matter is a defect: 500. */
export function answerFault(error: unknown, c: Context<RequestEnv>): ProblemResponse {
  const refusal = error instanceof HTTPException ? refusals[error.status] : undefined
  if (refusal) return problem(c, refusal)
  const fault = faults[codeOf(error)]
  const about = { error, method: c.req.method, route: routePath(c, -1) }
  if (fault === undefined) {
    c.get('log').error(about, 'request failed')
    return problem(c, platformProblems.internal)
  }
  c.get('log').warn(about, 'request not served')
  if (fault.status === 503) c.header('retry-after', RETRY_AFTER_SECONDS)
  return problem(c, fault)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
