import { readFileSync } from 'node:fs'
import { readAck } from '@relais/hl7v2/ack'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { misused, refused, unreachable } from '../failures.ts'
import type { Output } from '../output.ts'
import { movedTo } from './message-times.ts'

export type SendOptions = {
  host: string
  port: number
  timeoutMilliseconds: number
  /** Moves the times in the messages, so that the last one is of this instant. */
  movedTo?: Date
}

/** Sends files of HL7 v2 over MLLP, one message a file, and says what was answered. Fails unless all were accepted. */
export async function send(files: readonly string[], options: SendOptions, out: Output): Promise<void> {
  const texts = files.map((file) => messageIn(file))
  const told = options.movedTo ? movedTo(options.movedTo, texts) : texts
  const messages = files.map((file, index) => ({ file, bytes: Buffer.from(told[index] ?? '', 'latin1') }))
  const client = mllpClient(options)
  let refusals = 0
  try {
    for (const { file, bytes } of messages) {
      const ack = readAck(await client.send(bytes))
      if (!ack) throw refused(`${file}: the answer is no acknowledgment`)
      if (ack.code !== 'AA') refusals += 1
      const errors = ack.errors.map(
        ({ path, text, severity }) => `  ${severity === 'W' ? 'warning' : 'error'} ${path}: ${text}`,
      )
      out.result({ file, ...ack }, [`${ack.code}  ${file}`, ...errors].join('\n'))
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'mllpUnavailable')
      throw unreachable(`No answer from mllp://${options.host}:${options.port}: ${error.message}`, error)
    throw error
  } finally {
    client.close()
  }
  if (refusals > 0) throw refused(`${refusals} of ${files.length} not accepted`)
}

/** Editors and repositories end lines with LF; HL7 ends segments with CR. Nothing else is touched. */
function messageIn(file: string): string {
  try {
    return readFileSync(file).toString('latin1').replaceAll(/\r?\n/g, '\r')
  } catch (cause) {
    throw misused(`Cannot read ${file}: ${cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'}`)
  }
}
