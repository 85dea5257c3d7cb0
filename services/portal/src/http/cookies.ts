import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** `__Host-`: for this host alone, over TLS or on this machine, and for no script. */
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', prefix: 'host' } as const

/** `relais` says who is signed in; `relais-sign-in` which browser was sent to the issuer. */
export type CookieName = 'relais' | 'relais-sign-in'

export function readCookie(c: Context, name: CookieName): string | undefined {
  return getCookie(c, name, 'host')
}

/** Until the browser is closed, unless a time is given. */
export function writeCookie(c: Context, name: CookieName, [value, maxAge]: readonly [string, number?]): void {
  setCookie(c, name, value, { ...attributes, ...(maxAge === undefined ? {} : { maxAge }) })
}

export function dropCookie(c: Context, name: CookieName): void {
  deleteCookie(c, name, attributes)
}
