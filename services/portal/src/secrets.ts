import { createHash, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import { type DataKey, seal, SealBroken, unseal } from '@relais/events/sealing'
import type { z } from 'zod'

const SECRET_BYTES = 32
const SPELLING = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits, for a cookie or a state. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

export function isSecret(text: string | undefined): text is string {
  return text !== undefined && SPELLING.test(text)
}

/** What is kept of a secret: enough to know it again, and random enough to need no salt. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

export type Sealing = {
  seal(secret: string, value: object): Buffer
  /** `undefined` for what was sealed with another secret or another site key. */
  open<Schema extends z.ZodType>(secret: string, sealed: Uint8Array, schema: Schema): z.infer<Schema> | undefined
}

/**
 * Seals with a key made of the site key and of a secret that only the browser keeps, so that whoever has the database and
 * the site key reads nothing of those who are signed in.
 */
export function sealingFor(siteKey: Buffer, use: 'session' | 'sign-in'): Sealing {
  const context = `relais portal ${use}`
  const keyOf = (secret: string): DataKey =>
    createSecretKey(Buffer.from(hkdfSync('sha256', siteKey, secret, context, SECRET_BYTES)))
  return {
    seal: (secret, value) => seal(keyOf(secret), Buffer.from(JSON.stringify(value)), context),
    open(secret, sealed, schema) {
      try {
        return schema.safeParse(JSON.parse(unseal(keyOf(secret), sealed, context).toString())).data
      } catch (error) {
        if (error instanceof SealBroken) return undefined
        throw error
      }
    },
  }
}
