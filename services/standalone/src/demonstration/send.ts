import { readAck } from '@relais/hl7v2/ack'
import { mllpClient } from '@relais/hl7v2/mllp/client'

/** Sends one message; AA taken in, AE put aside, AR refused. `unanswered`: it may or may not have been taken in. */
export type Send = (bytes: Uint8Array) => Promise<'AA' | 'AE' | 'AR' | 'unanswered'>

const TIMEOUT_MILLISECONDS = 20_000

export type Listener = { host: string; port: number; isTls: boolean }

/** The software of the hospital, on one connection to the listener of this process. */
export function hospital({ host, port, isTls }: Listener): { send: Send; close(): void } {
  // On loopback, to ourselves: whoever signed the certificate says nothing.
  const tls = isTls ? { tls: { rejectUnauthorized: false } } : {}
  const client = mllpClient({ host, port, timeoutMilliseconds: TIMEOUT_MILLISECONDS, ...tls })
  return {
    async send(bytes) {
      try {
        const code = readAck(await client.send(bytes))?.code
        return code === 'AA' || code === 'AE' || code === 'AR' ? code : 'unanswered'
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'mllpUnavailable') return 'unanswered'
        throw error
      }
    },
    close: client.close,
  }
}
