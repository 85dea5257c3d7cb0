import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mllpClient, MllpUnavailable } from './client.ts'
import { afterwards, echo, listening, said, text } from './listener.fixture.ts'
import type { Peer } from './listener.ts'

const certificateTool = 'openssl'
const hasCertificateTool = (() => {
  try {
    return execFileSync(certificateTool, ['version']).length > 0
  } catch {
    return false
  }
})()
if (!hasCertificateTool)
  process.stdout.write('skipped: MLLP over TLS, because there is no openssl command to make certificates\n')

test.skipIf(!hasCertificateTool)('over TLS a peer is known by its certificate, and a stranger is refused', async () => {
  const [server, known, stranger] = [certificate('server'), certificate('sender'), certificate('stranger')]
  const seen: Peer[] = []
  const asked: Peer[] = []
  const lines = said()
  const { port } = await listening({
    tls: { ...server, requestCert: true, ca: [known.cert] },
    admits: (peer) => asked.push(peer) > 0,
    log: lines.log,
    handle: (frame, peer) => {
      seen.push(peer)
      return Promise.resolve(frame)
    },
  })
  const tls = { ca: [server.cert], servername: 'localhost' }
  const open = (own: object) => {
    const peer = mllpClient({ host: '127.0.0.1', port, tls: { ...tls, ...own }, timeoutMilliseconds: 20_000 })
    afterwards(() => peer.close())
    return peer
  }
  expect(await open(known).send(text('hello'))).toEqual(text('hello'))
  const certificateFingerprint = new X509Certificate(known.cert).fingerprint256.replaceAll(':', '').toLowerCase()
  expect(seen).toEqual([{ address: '127.0.0.1', certificateFingerprint }])
  expect(asked).toEqual(seen)
  await expect(open(stranger).send(text('hello'))).rejects.toBeInstanceOf(MllpUnavailable)
  await expect(open({}).send(text('hello'))).rejects.toBeInstanceOf(MllpUnavailable)
  expect(asked).toEqual(seen)
  expect(lines.all()).toEqual([['TLS handshake failed', { count: 1, error: expect.any(Error) }]])
})

test.skipIf(!hasCertificateTool)('over TLS too, an address gets back the places that it gives up', async () => {
  const server = certificate('server')
  const { port } = await listening({ tls: server, maxPerAddress: 1, handle: echo })
  const tls = { ca: [server.cert], servername: 'localhost' }
  for (const round of ['1', '2', '3']) {
    const once = async () => {
      const peer = mllpClient({ host: '127.0.0.1', port, tls, timeoutMilliseconds: 20_000 })
      return peer
        .send(text(round))
        .catch(() => undefined)
        .finally(() => peer.close())
    }
    await expect.poll(once).toEqual(text(round))
  }
})

function certificate(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'relais-mllp-'))
  afterwards(() => rmSync(folder, { recursive: true }))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost']
  execFileSync(
    certificateTool,
    ['req', '-x509', ...curve, ...names, '-days', '2', '-keyout', keyFile, '-out', certFile],
    {
      stdio: 'ignore',
    },
  )
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
}
