import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

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
  status?: 200 | 400 | 403 | 404 | 502 | 503
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
          ${raw(STYLE)}
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
    'accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Every pair of colours here has a contrast of 4.5 or more, in both schemes. */
const STYLE = `
:root { color-scheme: light dark; --ink: #16202c; --soft: #4a5766; --paper: #f5f7f9; --card: #ffffff; --line: #7a8794;
  --accent: #0b5d7a; --on-accent: #ffffff; --note: #fff4d6; --on-note: #4a3600; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #aebac6; --paper: #10161d; --card: #1a232d;
  --line: #7d8b99; --accent: #7cc8e6; --on-accent: #06212c; --note: #3a2f10; --on-note: #ffe9b0; } }
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
body { margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; color: var(--soft); }
p { margin: 0 0 .75rem; }
.note { background: var(--note); color: var(--on-note); border-radius: .5rem; padding: .75rem 1rem; }
.soft { color: var(--soft); }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
.search { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0; }
.search > div { flex: 1 1 14rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; padding: .6rem .75rem; min-height: 2.75rem; }
button, .button { font: inherit; cursor: pointer; border: 1px solid var(--line); border-radius: .5rem; background: var(--card);
  color: inherit; padding: .6rem 1rem; min-height: 2.75rem; text-decoration: none; display: inline-block; }
.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
ul.people { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); }
ul.people button { width: 100%; height: 100%; text-align: left; overflow-wrap: anywhere; }
ul.people strong, ul.people span { display: block; }
button:hover, .button:hover { border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media print { .search, button { display: none; } }
`
