import type { Problem } from '@relais/contracts/route-parts'
import { address, type Call } from './call.ts'
import { Refused, Unreachable } from './problem.ts'

/**
 * Sends a file as it is, and says how much of it has gone, which `fetch` does not.
 * @throws Refused, Unreachable; an AbortError when `signal` says so
 */
export function upload<Value>(
  { path, query, file, signal }: Pick<Call, 'path' | 'query'> & { file: Blob; signal: AbortSignal },
  onProgress: (share: number) => void,
): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const request = new XMLHttpRequest()
  request.open('POST', address({ path, ...(query ? { query } : {}) }))
  request.setRequestHeader('x-relais', 'portal')
  // What it is is seen from its bytes: a name, or a browser's guess from it, says nothing.
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.responseType = 'json'
  request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
  request.onerror = () => reject(new Unreachable('no answer'))
  request.onabort = () => reject(new DOMException('given up', 'AbortError'))
  request.onload = () => {
    const { status } = request
    // What a service answers is what its contract says: it is what checked it.
    if (status < 300) resolve(request.response as Value)
    else if (status >= 500) reject(new Unreachable(`answered ${status}`))
    // Every refusal of the platform is a problem; another one says at least its status.
    else reject(new Refused((request.response as Problem | null) ?? { type: 'unknown', status }))
  }
  signal.addEventListener('abort', () => request.abort(), { once: true })
  request.send(file)
  return promise
}
