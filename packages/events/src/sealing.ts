import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'

/** A secret AES-256 key, as `createSecretKey` makes it from 32 bytes. */
export type DataKey = KeyObject

/**
 * One data key per owner: a patient, or a sender for one day. A key at hand is answered as it is, without a promise, so
 * that reading a long history does not yield at every event.
 */
export type Keyring = {
  /** Gets or creates the key of an owner. @throws OwnerForgotten */
  sealingKey(owner: string): DataKey | Promise<DataKey>
  /** `undefined` once the owner is forgotten. @throws DataKeyMissing for an owner that never had a key here. */
  openingKey(owner: string): DataKey | undefined | Promise<DataKey | undefined>
}

/** The key of this owner was destroyed: nothing may be sealed for it ever again. */
export class OwnerForgotten extends Error {
  readonly code = 'ownerForgotten'
  constructor() {
    super('This owner was forgotten; nothing can be sealed for it any more')
  }
}

/** Something was sealed for this owner, yet the keyring never knew it: the keys are older than what they should open. */
export class DataKeyMissing extends Error {
  readonly code = 'dataKeyMissing'
  constructor() {
    super('No such data key, and none was destroyed: is the vault older than the log, or another one?')
  }
}

/** The sealed bytes, their key or their context are not those they were sealed with. */
export class SealBroken extends Error {
  readonly code = 'sealBroken'
  constructor() {
    super('The sealed bytes cannot be opened with this key in this place')
  }
}

const VERSION = 1
const IV_LENGTH = 12
const TAG_LENGTH = 16
const HEAD_LENGTH = 1 + IV_LENGTH

/**
 * Seals bytes with AES-256-GCM under a fresh random nonce.
 * @param context what the bytes belong to: it is authenticated, not stored, and must be the same at opening.
 * @returns version byte, nonce, ciphertext, tag.
 */
export function seal(key: DataKey, clear: Uint8Array, context: string): Buffer {
  const iv = freshNonce()
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_LENGTH })
  cipher.setAAD(Buffer.from(context))
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}

/** Nonces are public; asking the system for each of them costs as much as the sealing. */
const nonces = Buffer.alloc(IV_LENGTH * 256)
let nextNonce = nonces.length

function freshNonce(): Buffer {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces)
    nextNonce = 0
  }
  nextNonce += IV_LENGTH
  return Buffer.from(nonces.subarray(nextNonce - IV_LENGTH, nextNonce))
}

/** Opens what `seal` made. @throws SealBroken */
export function unseal(key: DataKey, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < HEAD_LENGTH + TAG_LENGTH || sealed[0] !== VERSION) throw new SealBroken()
  const iv = sealed.subarray(1, HEAD_LENGTH)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_LENGTH })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH))
  try {
    const clear = decipher.update(sealed.subarray(HEAD_LENGTH, sealed.length - TAG_LENGTH))
    // Checks the tag; GCM has nothing left to give.
    decipher.final()
    return clear
  } catch {
    throw new SealBroken()
  }
}
