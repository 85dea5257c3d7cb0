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
  const isMessage = kind === 'demonstration' || hasHeader.test(text)
  if (isMessage && refusedProcessing(kind, header.processingId)) return 'MSH-11'
  if (kind === 'demonstration') return realIns.test(text) ? 'PID-3' : undefined
  return testIns.test(text) || /(^|[~|])FICT($|[~|\r\n])/m.test(text) ? 'PID-3' : undefined
}

/** MSH-11, as it reads once its escapes are undone. */
export function refusedProcessing(kind: FolderKind, processingId: string): boolean {
  const isProduction = processingId.trim().toUpperCase() === 'P'
  return kind === 'demonstration' ? isProduction : !isProduction
}

/** The same rule on what was read, because an escape can hide an OID from whoever looks at the bytes. */
export function refusedIns(
  kind: FolderKind,
  { insOids, fictitious }: { insOids: readonly string[]; fictitious: boolean },
): boolean {
  if (kind === 'demonstration') return insOids.some((oid) => realIns.test(oid))
  return fictitious || insOids.some((oid) => testIns.test(oid))
}
