import { expect, test } from 'vitest'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { hostile, nurse, openIssuer } from './sign-in.fixture.ts'

const issuer = await openIssuer()
const { authorization, browser, choose, signIn, token, url, verifier } = issuer

/** The page on which one chooses, as a browser is led to it. */
async function signInPage(query = '', headers: Record<string, string> = {}) {
  const device = browser()
  const { url: page } = await device.follow(authorization())
  const response = await device.ask(`${page.pathname}${query}`, { headers })
  return { device, page, response, text: await response.text() }
}

test('the issuer is found under its own name, and offers the code flow with PKCE and nothing else', async () => {
  const found = JSON.parse(await (await fetch(`${url}/oidc/.well-known/openid-configuration`)).text())
  expect(found).toMatchObject({
    issuer: `${url}/oidc`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['ES256'],
    end_session_endpoint: `${url}/oidc/session/end`,
    jwks_uri: `${url}/oidc/jwks`,
  })
  const jwks = await (await fetch(found.jwks_uri)).text()
  expect(JSON.parse(jwks)).toEqual(JSON.parse(await (await fetch(`${url}/jwks`)).text()))
  expect(jwks).not.toContain('"d"')
})

test('whoever chooses a person gets the tokens of that person', async () => {
  const { back, status, body } = await signIn(browser(), nurse)
  expect(back.searchParams.get('state')).toBe('a-state')
  expect(status).toBe(200)
  const access = body['access_token'] ?? ''
  expect(decodeProtectedHeader(access)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
  const claims = decodeJwt(access)
  expect(Object.keys(claims).toSorted()).toEqual(
    ['aud', 'exp', 'iat', 'iss', 'organisation', 'role', 'scope', 'sid', 'sub', 'wards'].toSorted(),
  )
  expect(claims).toMatchObject({ iss: `${url}/oidc`, aud: 'relais', sub: nurse.id, organisation: '990000010' })
  await expect(verifier.verify(access)).resolves.toMatchObject({
    actor: { id: nurse.id, role: 'infirmier', organisation: '990000010', wards: ['4101'] },
  })
  expect(decodeJwt(body['id_token'] ?? '')).toMatchObject({
    sub: nurse.id,
    name: nurse.name,
    organisation_name: nurse.organisationName,
    nonce: 'a-nonce',
  })
})

test('both doors of the issuer make the same claims', async () => {
  const { id, role, organisation, wards } = nurse
  const headers = { authorization: `Bearer ${'f'.repeat(64)}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ id, role, organisation, wards })
  const { token: operators } = JSON.parse(
    await (await fetch(`${url}/tokens`, { method: 'POST', headers, body })).text(),
  )
  const { body: signedIn } = await signIn(browser(), nurse)
  const { sid, iat: _, exp: __, ...claims } = decodeJwt(signedIn['access_token'] ?? '')
  expect(sid).toEqual(expect.any(String))
  expect(decodeJwt(operators)).toMatchObject(claims)
})

test('what was signed before a restart is believed after it, on another port too', async () => {
  const { body } = await signIn(browser(), nurse)
  const access = body['access_token'] ?? ''
  await expect(issuer.restarted('http://localhost:1/oidc').verify(access)).resolves.toMatchObject({
    actor: { id: nurse.id },
  })
  for (const elsewhere of ['http://localhost:1/other', 'http://evil.example/oidc', 'https://localhost:1/oidc'])
    await expect(issuer.restarted(elsewhere).verify(access)).rejects.toMatchObject({ code: 'tokenInvalid' })
})

test('each sign-in has a name of its own, which its renewals keep', async () => {
  const device = browser()
  const first = await signIn(device, nurse)
  const renewed = await token({ grant_type: 'refresh_token', refresh_token: first.body['refresh_token'] ?? '' })
  const sidOf = (answer: { body: Record<string, string> }) => decodeJwt(answer.body['access_token'] ?? '')['sid']
  expect(sidOf(renewed)).toBe(sidOf(first))
  expect(sidOf(await signIn(device, nurse, { prompt: 'login' }))).not.toBe(sidOf(first))
})

test.each([
  ['no proof of who asked', { code_challenge: undefined, code_challenge_method: undefined }],
  ['a proof in clear', { code_challenge_method: 'plain' }],
  ['tokens in the address', { response_type: 'id_token token' }],
])('%s is refused', async (_, changes) => {
  const { url: back } = await browser().follow(authorization(changes), (to) => to.pathname === '/app/signed-in')
  const error = back.searchParams.get('error') ?? new URLSearchParams(back.hash.slice(1)).get('error')
  expect(error).toMatch(/invalid_request|unsupported_response_type/)
})

test.each([
  ['elsewhere', { redirect_uri: 'https://evil.example/app/signed-in' }],
  ['to another path', { redirect_uri: `${url}/app/signed-in/x` }],
  ['for a stranger', { client_id: 'stranger' }],
])('nobody is sent %s', async (_, changes) => {
  const { response, url: page } = await browser().follow(authorization(changes))
  expect(page.pathname).toBe('/oidc/auth')
  expect(response.status).toBe(400)
  const text = await response.text()
  expect(text).toContain('La connexion n’a pas pu se faire')
  expect(text).not.toMatch(/evil|stranger|redirect_uri/)
})

test('a code is good once, with the proof and the secret of the portal', async () => {
  const { grant } = await signIn(browser(), nurse)
  expect((await token(grant)).status).toBe(400)
  const device = browser()
  const { url: page } = await device.follow(authorization())
  const back = await choose(device, page, { person: nurse.id })
  const code = back.searchParams.get('code') ?? ''
  expect((await token({ ...grant, code }, 'another secret')).status).toBe(401)
  expect((await token({ ...grant, code, code_verifier: 'x'.repeat(43) })).body).toMatchObject({
    error: 'invalid_grant',
  })
})

test('whoever gives up comes back as nobody', async () => {
  const device = browser()
  const { url: page } = await device.follow(authorization())
  const back = await choose(device, page, { cancel: 'yes' })
  expect(back.searchParams.get('error')).toBe('access_denied')
  expect(back.searchParams.has('code')).toBe(false)
})

test('somebody who is not of the demonstration cannot be chosen', async () => {
  const device = browser()
  const { url: page } = await device.follow(authorization())
  const chosen = await device.ask(page.href, { method: 'POST', body: new URLSearchParams({ person: 'rpps:1' }) })
  expect(chosen.headers.get('location')).toBe(page.pathname)
})

test('a choice counts in the browser that was led to it, and nowhere else', async () => {
  const { url: page } = await browser().follow(authorization())
  const stranger = browser()
  const asked = await stranger.ask(page.href)
  expect(asked.status).toBe(400)
  expect(await asked.text()).toContain('Cette page a expiré')
  const chosen = await stranger.ask(page.href, { method: 'POST', body: new URLSearchParams({ person: nurse.id }) })
  expect(chosen.status).toBe(400)
})

test('another person takes over a shared post at once, and what was given to the first one ends', async () => {
  const device = browser()
  const first = await signIn(device, nurse)
  const second = await signIn(device, hostile, { prompt: 'login' })
  expect(decodeJwt(second.body['access_token'] ?? '')['sub']).toBe(hostile.id)
  const renewed = await token({ grant_type: 'refresh_token', refresh_token: first.body['refresh_token'] ?? '' })
  expect(renewed.body).toMatchObject({ error: 'invalid_grant' })
})

test('whoever is signed in is not asked again, unless the portal wants it', async () => {
  const device = browser()
  await signIn(device, nurse)
  const isBack = (to: URL) => to.pathname === '/app/signed-in'
  expect((await device.follow(authorization(), isBack)).url.searchParams.has('code')).toBe(true)
  expect((await device.follow(authorization({ prompt: 'login' }), isBack)).url.pathname).toMatch(/^\/oidc\/sign-in\//)
})

test('names that look like markup stay names', async () => {
  const { text } = await signInPage()
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;O’Brien&quot; &amp; fils')
  expect(text).toContain('Médecins &lt;généralistes&gt;')
  expect(text).not.toMatch(/<script|<img|<b /)
})

test('a search that looks like markup stays a search', async () => {
  const { text } = await signInPage(`?search=${encodeURIComponent('"><script>alert(1)</script>')}`)
  expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
  expect(text).toContain('Personne ne correspond.')
})

test.each([
  ['achillee', [nurse.name]],
  ['CARDIOLOGIE essai', [nurse.name]],
  ['medecine', ['O’Brien']],
])('%s finds people, whatever the accents', async (search, names) => {
  const { text } = await signInPage(`?search=${encodeURIComponent(search)}`)
  for (const person of [nurse, hostile])
    expect(text.includes(`value="${person.id}"`)).toBe(names.some((name) => person.name.includes(name)))
})

test.each([
  ['fr-FR,fr;q=0.9,en;q=0.8', 'fr', 'Qui êtes-vous'],
  ['en-GB,en;q=0.9', 'en', 'Who are you'],
  ['de-DE', 'fr', 'Qui êtes-vous'],
  ['en;q=0.4, fr;q=0.5', 'fr', 'Qui êtes-vous'],
])('a browser that prefers %s reads %s', async (accepted, language, said) => {
  const { text } = await signInPage('', { 'accept-language': accepted })
  expect(text).toContain(`<html lang="${language}">`)
  expect(text).toContain(said)
})

test('the page runs no script, sends its form nowhere else, and is framed by nobody', async () => {
  const { response, text } = await signInPage()
  const nonce = /<style nonce="([^"]+)">/.exec(text)?.[1]
  expect(response.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  )
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(text).not.toMatch(/<script|<[^>]*\s(?:on\w+|style)=|javascript:/i)
})

test('signing out with the token of the portal ends the session and its tokens without another question', async () => {
  const device = browser()
  const { body } = await signIn(device, nurse)
  const asked = { id_token_hint: body['id_token'] ?? '', post_logout_redirect_uri: `${url}/app/`, state: 'over' }
  const ended = await device.ask(`/oidc/session/end?${new URLSearchParams(asked).toString()}`)
  expect(ended.status).toBe(303)
  expect(ended.headers.get('location')).toBe(`${url}/app/?state=over`)
  const renewed = await token({ grant_type: 'refresh_token', refresh_token: body['refresh_token'] ?? '' })
  expect(renewed.body).toMatchObject({ error: 'invalid_grant' })
  expect((await device.follow(authorization())).url.pathname).toMatch(/^\/oidc\/sign-in\//)
  // Once more, as whoever goes back does.
  const again = await device.ask(`/oidc/session/end?${new URLSearchParams(asked).toString()}`)
  expect(again.headers.get('location')).toBe(`${url}/app/?state=over`)
})

test('a link from elsewhere signs nobody out without a question', async () => {
  const device = browser()
  await signIn(device, nurse)
  const asked = await device.ask('/oidc/session/end')
  expect(asked.status).toBe(200)
  const text = await asked.text()
  expect(text).toContain('Voulez-vous terminer la session')
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const confirm = { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) }
  expect((await device.ask('/oidc/session/end/confirm', confirm)).status).toBe(303)
  expect((await device.follow(authorization())).url.pathname).toMatch(/^\/oidc\/sign-in\//)
})

test('nobody is sent elsewhere after signing out', async () => {
  const device = browser()
  const { body } = await signIn(device, nurse)
  const asked = { id_token_hint: body['id_token'] ?? '', post_logout_redirect_uri: 'https://evil.example/' }
  const ended = await device.ask(`/oidc/session/end?${new URLSearchParams(asked).toString()}`)
  expect(ended.status).toBe(400)
  expect(await ended.text()).not.toContain('evil')
})

test('neither names nor tokens are logged', async () => {
  const { body } = await signIn(browser(), nurse)
  const text = issuer.lines.join('')
  expect(text).toContain('"msg":"person chosen"')
  for (const secret of [nurse.name, body['access_token'], body['refresh_token']]) expect(text).not.toContain(secret)
})
