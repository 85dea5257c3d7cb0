import { createHash } from 'node:crypto'
import type { DocumentRef, Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { type DataKey, OwnerForgotten, seal, SealBroken, unseal } from '@relais/events/sealing'
import { DocumentIdReused } from './documents.ts'
import type { GroupCommit } from './group-commit.ts'
import type { DataKeys } from './keys.ts'
import type { VaultTables } from './migrations.ts'
import { type StreamedRow, streamWriter } from './stream-writer.ts'

export type NewStream = {
  /** Whose data key seals it. */
  owner: string
  documentId: string
  mediaType: string
  /** Asked for as they are stored: never more than one chunk ahead. What they throw, `putStream` throws. */
  bytes: AsyncIterable<Uint8Array>
}
export type FoundStream = { ref: DocumentRef; owner: string }
export type OpenedStream = FoundStream & {
  /** Throws where what is stored was changed, or its owner is forgotten meanwhile. */
  bytes: AsyncIterable<Uint8Array>
}

export type Streams = {
  /**
   * Seals and stores a document as it arrives, chunk by chunk. It is there once this resolves; until then, and when it is
   * cut, there is nothing. The same bytes again for the same owner change nothing.
   * @throws OwnerForgotten, DocumentIdReused, DatabaseFull
   */
  putStream(stream: NewStream): Promise<FoundStream & { existed: boolean }>
  /** What is known of a streamed document, without its bytes. @throws SealBroken */
  findStream(documentId: string): Promise<FoundStream | 'forgotten' | undefined>
  /** @throws SealBroken */
  getStream(documentId: string): Promise<OpenedStream | 'forgotten' | undefined>
}

const CHUNK_BYTES = 262_144
/** Longer than any request lasts. */
const ABANDONED_AFTER_MILLISECONDS = 86_400_000

type Deps = {
  database: Database<VaultTables>
  together: GroupCommit
  keys: DataKeys
  now: () => Instant
  newId: () => string
}
type Place = { documentId: string; uploadId: string; owner: string }
type Head = { ref: DocumentRef; chunks: number }

/** The sealed documents that are too large to be held in memory. */
export function sealedStreams({ database: { db, kind }, together, keys, now, newId }: Deps): Streams {
  const writer = streamWriter(kind)
  const abandoned = () => new Date(Date.parse(now()) - ABANDONED_AFTER_MILLISECONDS).toISOString()
  const begin = together(writer.begin(abandoned))
  const append = together(writer.append)
  const finish = together(writer.finish)
  const cut = together(writer.cut)

  async function receive(stream: NewStream, place: Place, key: DataKey): Promise<Head> {
    const hash = createHash('sha256')
    let [size, chunks] = [0, 0]
    for await (const { bytes, isLast } of chunksOf(stream.bytes)) {
      hash.update(bytes)
      size += bytes.length
      const body = seal(key, bytes, chunkContext(place, chunks, isLast))
      if (!(await append({ upload_id: place.uploadId, number: chunks, body }))) throw new OwnerForgotten()
      chunks += 1
    }
    const { documentId, mediaType } = stream
    return { ref: { documentId, size, mediaType, sha256: hash.digest('hex') }, chunks }
  }

  function headOf(row: StreamedRow, key: DataKey): Head {
    if (row.head === null) throw new OwnerForgotten()
    // `putStream` sealed it.
    return JSON.parse(unseal(key, row.head, headContext(placeOf(row))).toString()) as Head
  }

  async function found(documentId: string) {
    const row = await writer.find(db, documentId)
    if (row === undefined) return undefined
    const key = row.head && (await keys.openingKey(row.owner))
    if (!key) return 'forgotten' as const
    return { place: placeOf(row), key, head: headOf(row, key) }
  }

  async function* opened(place: Place, { chunks }: Head, key: DataKey): AsyncGenerator<Uint8Array> {
    for (let number = 0; number < chunks; number += 1) {
      const body = await writer.chunk(db, place.uploadId, number)
      if (body === undefined)
        throw (await writer.find(db, place.documentId))?.head ? new SealBroken() : new OwnerForgotten()
      yield unseal(key, body, chunkContext(place, number, number === chunks - 1))
    }
  }

  return {
    async putStream(stream) {
      const { owner, documentId } = stream
      const key = await keys.sealingKey(owner)
      const place = { documentId, uploadId: newId(), owner }
      const { uploadId } = place
      await begin({ upload_id: uploadId, owner, begun_at: now() })
      try {
        const head = await receive(stream, place, key)
        const sealed = seal(key, Buffer.from(JSON.stringify(head)), headContext(place))
        const row = { document_id: documentId, upload_id: uploadId, owner, head: sealed, stored_at: now() }
        const outcome = await finish(row)
        if (outcome === 'forgotten') throw new OwnerForgotten()
        if (outcome === 'stored') return { ref: head.ref, owner, existed: false }
        const first = await found(documentId)
        if (first === undefined || first === 'forgotten') throw new OwnerForgotten()
        if (first.place.owner !== owner || first.head.ref.sha256 !== head.ref.sha256)
          throw new DocumentIdReused(`Document ${documentId} exists with other bytes`)
        return { ref: first.head.ref, owner, existed: true }
      } catch (error) {
        if (error instanceof OwnerForgotten) keys.markForgotten(owner)
        // What cannot be removed now is removed as abandoned.
        await cut(uploadId).catch(() => undefined)
        throw error
      }
    },
    async findStream(documentId) {
      const known = await found(documentId)
      return typeof known === 'object' ? { ref: known.head.ref, owner: known.place.owner } : known
    },
    async getStream(documentId) {
      const known = await found(documentId)
      if (typeof known !== 'object') return known
      const { place, head, key } = known
      return { ref: head.ref, owner: place.owner, bytes: opened(place, head, key) }
    },
  }
}

/** Of one size whatever arrives, but the last, which alone may be shorter, and may hold nothing. */
async function* chunksOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Uint8Array; isLast: boolean }> {
  let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let length = 0
  for await (const part of bytes)
    for (let from = 0; from < part.length;) {
      if (length === CHUNK_BYTES) {
        yield { bytes: chunk, isLast: false }
        chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
        length = 0
      }
      const taken = part.subarray(from, from + CHUNK_BYTES - length)
      chunk.set(taken, length)
      length += taken.length
      from += taken.length
    }
  yield { bytes: chunk.subarray(0, length), isLast: true }
}

function placeOf({ document_id: documentId, upload_id: uploadId, owner }: StreamedRow): Place {
  return { documentId, uploadId, owner }
}

/** A chunk in another place, of another document or another owner does not open; nor does a document without its end. */
function chunkContext({ documentId, uploadId, owner }: Place, number: number, isLast: boolean): string {
  return JSON.stringify(['chunk', documentId, uploadId, owner, number, isLast])
}

function headContext({ documentId, uploadId, owner }: Place): string {
  return JSON.stringify(['streamed document', documentId, uploadId, owner])
}
