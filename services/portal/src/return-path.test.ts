import fc from 'fast-check'
import { expect, test } from 'vitest'
import { returnPath } from './return-path.ts'

test.each([
  '/app',
  '/app/',
  '/app/inbox',
  '/app/patients/1?tab=circle#top',
  '/app/sign-in-help',
  '/app?x=https://evil.example',
])('%s is a page to come back to', (path) => expect(returnPath(path)).toBe(path))

test.each([
  undefined,
  '',
  '/',
  '//evil.example',
  '//evil.example/app/',
  '///evil.example',
  '/\\evil.example',
  '/app\\..\\..\\x',
  'https://evil.example/app/',
  'https:/app/',
  'javascript:alert(1)',
  '/app/../',
  '/app/../../evil',
  '/app/%2e%2e/x',
  '/app/./../x',
  '/application',
  '/app//../../x',
  '/app\t/x',
  '/app/\nlocation: https://evil.example',
  ' /app/',
  '/app/sign-in',
  '/app/sign-in?return=/app/sign-in',
  '/app/./sign-in',
  '/app/signed-in?code=1',
  '/app/api/inbox',
  '/app/session',
  `/app/${'x'.repeat(2000)}`,
])('%j is none: one comes back to the first page', (path) => expect(returnPath(path)).toBe('/app/'))

test('whatever is asked, a browser stays on this host, under /app', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `/app${text}`),
      ),
      (asked) => {
        const url = new URL(returnPath(asked), 'https://relais.example')
        expect(url.origin).toBe('https://relais.example')
        expect(url.pathname).toMatch(/^\/app(\/|$)/)
      },
    ),
  ))
