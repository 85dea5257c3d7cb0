import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'

type PublicKey = { kty: 'EC'; crv: 'P-256'; x: string; y: string; kid: string; alg: 'ES256'; use: 'sig' }

/** One ES256 pair. `jwks` holds the public half alone, `privateJwk` both. */
export type SigningKeys = { keyId: string; privateKey: CryptoKey; privateJwk: JWK; jwks: { keys: PublicKey[] } }

/** The file of the signing key is there and holds no key. */
export class SigningKeyUnreadable extends Error {
  readonly code = 'signingKeyUnreadable'
}

const FILE = 'signing-key.json'

/**
 * The signing keys kept in a folder, made on first use. The file is readable by its owner alone. Of several processes
 * that start at once, one makes the key and all use it.
 * @throws SigningKeyUnreadable
 */
export async function loadOrCreateSigningKeys(folder: string): Promise<SigningKeys> {
  const file = join(folder, FILE)
  const existing = await read(file)
  if (existing !== undefined) return existing
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await create(file)
  return loadOrCreateSigningKeys(folder)
}

/** A pair that is kept nowhere. */
export async function newSigningKeys(): Promise<SigningKeys> {
  return signingKeys(await newPrivateJwk())
}

async function newPrivateJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return exportJWK(privateKey)
}

async function signingKeys(privateJwk: JWK): Promise<SigningKeys> {
  const { kty, crv, x, y } = privateJwk
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) throw new TypeError('Not an ES256 key')
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y } as const
  const keyId = await calculateJwkThumbprint(publicJwk)
  const privateKey = await importJWK(privateJwk, 'ES256')
  if (privateKey instanceof Uint8Array) throw new TypeError('Not an ES256 key')
  const named = { kid: keyId, alg: 'ES256', use: 'sig' } as const
  return { keyId, privateKey, privateJwk: { ...privateJwk, ...named }, jwks: { keys: [{ ...publicJwk, ...named }] } }
}

async function read(file: string): Promise<SigningKeys | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return await signingKeys(JSON.parse(text))
  } catch (cause) {
    throw new SigningKeyUnreadable(`${file} holds no ES256 key; move it away to have another one made`, { cause })
  }
}

/** Written whole under another name, then linked: the name either does not exist or holds a whole key, for good. */
async function create(file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(JSON.stringify(await newPrivateJwk()))
    await handle.sync()
    await link(draft, file)
    await flushNames(dirname(file))
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await handle.close()
    await rm(draft)
  }
}

async function flushNames(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
