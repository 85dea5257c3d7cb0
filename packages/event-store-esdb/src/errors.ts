/** The server does not know these credentials, or they may not do this. Trying again does not help. */
export class StoreAccessDenied extends Error {
  readonly code = 'storeAccessDenied'
}

/** Somebody closed this stream for good on the server. Relais never does: an operator's tool did. */
export class StreamTombstoned extends Error {
  readonly code = 'streamTombstoned'
}
