import { randomUUID } from 'node:crypto'
import { openDatabase } from '@relais/database/database'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import type { VaultTables } from '@relais/vault/migrations'
import { openVault } from '@relais/vault/vault'
import { expect, test } from 'vitest'
import { pdf, polyglot } from './files.fixture.ts'
import { receiver, type Upload } from './receive.ts'

const url = `sqlite:${temporaryFolder()}/vault.sqlite`
const database = await openDatabase<VaultTables>(url, { schema: 'vault', durability: 'full', secureDelete: true })
afterTestFile(() => database.close())
const keys = { masterKey: Buffer.alloc(32, 'm'), siteKey: Buffer.alloc(32, 's') }
const now = () => '2026-11-21T08:00:00.000Z'
const vault = await openVault({ database, ...keys, now, newId: () => randomUUID() })
const receive = receiver({ vault, maxBytes: pdf.length })

async function* parts(...all: readonly Uint8Array[]) {
  yield* all
}
async function* cut() {
  yield pdf.subarray(0, 100)
  throw new Error('the connection is gone')
}
const nothingSaid = { mediaType: undefined, size: undefined }
const upload = (bytes: Upload['bytes'], declared: Partial<Upload['declared']> = {}): Upload => ({
  owner: randomUUID(),
  documentId: randomUUID(),
  bytes,
  declared: { ...nothingSaid, ...declared },
})

test('a file of the largest size is kept, and is the same when it is sent again', async () => {
  const { owner, documentId } = upload(parts())
  const sent = () => receive({ owner, documentId, bytes: parts(pdf), declared: nothingSaid })
  const first = await sent()
  expect(first).toMatchObject({ ref: { documentId, size: pdf.length, mediaType: 'application/pdf' } })
  expect(await sent()).toEqual(first)
  const other = { owner, documentId, bytes: parts(Buffer.from('autre')), declared: nothingSaid }
  expect(await receive(other)).toEqual({ refusal: { code: 'documentIdReused' } })
})

test.each<[string, () => Upload, object]>([
  ['of one byte more', () => upload(parts(pdf, Buffer.from('x'))), { code: 'attachmentTooLarge', limit: pdf.length }],
  [
    'that is said to be too long',
    () => upload(parts(pdf), { size: pdf.length + 1 }),
    { code: 'attachmentTooLarge', limit: pdf.length },
  ],
  ['without a byte', () => upload(parts()), { code: 'attachmentEmpty' }],
  [
    'shorter than it was said to be',
    () => upload(parts(pdf.subarray(1)), { size: pdf.length }),
    { code: 'attachmentCut' },
  ],
  ['whose sender is gone', () => upload(cut()), { code: 'attachmentCut' }],
  ['that is a page besides', () => upload(parts(polyglot)), { code: 'attachmentRefused', seen: 'text/html' }],
  [
    'that is said to be another',
    () => upload(parts(pdf), { mediaType: 'image/png' }),
    { code: 'attachmentRefused', seen: 'application/pdf' },
  ],
])('a file %s is refused, and nothing of it is kept', async (_, sent, refusal) => {
  const file = sent()
  expect(await receive(file)).toEqual({ refusal })
  expect(await vault.findStream(file.documentId)).toBeUndefined()
})
