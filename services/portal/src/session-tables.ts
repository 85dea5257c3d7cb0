import { columnTypes, type Database } from '@relais/database/database'
import type { Migration } from 'kysely/migration'

export type PortalTables = {
  /** Somebody who is signed in with a browser. What the row says of the person is sealed. */
  portal_session: {
    /** SHA-256 of the cookie's value, which is kept nowhere. */
    session_hash: string
    sealed: Uint8Array
    started_at: string
    seen_at: string
    /** Until when one process alone renews the tokens. */
    renewing_until: string
  }
  /** Somebody who was sent to the issuer and has not come back. */
  portal_sign_in: { state_hash: string; browser_hash: string; sealed: Uint8Array; ends_at: string }
}

export function portalMigrations(kind: Database<PortalTables>['kind']): Record<string, Migration> {
  const { text, bytes } = columnTypes(kind)
  return {
    '0001-sessions': {
      async up({ schema }) {
        await schema
          .createTable('portal_session')
          .addColumn('session_hash', text, (column) => column.primaryKey())
          .addColumn('sealed', bytes, (column) => column.notNull())
          .addColumn('started_at', text, (column) => column.notNull())
          .addColumn('seen_at', text, (column) => column.notNull())
          .addColumn('renewing_until', text, (column) => column.notNull())
          .execute()
        await schema.createIndex('portal_session_seen').on('portal_session').column('seen_at').execute()
        await schema
          .createTable('portal_sign_in')
          .addColumn('state_hash', text, (column) => column.primaryKey())
          .addColumn('browser_hash', text, (column) => column.notNull())
          .addColumn('sealed', bytes, (column) => column.notNull())
          .addColumn('ends_at', text, (column) => column.notNull())
          .execute()
        await schema.createIndex('portal_sign_in_ends').on('portal_sign_in').column('ends_at').execute()
      },
    },
  }
}
