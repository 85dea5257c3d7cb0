import type { DocumentRef } from '@relais/contracts/primitives'
import { DocumentIdReused } from '@relais/vault/documents'
import type { Vault } from '@relais/vault/vault'
import { OwnerForgotten } from '@relais/events/sealing'
import { HEAD_BYTES, isTextual, sniff, textReader } from './sniff.ts'

export type UploadRefusal =
  | { code: 'attachmentTooLarge'; limit: number }
  | { code: 'attachmentEmpty' }
  | { code: 'attachmentCut' }
  | { code: 'attachmentRefused'; seen: string }
  | { code: 'documentIdReused' }
  | { code: 'ownerUnknown' }

export type Upload = {
  owner: string
  documentId: string
  bytes: AsyncIterable<Uint8Array>
  /** What the sender says of the file. Neither is believed. */
  declared: { mediaType: string | undefined; size: number | undefined }
}
export type Receive = (upload: Upload) => Promise<{ ref: DocumentRef } | { refusal: UploadRefusal }>

/** Thrown through the vault, so that what it has of the file so far is removed. */
class Refused extends Error {
  readonly refusal: UploadRefusal
  constructor(refusal: UploadRefusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/** Said of any bytes by those who know nothing of them. */
const ANY_TYPE = 'application/octet-stream'

/** Takes a file in as it arrives: what it is is decided on its first bytes, how long it may be on each. */
export function receiver({ vault, maxBytes }: { vault: Vault; maxBytes: number }): Receive {
  async function receive({ owner, documentId, bytes, declared }: Upload): Promise<DocumentRef> {
    if ((declared.size ?? 0) > maxBytes) throw new Refused({ code: 'attachmentTooLarge', limit: maxBytes })
    const { head, whole } = await beginning(counted(bytes, { maxBytes, declared: declared.size }))
    if (head.length === 0) throw new Refused({ code: 'attachmentEmpty' })
    const sniffed = await sniff(head)
    if (!sniffed.accepted) throw new Refused({ code: 'attachmentRefused', seen: sniffed.seen })
    const { mediaType } = sniffed
    if (!agrees(declared.mediaType, mediaType)) throw new Refused({ code: 'attachmentRefused', seen: mediaType })
    const checked = isTextual(mediaType) ? textOnly(whole) : whole
    return (await vault.putStream({ owner, documentId, mediaType, bytes: checked })).ref
  }

  return async (upload) => {
    try {
      return { ref: await receive(upload) }
    } catch (error) {
      if (error instanceof Refused) return { refusal: error.refusal }
      if (error instanceof DocumentIdReused) return { refusal: { code: 'documentIdReused' } }
      if (error instanceof OwnerForgotten) return { refusal: { code: 'ownerUnknown' } }
      throw error
    }
  }
}

/** `application/xml`, or a charset, says nothing else than the bytes; another type is a disguise. */
function agrees(declared: string | undefined, seen: string): boolean {
  if (declared === undefined || declared === ANY_TYPE) return true
  const [type = ''] = seen.split(';')
  return declared === type || (type.endsWith('+xml') && /^(text|application)\/xml$/.test(declared))
}

type Limits = { maxBytes: number; declared: number | undefined }

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  { maxBytes, declared }: Limits,
): AsyncGenerator<Uint8Array, void> {
  let size = 0
  try {
    for await (const part of bytes) {
      size += part.length
      if (size > maxBytes) throw new Refused({ code: 'attachmentTooLarge', limit: maxBytes })
      yield part
    }
  } catch (error) {
    // What the sender's connection throws is neither ours nor a defect.
    throw error instanceof Refused ? error : new Refused({ code: 'attachmentCut' })
  }
  if (declared !== undefined && declared !== size) throw new Refused({ code: 'attachmentCut' })
}

/** The first bytes, and all of them, these included. */
async function beginning(bytes: AsyncGenerator<Uint8Array, void>) {
  const parts: Uint8Array[] = []
  let length = 0
  while (length < HEAD_BYTES) {
    const { done, value } = await bytes.next()
    if (done) break
    parts.push(value)
    length += value.length
  }
  async function* whole() {
    yield* parts.splice(0)
    yield* bytes
  }
  return { head: Buffer.concat(parts).subarray(0, HEAD_BYTES), whole: whole() }
}

async function* textOnly(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { isText, isWhole } = textReader()
  const refused = new Refused({ code: 'attachmentRefused', seen: 'unknown' })
  for await (const part of bytes) {
    if (!isText(part)) throw refused
    yield part
  }
  if (!isWhole()) throw refused
}
