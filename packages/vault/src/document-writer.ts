import {
  type Connection,
  type Kind,
  repeated,
  type Repeated,
  type Run,
  runner,
  type Statement,
} from '@relais/database/statements'
import type { VaultTables } from './migrations.ts'

type Row = VaultTables['document']
export type StoredRow = Pick<Row, 'document_id' | 'owner' | 'size' | 'media_type' | 'stored_at'>
type Found = { row: StoredRow; existed: boolean; conflicting: boolean }
type Outcome = Found | 'forgotten' | 'idReused'

const lastingOwners: Repeated<Pick<Row, 'owner'>> = repeated(
  'select owner from data_key where wrapped is not null and owner in (',
  '?',
  ')',
)
const claimLabels = repeated(
  'insert into document_label (label, fingerprint) values ',
  '(?, ?)',
  ' on conflict do nothing',
)
const claimsOf: Repeated<VaultTables['document_label']> = repeated(
  'select label, fingerprint from document_label where label in (',
  '?',
  ')',
)
const insertDocuments: Repeated<Pick<Row, 'document_id'>> = repeated(
  'insert into document (document_id, owner, label, fingerprint, size, media_type, body, stored_at, expires_at) values ',
  '(?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ' on conflict do nothing returning document_id',
)
const stored = 'select document_id, owner, size, media_type, stored_at from document where fingerprint = ?'
const storedUnderLabel: Statement<StoredRow> = `${stored} and label = ?`
const storedUnderId: Statement<StoredRow> = `${stored} and document_id = ?`

/** Stores documents whose owners are not forgotten, each content once under its label; one outcome for each. */
export function documentWriter(kind: Kind) {
  const run = runner(kind)
  return async (transaction: Connection, rows: readonly Row[]): Promise<Outcome[]> => {
    const remaining = await ownersNotForgotten(run, transaction, rows)
    // In one order everywhere, so that two processes that store under the same labels never wait for each other.
    const storable = rows.filter(({ owner }) => remaining.has(owner)).toSorted(byLabel)
    if (storable.length === 0) return rows.map(() => 'forgotten')

    const firsts = await firstFingerprints(run, transaction, storable)
    const written = await insert(run, transaction, storable)

    const outcomes: Outcome[] = []
    for (const row of rows) {
      if (!remaining.has(row.owner)) {
        outcomes.push('forgotten')
        continue
      }
      const isFirst = written.delete(row.document_id)
      const kept = isFirst ? row : await storedAlready(run, transaction, row)
      const conflicting = row.label !== null && firsts.get(row.label) !== row.fingerprint
      outcomes.push(kept ? { row: kept, existed: !isFirst, conflicting } : 'idReused')
    }
    return outcomes
  }
}

async function ownersNotForgotten(run: Run, transaction: Connection, rows: readonly Row[]): Promise<Set<string>> {
  const owners = [...new Set(rows.map(({ owner }) => owner))]
  const found = await run(transaction, lastingOwners(owners.length), owners)
  return new Set(found.rows.map(({ owner }) => owner))
}

/** Claims the labels that are new, and answers with what each was claimed for. */
async function firstFingerprints(
  run: Run,
  transaction: Connection,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const claims = new Map<string, string>()
  for (const { label, fingerprint } of rows)
    if (label !== null && fingerprint !== null && !claims.has(label)) claims.set(label, fingerprint)
  if (claims.size === 0) return claims
  const { changes } = await run(transaction, claimLabels(claims.size), [...claims].flat())
  if (changes === claims.size) return claims
  const labels = [...claims.keys()]
  const found = await run(transaction, claimsOf(labels.length), labels)
  return new Map(found.rows.map(({ label, fingerprint }) => [label, fingerprint]))
}

/** The ids of those that were not there yet. */
async function insert(run: Run, transaction: Connection, rows: readonly Row[]): Promise<Set<string>> {
  const values = rows.flatMap(
    ({ document_id, owner, label, fingerprint, size, media_type, body, stored_at, expires_at }) => [
      document_id,
      owner,
      label,
      fingerprint,
      size,
      media_type,
      body,
      stored_at,
      expires_at,
    ],
  )
  const inserted = await run(transaction, insertDocuments(rows.length), values)
  return new Set(inserted.rows.map(({ document_id }) => document_id))
}

async function storedAlready(run: Run, transaction: Connection, row: Row): Promise<StoredRow | undefined> {
  const { document_id, label, fingerprint } = row
  if (label !== null) {
    const [labelled] = (await run(transaction, storedUnderLabel, [fingerprint, label])).rows
    if (labelled !== undefined) return labelled
  }
  return (await run(transaction, storedUnderId, [fingerprint, document_id])).rows[0]
}

function byLabel(one: Row, other: Row): number {
  if (one.label === other.label) return 0
  return (one.label ?? '') < (other.label ?? '') ? -1 : 1
}
