import { CLINICAL_DOCUMENT, isAttachable, TEXT } from '@relais/contracts/attachable'
import { fileTypeFromBuffer } from 'file-type'

/** How much of the beginning of a file is looked at. */
export const HEAD_BYTES = 65_536

/** `seen` is what the bytes are, in the words of MIME; `unknown` for what nobody knows. */
export type Sniffed = { accepted: true; mediaType: string } | { accepted: false; seen: string }

/** Other browsers than ours may look into a file for themselves: none of this may stand where they look. */
const MARKUP = /<(?:!doctype\s+html|html|head|body|script|iframe|svg|object|embed|meta)\b/i
const MARKUP_BYTES = 1024
const CLINICAL_ROOT = /^\s*(?:<\?[^>]*\?>\s*|<!--[^]*?-->\s*)*<(?:\w+:)?ClinicalDocument[\s>/]/
const TIFF = ['II*\u0000', 'MM\u0000*']

/**
 * Says what a file is by how it begins, whatever its name and whoever sends it say. Of text, the rest has to be looked at
 * too: `isText` does, part by part.
 */
export async function sniff(head: Uint8Array): Promise<Sniffed> {
  const start = Buffer.from(head.subarray(0, MARKUP_BYTES)).toString('latin1')
  if (MARKUP.test(start)) return { accepted: false, seen: 'text/html' }
  const seen = (await fileTypeFromBuffer(head))?.mime ?? plainType(head, start)
  if (seen === 'application/xml' || seen === TEXT) return ofText(head, seen)
  return isAttachable(seen) ? { accepted: true, mediaType: seen } : { accepted: false, seen }
}

function plainType(head: Uint8Array, start: string): string {
  // Its directory may stand at the end of the file, which is not here.
  if (TIFF.some((magic) => start.startsWith(magic))) return 'image/tiff'
  return textReader().isText(head) ? TEXT : 'unknown'
}

function ofText(head: Uint8Array, seen: string): Sniffed {
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  if (CLINICAL_ROOT.test(text)) return { accepted: true, mediaType: CLINICAL_DOCUMENT }
  return seen === TEXT ? { accepted: true, mediaType: TEXT } : { accepted: false, seen }
}

/** No control character of ASCII but those of lines and tabs. */
const UNPRINTABLE = /[\u0000-\u0008\u000E-\u001F\u007F]/

/** Whether what comes part by part is UTF-8 text, a character that is cut between two parts included. */
export function textReader() {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reads = (part?: Uint8Array) => {
    try {
      return !UNPRINTABLE.test(decoder.decode(part, { stream: part !== undefined }))
    } catch {
      return false
    }
  }
  return { isText: (part: Uint8Array) => reads(part), isWhole: () => reads() }
}

/** Whether this media type has to be text from the first byte to the last. */
export function isTextual(mediaType: string): boolean {
  return mediaType === TEXT
}
