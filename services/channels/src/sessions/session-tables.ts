import { columnTypes, type Database } from '@relais/database/database'
import type { Migration } from 'kysely/migration'

/** What all gateways of one database know together. It is of no use for longer than a token lives. */
export type SessionTables = {
  /** Of a ticket its SHA-256 only. `actor` is JSON; `session_id` is empty where the token names no sign-in. */
  channel_ticket: {
    ticket_hash: string
    actor: string
    token_expires_at: string
    session_id: string | null
    good_until: string
  }
  /** Sign-ins that are over, for as long as a token of theirs may be good. */
  ended_session: { session_id: string; remembered_until: string }
}

export function sessionMigration(kind: Database<unknown>['kind']): Migration {
  const { text } = columnTypes(kind)
  return {
    async up({ schema }) {
      await schema
        .createTable('channel_ticket')
        .addColumn('ticket_hash', text, (column) => column.primaryKey())
        .addColumn('actor', text, (column) => column.notNull())
        .addColumn('token_expires_at', text, (column) => column.notNull())
        .addColumn('session_id', text)
        .addColumn('good_until', text, (column) => column.notNull())
        .execute()
      await schema
        .createTable('ended_session')
        .addColumn('session_id', text, (column) => column.primaryKey())
        .addColumn('remembered_until', text, (column) => column.notNull())
        .execute()
    },
  }
}
