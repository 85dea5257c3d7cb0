import { randomBytes } from 'node:crypto'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { answerPage, closedHeaders, languageOf } from '@relais/http/html-page'
import { problem } from '@relais/http/problems'
import type { RequestEnv } from '@relais/http/request-context'
import type { Context } from 'hono'
import type { Client } from '../client-build.ts'
import type { ClientFile } from '../client-files.ts'
import { absentClientPage } from './pages.ts'

const NONCE = '__CSP_NONCE__'
/** Vite names them by their content. */
const HASHED = /^assets\//

type ClientRoutesDeps = HttpAppDeps & { publicUrl: string; client: Client }

/** The files of the browser application, and its page under every other path. */
export function clientRoutes({ publicUrl, client, ...deps }: ClientRoutesDeps) {
  const headers = { ...closedHeaders, ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': HSTS } : {}) }
  return httpApp(deps)
    .get('/app', (c) => c.redirect('/app/', 308))
    .get('/app/*', (c) => {
      const path = c.req.path.slice('/app/'.length)
      const state = client.state()
      if (state.is !== 'there')
        return answerPage(c, absentClientPage(languageOf(c.req.header('accept-language')), state.is))
      const file = state.files.file(path)
      if (file) return answerFile(c, file, { ...headers, 'cache-control': HASHED.test(path) ? FOR_EVER : 'no-cache' })
      // A page has no ending; what has one is a file that is not there, or not any more.
      if (/\.\w+$/.test(path) || HASHED.test(path)) return problem(c, platformProblems.routeUnknown)
      const nonce = randomBytes(16).toString('base64')
      const policy = { 'content-security-policy': contentPolicy(publicUrl, nonce), 'cache-control': 'no-cache' }
      return c.html(state.files.page.replaceAll(NONCE, nonce), 200, { ...headers, ...policy })
    })
}

const FOR_EVER = 'public, max-age=31536000, immutable'
const HSTS = 'max-age=31536000'

function contentPolicy(publicUrl: string, nonce: string): string {
  // Not every browser takes `'self'` for the sockets of the same host.
  const sockets = publicUrl.replace(/^http/, 'ws')
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src 'self' ${sockets}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function answerFile(c: Context<RequestEnv>, file: ClientFile, headers: Record<string, string>): Response {
  const told = { ...headers, 'content-type': file.type, etag: file.etag, vary: 'accept-encoding' }
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, told)
  const accepted = c.req.header('accept-encoding') ?? ''
  if (file.br && /\bbr\b/.test(accepted)) return c.body(file.br, 200, { ...told, 'content-encoding': 'br' })
  if (file.gz && /\bgzip\b/.test(accepted)) return c.body(file.gz, 200, { ...told, 'content-encoding': 'gzip' })
  return c.body(file.bytes, 200, told)
}
