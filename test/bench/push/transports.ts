import { Agent, request } from 'node:http'
import { mllpClient } from '@relais/hl7v2/mllp/client'

/** Sends one message; resolves with the acknowledgment. */
export type Transport = { send(message: Uint8Array): Promise<string>; close(): void }

const HTTP_CONNECTIONS = 64
const MLLP_CONNECTIONS = 16
/** Far beyond any latency: a server that cannot keep up is to be measured, not given up. */
const TIMEOUT_MILLISECONDS = 300_000

export function overHttp(url: string, token: string): Transport {
  const agent = new Agent({ keepAlive: true, maxSockets: HTTP_CONNECTIONS })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/hl7-v2' }
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        const sending = request(`${url}/hl7v2`, { method: 'POST', agent, headers, timeout: TIMEOUT_MILLISECONDS })
        sending.on('response', (answer) => {
          let text = ''
          answer.setEncoding('latin1').on('data', (part: string) => (text += part))
          answer.on('end', () => resolve(text))
        })
        sending.on('error', reject)
        sending.end(message)
      }),
    close: () => agent.destroy(),
  }
}

/** Several connections, as several hospitals have: each is answered in order. */
export function overMllp(host: string, port: number): Transport {
  const clients = Array.from({ length: MLLP_CONNECTIONS }, () =>
    mllpClient({ host, port, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
  )
  let next = 0
  return {
    async send(message) {
      const answer = await clients[next++ % MLLP_CONNECTIONS]?.send(message)
      return Buffer.from(answer ?? []).toString('latin1')
    },
    close: () => clients.forEach((client) => client.close()),
  }
}
