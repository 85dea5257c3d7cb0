import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Attachment } from '@relais/contracts/conversations'
import { DocumentRef } from '@relais/contracts/primitives'
import type { Context } from '../context.ts'
import { query } from './inbox.ts'

/** Sends files before what refers to them, one after the other, and says what that has to say of them. */
export async function attached(
  { api }: Pick<Context, 'api'>,
  files: readonly string[] = [],
  { path, ...of }: { path: string; owner?: string },
): Promise<Attachment[]> {
  const sent: Attachment[] = []
  for (const file of files) {
    // What it is is seen from its bytes.
    const content = { type: 'application/octet-stream', bytes: new Uint8Array(await readFile(file)) }
    const address = `${path}${query({ ...of, documentId: randomUUID() })}`
    const { body: document } = await api.call({ method: 'POST', path: address, content }, DocumentRef)
    sent.push({ document, fileName: basename(file) })
  }
  return sent
}

/** Names of files, each on a line of its own. */
export function attachedLines(attachments: readonly Attachment[] = []): string[] {
  return attachments.map(({ fileName, document: { size, mediaType } }) => `[${fileName}] ${size} bytes, ${mediaType}`)
}
