import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { openDoor } from './door.ts'

async function door() {
  const opened = await openDoor({ host: '127.0.0.1', port: 0 }, 1000)
  onTestFinished(() => opened.close())
  const ask = async (path: string) => {
    const response = await fetch(`${opened.url}${path}`)
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }
  return { ...opened, ask }
}

test('until there is something to answer with, everybody is asked to come back', async () => {
  const { ask } = await door()
  expect(await ask('/tokens')).toMatchObject({
    status: 503,
    type: 'application/problem+json',
    text: expect.stringContaining('urn:relais:problem:notReady'),
  })
  expect(await ask('/livez')).toMatchObject({ status: 200 })
  expect(await ask('/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('"ready":false') })
})

test('then each path has who answers it', async () => {
  const { answers, ask } = await door()
  const named = (name: string) => new Hono().all('*', (c) => c.text(name))
  answers({ api: named('api'), portal: named('portal'), oidc: named('oidc') })
  const paths = ['/app', '/app/', '/app?x', '/app/inbox', '/apple', '/oidc/auth', '/oidc', '/oidcs', '/', '/x/app/']
  expect(await Promise.all(paths.map(async (path) => (await ask(path)).text))).toEqual([
    'portal',
    'portal',
    'portal',
    'portal',
    'api',
    'oidc',
    'oidc',
    'api',
    'api',
    'api',
  ])
})

test('without a portal its paths are nobody’s', async () => {
  const { answers, ask } = await door()
  answers({ api: new Hono().get('/x', (c) => c.text('x')) })
  expect(await ask('/app/')).toMatchObject({ status: 404 })
})

test('what is beside closes with it, once', async () => {
  const { beside, close, url } = await door()
  let closed = 0
  beside(async () => (closed += 1))
  await Promise.all([close(), close()])
  expect(closed).toBe(1)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})
