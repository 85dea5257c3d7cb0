import type { Hook } from '@hono/zod-openapi'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import type { MiddlewareHandler, ValidationTargets } from 'hono'
import type { z } from 'zod'
import { problem, type ProblemResponse } from './problems.ts'
import type { RequestEnv } from './request-context.ts'

const kinds = {
  json: platformProblems.invalidBody,
  form: platformProblems.invalidBody,
  param: platformProblems.invalidPath,
  query: platformProblems.invalidQuery,
  header: platformProblems.invalidHeaders,
  cookie: platformProblems.invalidHeaders,
} satisfies Record<keyof ValidationTargets, unknown>

/** Answers invalid input: where it is wrong and what was expected, never what was received. */
export const refuseInvalidInput: Hook<unknown, RequestEnv, string, ProblemResponse | undefined> = (result, c) => {
  // Without a type Hono reads no body and validates an empty object, which an all-optional body would accept.
  if (result.target === 'json' && c.req.header('content-type') === undefined)
    return problem(c, platformProblems.unsupportedMediaType)
  if (result.success) return undefined
  return problem(c, kinds[result.target], { errors: result.error.issues.map(fieldError) })
}

/** `pointer` is a JSON pointer (RFC 6901) into the part of the request that the problem's code names. */
function fieldError(issue: z.core.$ZodIssue): { pointer: string; message: string } {
  const segments = issue.path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
  return { pointer: segments.join(''), message: expectation(issue) }
}

/** MUST NOT use the messages of zod that quote the input: names of unexpected fields come from the caller. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'Holds fields that are not expected here'
  if (issue.code === 'invalid_key') return 'Holds a name that is not expected here'
  return issue.message
}

/**
 * Middleware for bodies that no schema reads (HL7 messages, documents): 415 unless the body is of this media type,
 * 400 when it is empty.
 */
export function requireMediaType(mediaType: string): MiddlewareHandler<RequestEnv> {
  return async function mediaTypeRequired(c, next) {
    const received = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (received !== mediaType) return problem(c, platformProblems.unsupportedMediaType)
    if (c.req.header('content-length') === '0' || c.req.raw.body === null)
      return problem(c, platformProblems.malformedBody)
    await next()
  }
}
