import { createHash, randomBytes } from 'node:crypto'
import { serve } from '@relais/http/serve'
import { logger } from '@relais/telemetry/logger'
import { afterTestFile } from '@relais/testkit/cleanup'
import { type CookieJar, cookieJar } from '@relais/testkit/cookie-jar'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Person } from '../people.ts'
import { createService, newSigningKeys } from '../service.ts'

const words = (text: string) => ({ fr: text, en: `${text} (en)` })

export const nurse: Person = {
  id: 'ch-essai:4101',
  name: 'Agathe TEST-ACHILLÉE',
  role: 'infirmier',
  organisation: '990000010',
  organisationName: 'CH d’Essai',
  wards: ['4101'],
  title: words('Soins infirmiers, Cardiologie'),
  group: words('Services de l’hôpital'),
}
export const hostile: Person = {
  id: 'rpps:99700000013',
  name: '<script>alert(1)</script> "O’Brien" & fils',
  role: 'medecin',
  organisationName: '</button><img src=x onerror=alert(2)>',
  wards: [],
  title: words("<b onclick='alert(3)'>Médecine</b>"),
  group: words('Médecins <généralistes>'),
}

const Answer = z.record(z.string(), z.unknown().transform(String))

const client = { id: 'relais-portal', secret: 's'.repeat(43) }

/** The issuer on a port of its own, and a portal that is nothing but a name at it. */
export async function openIssuer(people: readonly Person[] = [nurse, hostile]) {
  const keys = await newSigningKeys()
  const lines: string[] = []
  let behind = new Hono()
  const server = await serve({ fetch: (...asked) => behind.fetch(...asked) }, { host: '127.0.0.1', port: 0 })
  afterTestFile(() => server.close(0))
  const url = `http://localhost:${server.port}`
  const callback = `${url}/app/signed-in`
  const uris = { redirectUris: [callback], postLogoutRedirectUris: [`${url}/app/`] }
  const log = logger({ level: 'trace', destination: { write: (line) => void lines.push(line) } })
  const served = (issuer: string) =>
    createService({
      keys,
      issuer,
      audience: 'relais',
      operatorKey: 'f'.repeat(64),
      signIn: { people, client: { ...client, ...uris } },
      now: () => new Date().toISOString(),
      log,
    })
  const service = served(`${url}/oidc`)
  behind = new Hono().route('/', service.oidc ?? new Hono()).route('/', service.app)

  const verifier = randomBytes(32).toString('base64url')
  /** What a portal asks for; `changes` that are undefined are left out. */
  function authorization(changes: Readonly<Record<string, string | undefined>> = {}): string {
    const asked = {
      client_id: client.id,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid profile',
      state: 'a-state',
      nonce: 'a-nonce',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    }
    const given = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return `/oidc/auth?${new URLSearchParams(given).toString()}`
  }

  /** Chooses on the page that a browser was led to; answers where it is sent with what was decided. */
  async function choose(browser: CookieJar, page: URL, choice: Record<string, string>): Promise<URL> {
    const chosen = await browser.ask(page.href, { method: 'POST', body: new URLSearchParams(choice) })
    const next = new URL(chosen.headers.get('location') ?? '', url)
    return (await browser.follow(next.href, (to) => to.pathname === '/app/signed-in')).url
  }

  async function token(parameters: Record<string, string>, secret = client.secret) {
    const authorization = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`
    const answer = await fetch(`${url}/oidc/token`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(parameters),
    })
    const body = Answer.parse(JSON.parse(await answer.text()))
    return { status: answer.status, body }
  }

  /** Signs in and redeems the code: tokens as the portal gets them. */
  async function signIn(browser: CookieJar, person: Person, changes: Readonly<Record<string, string>> = {}) {
    const { url: page } = await browser.follow(authorization(changes))
    const back = await choose(browser, page, { person: person.id })
    const code = back.searchParams.get('code') ?? ''
    const grant = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
    return { back, grant, ...(await token(grant)) }
  }

  return {
    url,
    lines,
    authorization,
    choose,
    token,
    signIn,
    verifier: service.verifier,
    /** The verifier of the same folder, under another name. */
    restarted: (name: string) => served(name).verifier,
    browser: () => cookieJar(url),
  }
}
