import type { Actor } from '@relais/contracts/actor'
import { openTestAdapters, person, type TestAdapterOptions } from '@relais/runtime/adapters.fixture'
import { afterTestFile } from '@relais/testkit/cleanup'
import { type CookieJar, cookieJar } from '@relais/testkit/cookie-jar'
import { Hono } from 'hono'
import { z } from 'zod'
import type { PortalConfig } from './config.ts'
import { CLIENT, openIdIssuer } from './openid-issuer.fixture.ts'
import { createService, type Surroundings } from './service.ts'

export const ORIGIN = 'http://localhost:8080'
export const FROM_PORTAL = { 'x-relais': 'portal', 'sec-fetch-site': 'same-origin', origin: ORIGIN }

export const nurse = person({ id: 'ch-essai:4101', organisation: '990000010', wards: ['4101'] })
const TEN_MINUTES = 600

export type PortalOptions = TestAdapterOptions & { config?: Partial<PortalConfig>; actor?: Actor } & Pick<
    Surroundings,
    'limits'
  >

/** A portal on a platform that answers with what it was asked, and an issuer that says what the test wants. */
export async function openPortal({ config, limits, actor = nurse, ...options }: PortalOptions = {}) {
  const test = await openTestAdapters(options)
  const issuer = await openIdIssuer({
    access: () => test.tokenFor(actor, TEN_MINUTES),
    expiresInSeconds: TEN_MINUTES,
    claims: { name: 'Agathe TEST-ACHILLÉE', organisation_name: 'CH d’Essai' },
    subject: actor.id,
    renewals: 'given',
    hasEndSession: true,
  })
  const asked: Request[] = []
  const platform = new Hono()
    .post('/channels/sign-out', (c) => c.body(null, 204))
    .get('/refused', (c) => c.json({ type: 'urn:relais:problem:tokenInvalid' }, 401))
    .get('/file', () => new Response('bytes', { headers: fileHeaders }))
    .all('*', async (c) => c.json({ path: c.req.path, body: await c.req.text() }, 201, { 'relais-position': 'e:1' }))

  async function start(changes: Partial<PortalConfig> = {}, given = test) {
    const settings: PortalConfig = {
      mode: 'demonstration',
      publicUrl: ORIGIN,
      issuer: issuer.url,
      client: CLIENT,
      scope: 'openid profile',
      idleMilliseconds: 30 * 60_000,
      sessionMilliseconds: 12 * 3_600_000,
      mayBuild: false,
      ...config,
      ...changes,
    }
    const api = async (request: Request) => {
      asked.push(request.clone())
      return platform.fetch(request)
    }
    const service = await createService(given.adapters, settings, { api, ...(limits ? { limits } : {}) })
    afterTestFile(() => service.stop())
    return (kept?: CookieJar, address = '10.0.0.1') => {
      const env = { incoming: { socket: { remoteAddress: address } } }
      return cookieJar(ORIGIN, async (request) => service.app.fetch(request, env), kept?.cookies())
    }
  }
  const browser = await start()
  const passed = (seconds: number) => {
    test.clock.now = new Date(Date.parse(test.clock.now) + seconds * 1000).toISOString()
  }
  return { ...test, issuer, asked, start, browser, passed }
}

const fileHeaders = {
  'content-type': 'application/pdf',
  'content-disposition': 'attachment; filename="a.pdf"',
  etag: '"1"',
  'set-cookie': 'session=stolen',
  server: 'inside',
  'x-powered-by': 'inside',
  'www-authenticate': 'Bearer',
}

type Issuer = Awaited<ReturnType<typeof openPortal>>['issuer']

/** Through the issuer and back; answers where the browser is led in the end. */
export async function signIn(browser: CookieJar, issuer: Issuer, query = ''): Promise<Response> {
  const sent = await browser.ask(`/app/sign-in${query}`)
  const authorization = new URL(sent.headers.get('location') ?? '', ORIGIN)
  const state = authorization.searchParams.get('state') ?? ''
  return browser.ask(`/app/signed-in?${new URLSearchParams({ code: issuer.codeFor(authorization), state }).toString()}`)
}

const Answer = z.looseObject({ person: z.looseObject({}).optional() })

export async function sessionOf(browser: CookieJar) {
  const response = await browser.ask('/app/session')
  const text = await response.text()
  return { status: response.status, body: Answer.parse(JSON.parse(text)) }
}
