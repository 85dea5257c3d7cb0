import { decodeText, latin1Text } from './charset.ts'
import { type Delimiters, fieldIndex, readDelimiters, splitLines, standardDelimiters } from './er7.ts'
import { readHeader } from './header.ts'

/** The lines of a message however broken, blank ones left out, and its delimiters, or the standard ones. */
export function readLoosely(bytes: Uint8Array): { lines: string[]; delimiters: Delimiters } {
  const text = decodeText(bytes, readHeader(bytes).charset)?.text ?? latin1Text(bytes)
  const body = text.replace(/^\uFEFF?\s*/, '')
  const lines = splitLines(body).lines.filter((line) => line !== '')
  return { lines, delimiters: readDelimiters(body) ?? standardDelimiters }
}

/** Who a message is about: the fields of the first PID and the first PV1, as written; empty when absent. */
export type IdentifyingFields = { 'PID-3': string; 'PV1-19': string }

/** Reads them from a message however broken. Never throws. */
export function identifyingFields(bytes: Uint8Array): IdentifyingFields {
  const { lines, delimiters } = readLoosely(bytes)
  const written = (segment: string, field: number) => {
    const line = lines.find((line) => line === segment || line.startsWith(segment + delimiters.field))
    return line?.split(delimiters.field, field + 1)[fieldIndex(segment, field)] ?? ''
  }
  return { 'PID-3': written('PID', 3), 'PV1-19': written('PV1', 19) }
}
