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

export const identifyingPaths = ['PID-3', 'PID[2]-3', 'PID-18', 'MRG-1', 'MRG-3', 'MRG-5', 'PV1-19'] as const
/** Whom a message is about: the fields of its PID, of a second one, of MRG and PV1, as written; empty when absent. */
export type IdentifyingFields = Record<(typeof identifyingPaths)[number], string>

/** Reads them from a message however broken. Never throws. */
export function identifyingFields(bytes: Uint8Array): IdentifyingFields {
  const { lines, delimiters } = readLoosely(bytes)
  const written = (segment: string, field: number, occurrence = 1) => {
    const named = lines.filter((line) => line === segment || line.startsWith(segment + delimiters.field))
    return named[occurrence - 1]?.split(delimiters.field, field + 1)[fieldIndex(segment, field)] ?? ''
  }
  return {
    'PID-3': written('PID', 3),
    'PID[2]-3': written('PID', 3, 2),
    'PID-18': written('PID', 18),
    'MRG-1': written('MRG', 1),
    'MRG-3': written('MRG', 3),
    'MRG-5': written('MRG', 5),
    'PV1-19': written('PV1', 19),
  }
}
