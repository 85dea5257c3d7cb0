import type { Problem } from '@relais/contracts/route-parts'

/** The platform understood, and says no: `code` says why, `errors` where. */
export class Refused extends Error {
  readonly code: string
  readonly status: number
  readonly errors: readonly { pointer: string; message: string }[]
  constructor({ type, status, errors = [] }: Pick<Problem, 'type' | 'status' | 'errors'>) {
    super(type)
    this.code = type.replace(/^urn:relais:problem:/, '')
    this.status = status
    this.errors = errors
  }
}

/** Nobody answered, or somebody who cannot answer now: the same thing may be asked again. */
export class Unreachable extends Error {
  readonly code = 'unreachable'
}

/** Whoever asks has to sign in again. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Refused && error.status === 401
}

/** Worth asking again by itself. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unreachable
}
