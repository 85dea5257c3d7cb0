import { spawnSync } from 'node:child_process'
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import { readAck } from '@relais/hl7v2/ack'
import { pamBytes, type PamMessage } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { afterTestFile } from '@relais/testkit/cleanup'
import { startRelais, type RunningRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type CommandLine, commandLine } from './command-line.fixture.ts'
import { FACILITY } from './people.fixture.ts'
import { refusedStart } from './refused-start.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const newKey = () => randomBytes(32).toString('hex')
const modeOf = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, 'folder.json'), 'utf8')) as { mode: string }).mode

async function answerTo(platform: RunningRelais, message: Partial<PamMessage>, tls?: object) {
  const hospital = mllpClient({ ...platform.mllp, timeoutMilliseconds: 10_000, ...(tls ? { tls } : {}) })
  const answer = readAck(await hospital.send(pamBytes(message)))
  hospital.close()
  return answer
}

const testIns = '1.2.250.1.213.1.4.10'
const realIns = '1.2.250.1.213.1.4.8'

describe('a demonstration', () => {
  let platform: RunningRelais
  beforeAll(async () => {
    platform = await startRelais()
  })

  test('is what a new folder is born, and stays', async () => {
    expect(modeOf(platform.folder)).toBe('demonstration')
    expect(await platform.stop()).toBe(0)
    const refused = await refusedStart(platform.folder, { RELAIS_MODE: 'production' })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toContain(`RELAIS_MODE is production, but ${platform.folder} was born demonstration`)
    expect(modeOf(platform.folder)).toBe('demonstration')
    platform = await startRelais({ folder: platform.folder, env: { RELAIS_MODE: 'demonstration' } })
  })

  test.for(['HOST', 'MLLP_HOST'])('is not reachable from elsewhere, whatever %s says', async (setting) => {
    const folder = join(temporaryFolder(), 'new')
    const refused = await refusedStart(folder, { [setting]: '0.0.0.0' })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toContain('a demonstration listens on loopback only')
    expect(existsSync(folder)).toBe(false)
  })

  test.for([
    { name: 'a message of production', message: { processingId: 'P' }, path: 'MSH-11' },
    { name: 'a real INS', message: { insOid: realIns }, path: 'PID-3' },
  ] as const)('refuses $name and keeps nothing of it', async ({ message, path }) => {
    const answer = await answerTo(platform, message)
    expect(answer).toMatchObject({ code: 'AR', errors: [{ path, condition: '202', severity: 'E' }] })
    const looked = await commandLine(platform.folder).run('pathway', '--ipp', 'CH-ESSAI:900001')
    expect(looked.exitCode).toBe(1)
  })

  test.for(['T', 'D'] as const)('takes in a message of people who do not exist, MSH-11 %s', async (processingId) => {
    const answer = await answerTo(platform, {
      processingId,
      insOid: testIns,
      movement: `M-${processingId}`,
      visit: `V-${processingId}`,
    })
    expect(answer).toMatchObject({ code: 'AA', errors: [] })
  })
})

describe('a production that lacks what it needs', () => {
  const needed = ['OIDC_ISSUER', 'OIDC_JWKS_URL', 'SITE_KEY', 'MASTER_KEY', 'TLS_CERT_FILE', 'TLS_KEY_FILE']
  const file = join(temporaryFolder(), 'secret.pem')
  writeFileSync(file, 'a secret')
  const given: Record<string, string> = {
    OIDC_ISSUER: 'https://issuer.invalid',
    OIDC_JWKS_URL: 'https://issuer.invalid/jwks',
    SITE_KEY: newKey(),
    MASTER_KEY: newKey(),
    TLS_CERT_FILE: file,
    TLS_KEY_FILE: file,
  }

  test('names every setting, and leaves no folder behind', async () => {
    const folder = join(temporaryFolder(), 'new')
    const refused = await refusedStart(folder, { RELAIS_MODE: 'production' })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^Refusing to start in production:\n/)
    expect(refused.stderr.match(/(?<=^- set )\w+/gm)).toEqual(needed)
    expect(existsSync(folder)).toBe(false)
  })

  test.for([
    { missing: 'OIDC_JWKS_URL', named: ['OIDC_JWKS_URL'] },
    { missing: 'MASTER_KEY', named: ['MASTER_KEY'] },
    { missing: 'TLS_KEY_FILE', named: ['TLS_CERT_FILE', 'TLS_KEY_FILE'] },
  ])('names $named when $missing alone is missing, and no value', async ({ missing, named }) => {
    const settings = Object.fromEntries(Object.entries(given).filter(([name]) => name !== missing))
    const folder = join(temporaryFolder(), 'new')
    const refused = await refusedStart(folder, { RELAIS_MODE: 'production', ...settings })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr.match(/[A-Z]+_[A-Z_]+/g)).toEqual(named)
    for (const value of [...Object.values(given), 'a secret']) expect(refused.stderr).not.toContain(value)
    expect(existsSync(folder)).toBe(false)
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stderr.write('skipped: production, because there is no openssl command to make certificates\n')

describe.skipIf(!hasOpenssl)('a production', () => {
  const files = temporaryFolder()
  /** A certificate that nobody signed: trusted by its fingerprint alone. */
  function certificate(name: string) {
    const [key, cert] = [join(files, `${name}.key`), join(files, `${name}.pem`)]
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    spawnSync('openssl', ['req', '-x509', '-days', '1', ...kind, '-keyout', key, '-out', cert, ...subject])
    return { keyFile: key, certFile: cert, key: readFileSync(key), cert: readFileSync(cert) }
  }
  const fingerprint = ({ cert }: { cert: Buffer }) =>
    createHash('sha256').update(new X509Certificate(cert).raw).digest('hex')

  let platform: RunningRelais
  let relais: CommandLine
  let tokenOf: (id: string, claims: object) => Promise<string>
  let asHospital: object
  let asStranger: object
  let anonymous: object
  let env: Record<string, string>

  beforeAll(async () => {
    const issuer = await localIssuer()
    tokenOf = issuer.tokenOf
    const [server, hospital, stranger] = [certificate('localhost'), certificate('hospital'), certificate('stranger')]
    anonymous = { ca: server.cert, servername: 'localhost' }
    asHospital = { ...anonymous, key: hospital.key, cert: hospital.cert }
    asStranger = { ...anonymous, key: stranger.key, cert: stranger.cert }
    const senders = join(files, 'senders.json')
    const authorities = [{ id: FACILITY }]
    writeFileSync(senders, JSON.stringify([{ id: 'ch-essai', certificate: fingerprint(hospital), authorities }]))
    env = {
      RELAIS_MODE: 'production',
      OIDC_ISSUER: issuer.url,
      OIDC_JWKS_URL: `${issuer.url}/jwks`,
      SITE_KEY: newKey(),
      MASTER_KEY: newKey(),
      TLS_CERT_FILE: server.certFile,
      TLS_KEY_FILE: server.keyFile,
      SENDERS_FILE: senders,
    }
    platform = await startRelais({ env })
    relais = commandLine(platform.folder, { NODE_EXTRA_CA_CERTS: server.certFile })
  })

  const real: Partial<PamMessage> = { processingId: 'P', insOid: realIns }

  test('takes in what a hospital known by its certificate sends, and shows it to its nurse over TLS', async () => {
    expect(platform.url).toMatch(/^https:/)
    expect(await answerTo(platform, real, asHospital)).toMatchObject({ code: 'AA', errors: [] })
    const token = await tokenOf('ch-essai:nurse', { role: 'infirmier', organisation: FACILITY, wards: ['4101'] })
    const followed = await relais.run('--token', token, 'follow', '--ward', '4101', '--once')
    expect(followed).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('  admission  ') })
    const asked = await relais.run('--token', token, 'pathway', '--ipp', 'CH-ESSAI:900001')
    expect(asked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`stay present at ${FACILITY}, 4101`) })
  })

  test.for([
    { name: 'a training message', message: { processingId: 'T' }, path: 'MSH-11' },
    { name: 'a debugging message', message: { processingId: 'D' }, path: 'MSH-11' },
    { name: 'a test INS', message: { processingId: 'P', insOid: testIns }, path: 'PID-3' },
  ] as const)('refuses $name', async ({ message, path }) =>
    expect(await answerTo(platform, message, asHospital)).toMatchObject({ code: 'AR', errors: [{ path }] }),
  )

  test('refuses a certificate it was not told of, and a sender without one', async () => {
    const refusal = { code: 'AR', errors: [{ path: 'MSH-3', text: expect.stringContaining('bound to no sender') }] }
    expect(await answerTo(platform, real, asStranger)).toMatchObject(refusal)
    expect(await answerTo(platform, real, anonymous)).toMatchObject(refusal)
  })

  test('refuses a sender who speaks for another establishment', async () => {
    const message = { ...real, facility: '990000028', namespace: 'CH-AUTRE' }
    expect(await answerTo(platform, message, asHospital)).toMatchObject({ code: 'AR', errors: [{ path: 'PID-3' }] })
  })

  test('speaks no plain HTTP, and no plain MLLP', async () => {
    await expect(fetch(platform.url.replace('https', 'http'))).rejects.toThrow('fetch failed')
    await expect(answerTo(platform, real)).rejects.toMatchObject({ code: 'mllpUnavailable' })
  })

  test.for(['/oidc/.well-known/openid-configuration', '/oidc/auth', '/app/', '/app/session'])(
    'has neither an issuer of its own nor, unless that of the establishment knows it, a portal: %s is not there',
    async (path) => {
      const status = await new Promise((resolve, reject) => {
        get(`${platform.url}${path}`, anonymous, (answer) => resolve(answer.resume().statusCode)).once('error', reject)
      })
      expect(status).toBe(404)
    },
  )

  test('issues no tokens, and believes its issuer alone', async () => {
    expect(await relais.run('token', '--as', 'infirmier')).toMatchObject({ exitCode: 2, stdout: '' })
    const { tokenOf: forged } = await localIssuer()
    const token = await forged('ch-essai:nurse', { role: 'infirmier', organisation: FACILITY, wards: ['4101'] })
    const asked = await relais.run('--token', token, 'pathway', '--ipp', 'CH-ESSAI:900001')
    expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('(tokenInvalid)') })
  })

  test('has nothing of a demonstration: no clock to move, no day to play, nobody invented', async () => {
    const token = await tokenOf('operateur:test', { role: 'operateur', scope: 'demonstration operate' })
    expect(await relais.run('--token', token, 'verify')).toMatchObject({ exitCode: 0 })
    for (const args of [['clock'], ['clock', '--advance', '1h'], ['play']]) {
      const refused = await relais.run('--token', token, 'demo', ...args)
      expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('is no demonstration') })
    }
    expect(existsSync(join(platform.folder, 'demonstration'))).toBe(false)
    expect(platform.logs()).not.toContain('territory')
  })

  test('stays one for ever, and keeps its data', async () => {
    expect(await platform.stop()).toBe(0)
    const refused = await refusedStart(platform.folder, { ...env, RELAIS_MODE: 'demonstration' })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toContain(`RELAIS_MODE is demonstration, but ${platform.folder} was born production`)
    const unsaid = await refusedStart(platform.folder)
    expect(unsaid).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Refusing to start in production') })
    platform = await startRelais({ folder: platform.folder, env })
    expect(await answerTo(platform, real, asHospital)).toMatchObject({ code: 'AA', errors: [] })
  })
})

/** An OpenID provider as far as a verifier sees one: a name, and keys to fetch. */
async function localIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }]
  const server = createServer((_, answer) =>
    answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys })),
  )
  afterTestFile(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const tokenOf = (id: string, claims: object) =>
    new SignJWT({ scope: 'openid pathway:read channel:follow', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(url)
      .setAudience('relais')
      .setSubject(id)
      .setExpirationTime('1h')
      .sign(privateKey)
  return { url, tokenOf }
}
