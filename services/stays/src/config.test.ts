import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { loadStaysConfig } from './config.ts'

const invalid = { code: 'invalidSettings' }

function fileOf(content: unknown): string {
  const file = join(temporaryFolder(), 'senders.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const sender = { id: 'ch-essai', address: '10.0.0.1', authorities: [{ id: '990000010' }] }

test('a demonstration listens to this machine alone', () => {
  expect(loadStaysConfig('demonstration', {})).toEqual({
    senders: [expect.objectContaining({ id: 'loopback', address: '127.0.0.1', authorities: '*' })],
    keepDays: 90,
    mllp: { host: '127.0.0.1', port: 2575, maxBytes: 1_048_576 },
  })
})

test('production listens to whom it is told, and to nobody else', () => {
  expect(loadStaysConfig('production', {}).senders).toEqual([])
  const { senders } = loadStaysConfig('production', { SENDERS_FILE: fileOf([sender]) })
  expect(senders).toEqual([{ ...sender, quarantineAnswer: 'AE' }])
})

test('a sender that may speak for anybody is for demonstrations', () => {
  const SENDERS_FILE = fileOf([{ ...sender, authorities: '*' }])
  expect(loadStaysConfig('demonstration', { SENDERS_FILE }).senders).toHaveLength(1)
  expect(() => loadStaysConfig('production', { SENDERS_FILE })).toThrow(expect.objectContaining(invalid))
})

test.each<[string, () => Record<string, string>]>([
  ['SENDERS_FILE', () => ({ SENDERS_FILE: '/nowhere/senders.json' })],
  ['SENDERS_FILE', () => ({ SENDERS_FILE: fileOf('{ broken') })],
  ['SENDERS_FILE', () => ({ SENDERS_FILE: fileOf([{ id: 'tajmahal' }]) })],
  ['SENDERS_FILE', () => ({ SENDERS_FILE: fileOf({ tajmahal: 1 }) })],
  ['MLLP_PORT', () => ({ MLLP_PORT: 'tajmahal' })],
  ['MLLP_MAX_BYTES', () => ({ MLLP_MAX_BYTES: '10' })],
  ['KEEP_MESSAGES_DAYS', () => ({ KEEP_MESSAGES_DAYS: '0' })],
  ['MLLP_CLIENT_CA_FILE', () => ({ ...tlsFiles(), MLLP_CLIENT_CA_FILE: '/nowhere/ca.pem' })],
])('%s that is wrong is named, and nothing of what it holds', (name, variables) => {
  const error = thrownBy(() => loadStaysConfig('demonstration', variables()))
  expect(error).toMatchObject(invalid)
  expect(String(error)).toContain(name)
  expect(String(error)).not.toContain('tajmahal')
})

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

function tlsFiles() {
  const folder = temporaryFolder()
  const [TLS_CERT_FILE, TLS_KEY_FILE] = ['cert.pem', 'key.pem'].map((name) => join(folder, name)) as [string, string]
  writeFileSync(TLS_CERT_FILE, 'cert')
  writeFileSync(TLS_KEY_FILE, 'key')
  return { TLS_CERT_FILE, TLS_KEY_FILE }
}

test('with a certificate the MLLP listener asks senders for theirs', () => {
  const files = tlsFiles()
  expect(loadStaysConfig('production', files).mllp.tls).toEqual({
    cert: 'cert',
    key: 'key',
    requestCert: true,
    rejectUnauthorized: false,
  })
  const withAuthority = { ...files, MLLP_CLIENT_CA_FILE: files.TLS_CERT_FILE }
  expect(loadStaysConfig('production', withAuthority).mllp.tls).toMatchObject({ rejectUnauthorized: true, ca: 'cert' })
})
