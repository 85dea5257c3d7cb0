/** The statuses a refusal may carry; the same for every service. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 412 | 413 | 415 | 422 | 429 | 500 | 503 | 507

/**
 * One kind of refusal. `code` is stable and matched on; `title` is for a person and may change; `pointer` is the part of the
 * body that is refused, where it is one (RFC 6901).
 */
export type ProblemKind = {
  readonly code: string
  readonly status: ProblemStatus
  readonly title: string
  readonly pointer?: string
}

/** What any route may answer. A service adds its own refusals, listed in its README. */
export const platformProblems = {
  invalidBody: { code: 'invalidBody', status: 400, title: 'The body is not what this route expects' },
  invalidPath: { code: 'invalidPath', status: 400, title: 'The path is not what this route expects' },
  invalidQuery: { code: 'invalidQuery', status: 400, title: 'The query is not what this route expects' },
  invalidHeaders: { code: 'invalidHeaders', status: 400, title: 'The headers are not what this route expects' },
  malformedBody: { code: 'malformedBody', status: 400, title: 'The body cannot be read as what its type announces' },
  positionUnknown: { code: 'positionUnknown', status: 400, title: 'This position belongs to another log' },
  tokenMissing: { code: 'tokenMissing', status: 401, title: 'This route asks for a bearer token' },
  tokenExpired: { code: 'tokenExpired', status: 401, title: 'The token has expired' },
  tokenInvalid: { code: 'tokenInvalid', status: 401, title: 'The token is not valid here' },
  scopeMissing: { code: 'scopeMissing', status: 403, title: 'The token does not carry the scope this route asks for' },
  routeUnknown: { code: 'routeUnknown', status: 404, title: 'There is no such route' },
  methodNotAllowed: { code: 'methodNotAllowed', status: 405, title: 'This route does not answer to this method' },
  bodyTooLarge: { code: 'bodyTooLarge', status: 413, title: 'The body is larger than this service accepts' },
  appendTooLarge: { code: 'appendTooLarge', status: 413, title: 'This is more than the log accepts at once' },
  unsupportedMediaType: {
    code: 'unsupportedMediaType',
    status: 415,
    title: 'The body is not of a type this route reads',
  },
  internal: { code: 'internal', status: 500, title: 'Something failed on our side; it is on record' },
  concurrencyExhausted: { code: 'concurrencyExhausted', status: 503, title: 'Too many changes at once; try again' },
  databaseUnavailable: { code: 'databaseUnavailable', status: 503, title: 'The database cannot be reached; try again' },
  issuerUnavailable: {
    code: 'issuerUnavailable',
    status: 503,
    title: 'The identity service cannot be reached; try again',
  },
  keysUnavailable: { code: 'keysUnavailable', status: 503, title: 'The token issuer cannot be reached; try again' },
  notReady: { code: 'notReady', status: 503, title: 'The service is not ready' },
  positionNotReached: { code: 'positionNotReached', status: 503, title: 'The view is not that far yet; try again' },
  storeUnavailable: { code: 'storeUnavailable', status: 503, title: 'The log cannot be reached; try again' },
  databaseFull: { code: 'databaseFull', status: 507, title: 'There is no room left; nothing was written' },
  logFull: { code: 'logFull', status: 507, title: 'There is no room left; nothing was written' },
} as const satisfies Record<string, ProblemKind>
