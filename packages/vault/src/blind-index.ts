import type { KeyObject } from 'node:crypto'
import { keyedHash } from './keyed-hash.ts'

export type BlindIndexKind = 'ins' | 'traits' | 'dossier' | 'message' | 'threadWord'

export type BlindIndex = {
  /**
   * A keyed hash under which two records of one person find each other: equal texts give equal hashes, and whoever lacks
   * the site key can neither read them back nor try guesses. For tables of one service only, never for an event or a log,
   * save that a message of which nothing may be kept is known by the hash of its bytes.
   */
  blindIndex(kind: BlindIndexKind, ...texts: readonly string[]): string
}

export function blindIndexOf(siteKey: KeyObject): BlindIndex {
  return { blindIndex: (kind, ...texts) => keyedHash(siteKey, 'blind index', kind, ...texts) }
}
