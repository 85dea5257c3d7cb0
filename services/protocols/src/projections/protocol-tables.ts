import { ProfessionalId } from '@relais/contracts/primitives'
import { ProtocolDefinition, type ProtocolEvent, ProtocolId } from '@relais/contracts/protocols'
import { runnerFor, type Statement } from '@relais/database/statements'
import { type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import type { Version } from '../domain/applicable.ts'

/** The versions of each protocol, and which one was the last when it was retired. */
export const protocolTables = {
  protocol_version: {
    columns: {
      protocol_id: 'text',
      version: 'integer',
      effective_from: 'text',
      published_at: 'text',
      by: 'text',
      definition: 'text',
    },
    key: ['protocol_id', 'version'],
  },
  protocol_retired: {
    columns: { protocol_id: 'text', version: 'integer', retired_from: 'text' },
    key: ['protocol_id', 'version'],
  },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type ProtocolTables = {
  protocol_version: {
    protocol_id: string
    version: number
    effective_from: string
    published_at: string
    by: string
    definition: string
  }
  protocol_retired: { protocol_id: string; version: number; retired_from: string }
}

/** What an event changes in `protocolTables`, from the event alone. */
export function protocolRows({ type, data }: ProtocolEvent): RowOperation[] {
  const key = { protocol_id: data.protocolId, version: data.version }
  if (type === 'ProtocolRetired') return [upsert('protocol_retired', { ...key, retired_from: data.at })]
  const { effectiveFrom, publishedAt, by, definition } = data
  const row = { ...key, effective_from: effectiveFrom, published_at: publishedAt, by }
  return [upsert('protocol_version', { ...row, definition: JSON.stringify(definition) })]
}

export type KnownVersion = Version & { publishedAt: string; by: ProfessionalId; retiredFrom?: string | undefined }

/** Every protocol with its versions in order, or one of them. There are few: a territory writes a dozen. */
export type LoadProtocols = (protocolId?: ProtocolId) => Promise<KnownVersion[][]>

const DEFINITIONS_REMEMBERED = 200

/** Reads protocols; each text of a definition once, because a reaction asks for all of them at every event. */
export function protocolReader(db: Kysely<ProtocolTables>): LoadProtocols {
  const read = new Map<string, ProtocolDefinition>()
  function definitionOf(text: string): ProtocolDefinition {
    const known = read.get(text)
    if (known) return known
    const definition = ProtocolDefinition.parse(JSON.parse(text))
    if (read.size >= DEFINITIONS_REMEMBERED) read.clear()
    read.set(text, definition)
    return definition
  }
  return async (protocolId) => {
    const byProtocol = Map.groupBy(await versionRows(db, protocolId), ({ protocol_id }) => protocol_id)
    return [...byProtocol.values()].map((versions) =>
      versions.map((row, index): KnownVersion => {
        const retiredFrom = row.retired_from ?? undefined
        return {
          protocolId: ProtocolId.parse(row.protocol_id),
          version: row.version,
          definition: definitionOf(row.definition),
          effectiveFrom: row.effective_from,
          until: retiredFrom ?? versions[index + 1]?.effective_from,
          publishedAt: row.published_at,
          by: ProfessionalId.parse(row.by),
          retiredFrom,
        }
      }),
    )
  }
}

type VersionRow = ProtocolTables['protocol_version'] & { retired_from: string | null }
const versionsSql = `select published.*, retired.retired_from from protocol_version as published
  left join protocol_retired as retired on retired.protocol_id = published.protocol_id
    and retired.version = published.version`
const allVersions: Statement<VersionRow> = `${versionsSql} order by published.protocol_id, published.version`
const versionsOf: Statement<VersionRow> = `${versionsSql} where published.protocol_id = ? order by published.version`

async function versionRows(db: Kysely<ProtocolTables>, protocolId: ProtocolId | undefined): Promise<VersionRow[]> {
  const run = runnerFor(db)
  const asked = protocolId === undefined ? run(db, allVersions) : run(db, versionsOf, [protocolId])
  return (await asked).rows
}
