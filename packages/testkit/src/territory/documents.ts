import { hash } from 'node:crypto'
import type { DocumentRef } from '@relais/contracts/primitives'
import { uuidOf } from './people.ts'

/** What a text of the vault is named by. The text itself is nowhere: nobody reads it in a history. */
export function documentOf(...parts: readonly (string | number)[]): DocumentRef {
  const documentId = uuidOf('document', ...parts)
  return { documentId, size: 140, mediaType: 'text/plain; charset=utf-8', sha256: hash('sha256', documentId) }
}
