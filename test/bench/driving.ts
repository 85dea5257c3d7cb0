import { Agent, request } from 'node:http'
import { percentile, processorSeconds } from './sampling.ts'

/** One request. `body` is JSON text. */
export type Asked = { path: string; token: string; method?: 'GET' | 'POST'; body?: string }
export type Server = { port: number; pid: number }
/** Latencies in milliseconds, `processor` in seconds for one request. */
export type Figures = { perSecond: number; p50: number; p99: number; processor: number; bytes: number }
type Load = { inFlight: number; seconds?: number; requests?: number }

/** Keeps so many requests in flight, these one after the other and round again, for so long or until so many were answered. */
export async function drive(
  { port, pid }: Server,
  asked: readonly Asked[],
  { inFlight, seconds = Infinity, requests = Infinity }: Load,
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  const latencies: number[] = []
  let [bytes, next] = [0, 0]
  const startedAt = performance.now()
  const usedBefore = processorSeconds(pid)
  const until = startedAt + seconds * 1000
  const asking = async () => {
    while (performance.now() < until && next < requests) {
      const one = asked[next++ % asked.length]
      if (!one) return
      const askedAt = performance.now()
      const received = await answerTo(port, one, agent)
      bytes += received
      latencies.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, asking))
  const elapsed = (performance.now() - startedAt) / 1000
  agent.destroy()
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)]
  const [count, used] = [latencies.length, processorSeconds(pid) - usedBefore]
  return { perSecond: count / elapsed, p50, p99, processor: used / count, bytes: bytes / count }
}

/** How many bytes the body of the answer has. @throws Error for an answer that is no success */
export function answerTo(port: number, { path, token, method = 'GET', body }: Asked, agent: Agent) {
  return new Promise<number>((resolve, reject) => {
    const content =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const headers = { authorization: `Bearer ${token}`, ...content }
    const asking = request({ host: '127.0.0.1', port, path, method, agent, headers }, (answer) => {
      const { statusCode = 0 } = answer
      let bytes = 0
      answer.on('data', (part: Buffer) => (bytes += part.length))
      answer.on('end', () =>
        statusCode < 300 ? resolve(bytes) : reject(new Error(`${method} ${path} was answered ${statusCode}`)),
      )
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
