import { randomBytes, randomUUID } from 'node:crypto'
import { OwnerForgotten, SealBroken } from '@relais/events/sealing'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DocumentIdReused } from './documents.ts'
import { freshSchema, openTestVault } from './vault.fixture.ts'

const CHUNK = 262_144
const mediaType = 'application/pdf'

async function* parts(...bytes: Uint8Array[]) {
  yield* bytes
}
async function read(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = []
  for await (const part of bytes) read.push(part)
  return Buffer.concat(read)
}
const newFile = (...bytes: Uint8Array[]) => {
  return { owner: randomUUID(), documentId: randomUUID(), mediaType, bytes: parts(...bytes) }
}

eachDatabase('documents received as they arrive', (open) => {
  const openVaultOf = (schema = freshSchema()) => openTestVault(open, schema)

  test('are read back as they were sent, whatever the sizes in which they came', async () => {
    const { vault } = await openVaultOf()
    const sizes = fc.array(fc.oneof(fc.nat(200), fc.constantFrom(CHUNK - 1, CHUNK, CHUNK + 1)), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const sent = lengths.map((length) => randomBytes(length))
        const file = newFile(...sent)
        const { ref, existed } = await vault.putStream(file)
        const found = await vault.getStream(file.documentId)
        if (typeof found !== 'object') throw new Error('The document is not there')
        expect({ existed, size: ref.size, ref: found.ref }).toEqual({
          existed: false,
          size: Buffer.concat(sent).length,
          ref,
        })
        expect((await read(found.bytes)).equals(Buffer.concat(sent))).toBe(true)
        expect(await vault.findStream(file.documentId)).toEqual({ ref, owner: file.owner })
      }),
      { numRuns: 12 },
    )
  })

  test('leave nothing behind when they are cut', async () => {
    const { vault, database } = await openVaultOf()
    const file = newFile()
    async function* cut() {
      yield randomBytes(CHUNK + 10)
      expect(await vault.findStream(file.documentId)).toBeUndefined()
      yield randomBytes(CHUNK)
      throw new Error('the line was cut')
    }
    await expect(vault.putStream({ ...file, bytes: cut() })).rejects.toThrow('the line was cut')
    expect(await vault.getStream(file.documentId)).toBeUndefined()
    expect(await database.db.selectFrom('document_chunk').select('number').execute()).toEqual([])
    expect(await database.db.selectFrom('upload').selectAll().execute()).toEqual([])
  })

  test('left by a process that ended are swept by a later one', async () => {
    const { vault, database, clock } = await openVaultOf()
    const bytes = Buffer.from('half')
    const upload_id = randomUUID()
    await database.db.insertInto('upload').values({ upload_id, owner: randomUUID(), begun_at: clock.now }).execute()
    await database.db.insertInto('document_chunk').values({ upload_id, number: 0, body: bytes }).execute()
    const chunks = () =>
      database.db.selectFrom('document_chunk').where('upload_id', '=', upload_id).selectAll().execute()
    await vault.putStream(newFile(bytes))
    expect(await chunks()).toHaveLength(1)
    clock.now = '2026-11-22T08:00:00.001Z'
    await vault.putStream(newFile(bytes))
    expect(await chunks()).toEqual([])
  })

  test('sent again are kept once; other bytes, or another owner, are refused under the same id', async () => {
    const { vault, database } = await openVaultOf()
    const bytes = randomBytes(CHUNK * 2)
    const file = newFile(bytes)
    const first = await vault.putStream(file)
    expect(await vault.putStream({ ...file, bytes: parts(bytes) })).toEqual({ ...first, existed: true })
    await expect(vault.putStream({ ...file, bytes: parts(Buffer.from('x')) })).rejects.toThrow(DocumentIdReused)
    await expect(vault.putStream({ ...file, owner: randomUUID(), bytes: parts(bytes) })).rejects.toThrow(
      DocumentIdReused,
    )
    expect(await database.db.selectFrom('document_chunk').select('number').execute()).toHaveLength(2)
  })

  test('sent twice at once are kept once', async () => {
    const { vault, database } = await openVaultOf()
    const bytes = randomBytes(CHUNK + 1)
    const file = newFile()
    const both = [1, 2].map(() => vault.putStream({ ...file, bytes: parts(bytes) }))
    expect((await Promise.all(both)).filter(({ existed }) => existed)).toHaveLength(1)
    expect(await database.db.selectFrom('document_chunk').select('number').execute()).toHaveLength(2)
  })

  test('are forgotten with their owner, those that are still arriving too', async () => {
    const { vault, database } = await openVaultOf()
    const file = newFile(randomBytes(CHUNK + 1))
    await vault.putStream(file)
    const reading = await vault.getStream(file.documentId)
    if (typeof reading !== 'object') throw new Error('The document is not there')
    const documentId = randomUUID()
    async function* whileForgotten() {
      yield randomBytes(CHUNK + 10)
      await vault.forget(file.owner)
      yield randomBytes(CHUNK)
    }
    await expect(vault.putStream({ ...file, documentId, bytes: whileForgotten() })).rejects.toThrow(OwnerForgotten)
    expect(await vault.getStream(file.documentId)).toBe('forgotten')
    expect(await vault.findStream(documentId)).toBeUndefined()
    expect(await database.db.selectFrom('document_chunk').select('number').execute()).toEqual([])
    await expect(read(reading.bytes)).rejects.toThrow(OwnerForgotten)
    await expect(vault.putStream(newFileOf(file.owner))).rejects.toThrow(OwnerForgotten)
  })

  test('are refused by a process that has not heard yet that their owner was forgotten', async () => {
    const schema = freshSchema()
    const [one, other] = [await openVaultOf(schema), await openVaultOf(schema)]
    const file = newFile(Buffer.from('x'))
    await one.vault.putStream(file)
    await other.vault.forget(file.owner)
    await expect(one.vault.putStream(newFileOf(file.owner))).rejects.toThrow(OwnerForgotten)
    expect(await one.database.db.selectFrom('document_chunk').select('number').execute()).toEqual([])
  })

  test('do not open with a chunk taken away, exchanged, or moved from elsewhere', async () => {
    const { vault, database } = await openVaultOf()
    const file = newFile(randomBytes(CHUNK * 3))
    await vault.putStream(file)
    const other = { ...newFile(randomBytes(CHUNK * 3)), owner: file.owner }
    await vault.putStream(other)
    const { upload_id } = await database.db
      .selectFrom('streamed_document')
      .where('document_id', '=', file.documentId)
      .select('upload_id')
      .executeTakeFirstOrThrow()
    const opening = async () => {
      const found = await vault.getStream(file.documentId)
      return typeof found === 'object' ? read(found.bytes) : found
    }
    const chunks = () => database.db.updateTable('document_chunk').where('upload_id', '=', upload_id)
    await chunks().set({ number: 9 }).where('number', '=', 0).execute()
    await expect(opening()).rejects.toThrow(SealBroken)
    await chunks().set({ number: 0 }).where('number', '=', 1).execute()
    await chunks().set({ number: 1 }).where('number', '=', 9).execute()
    await expect(opening()).rejects.toThrow(SealBroken)
    await database.db
      .updateTable('streamed_document')
      .set(({ selectFrom }) => ({
        head: selectFrom('streamed_document as one')
          .where('one.document_id', '=', other.documentId)
          .select('one.head')
          .$asScalar(),
      }))
      .where('document_id', '=', file.documentId)
      .execute()
    await expect(opening()).rejects.toThrow(SealBroken)
  })

  test('are asked of who sends them no faster than they are stored', async () => {
    const { vault, database } = await openVaultOf()
    const stored = async () => (await database.db.selectFrom('document_chunk').select('number').execute()).length
    let largest = 0
    async function* watched() {
      for (let sent = 0; sent < 12; sent += 1) {
        largest = Math.max(largest, sent - (await stored()))
        yield randomBytes(CHUNK)
      }
    }
    await vault.putStream({ ...newFile(), bytes: watched() })
    expect(largest).toBe(1)
  })
})

const newFileOf = (owner: string) => ({ ...newFile(Buffer.from('x')), owner })
