/** No room left where the database lives: nothing of this transaction was kept. */
export class DatabaseFull extends Error {
  readonly code = 'databaseFull'
}

/** The database does not answer, or stayed locked too long. Retry the whole transaction: it may have been committed. */
export class DatabaseUnavailable extends Error {
  readonly code = 'databaseUnavailable'
}

/** What is there is not a database that this build can use. The message names the place and what to do about it. */
export class UnreadableDatabase extends Error {
  readonly code = 'unreadableDatabase'
}
