import type { MessageHeader } from '@relais/hl7v2/header'

/** Whom a data folder may know: invented people in a demonstration, real ones in production, for ever. */
export type FolderKind = 'demonstration' | 'production'

const hasHeader = /(^|[\r\n])\s*MSH/
const realIns = /1\.2\.250\.1\.213\.1\.4\.[89](?!\d)/
const testIns = /1\.2\.250\.1\.213\.1\.4\.1[01](?!\d)/

/**
 * Why a message may not enter this folder at all, or `undefined`. Looks at the bytes, so that a message too broken to
 * parse is held to the same rule. MSH-11 is P (production), T (training) or D (debugging); the OIDs are those of the
 * INS (`.8` NIR, `.9` NIA) and of its test and demonstration ranges (`.10`, `.11`). What has no MSH is no message of
 * anybody's: it is for the quarantine.
 */
export function refusedIdentity(
  kind: FolderKind,
  header: Pick<MessageHeader, 'processingId'>,
  bytes: Uint8Array,
): 'MSH-11' | 'PID-3' | undefined {
  // Without the NULs of UTF-16, so that no encoding hides an identity.
  const text = Buffer.from(bytes).toString('latin1').replaceAll('\0', '')
  const processingId = header.processingId.trim().toUpperCase()
  if (kind === 'demonstration') {
    if (processingId === 'P') return 'MSH-11'
    return realIns.test(text) ? 'PID-3' : undefined
  }
  if (processingId !== 'P' && hasHeader.test(text)) return 'MSH-11'
  return testIns.test(text) || /(^|[~|])FICT($|[~|\r\n])/m.test(text) ? 'PID-3' : undefined
}
