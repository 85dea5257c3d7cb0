import { createHash, timingSafeEqual } from 'node:crypto'
import type { Metadata } from '@grpc/grpc-js'
import { accessDenied, unauthenticated, type Refusal } from './refusals.ts'

export type Credentials = { user: string; password: string }

/** Checks the basic authentication of a call. Without `credentials` everybody may do everything. */
export function accessCheck(credentials: Credentials | undefined): (metadata: Metadata) => Refusal | undefined {
  if (credentials === undefined) return () => undefined
  const expected = digest(`${credentials.user}:${credentials.password}`)
  return (metadata) => {
    const [header] = metadata.get('authorization')
    if (header === undefined) return accessDenied()
    const presented = /^Basic (.+)$/i.exec(String(header))?.[1] ?? ''
    const given = digest(Buffer.from(presented, 'base64').toString('utf8'))
    return timingSafeEqual(given, expected) ? undefined : unauthenticated()
  }
}

/** Equal lengths, so that comparing tells nothing about the length of the secret either. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
