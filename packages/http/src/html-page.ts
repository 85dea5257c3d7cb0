import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import { PAGE_STYLE } from './html-page-style.ts'

export type Language = 'fr' | 'en'

/** The one of our languages that a browser prefers; French when it says nothing. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const weights = (acceptLanguage ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
    return { language: tag.split('-')[0], weight: quality === undefined ? 1 : Number(quality) }
  })
  const weightOf = (language: Language) =>
    Math.max(0, ...weights.filter((each) => each.language === language).map(({ weight }) => weight))
  return weightOf('en') > weightOf('fr') ? 'en' : 'fr'
}

export type Page = {
  language: Language
  title: string
  /** Made with `html` of `hono/html`, which escapes what it is given. */
  body: ReturnType<typeof html>
  status?: 200 | 400 | 403 | 404 | 429 | 502 | 503
  /** For a page that asks for itself again. */
  refreshSeconds?: number
}

/** A page without a script, and the headers that say what a browser may do with it. */
export async function renderPage(
  page: Omit<Page, 'status'>,
): Promise<{ text: string; headers: Record<string, string> }> {
  const nonce = randomBytes(16).toString('base64')
  const { language, title, body, refreshSeconds } = page
  const text = await html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
        <title>${title}</title>
        <style nonce="${nonce}">
          ${raw(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`
  return { text: String(text), headers: { ...pageHeaders(nonce), 'content-language': language } }
}

export async function answerPage(c: Context, { status = 200, ...page }: Page): Promise<Response> {
  const { text, headers } = await renderPage(page)
  return c.html(text, status, headers)
}

function pageHeaders(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return { 'cache-control': 'no-store', 'content-security-policy': policy.join('; '), ...closedHeaders }
}

/** What every page of ours says of itself beside its content policy. */
export const closedHeaders: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
