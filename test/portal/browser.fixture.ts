import { existsSync } from 'node:fs'
import { afterTestFile } from '@relais/testkit/cleanup'
import { cookieJar } from '@relais/testkit/cookie-jar'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Debian's, without a screen where there is that one: it takes half the time. No browser of playwright's own is fetched. */
const DEBIAN = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']
/** Another one by `TEST_CHROMIUM`. */
const CHROMIUM = process.env['TEST_CHROMIUM'] ?? DEBIAN.find((path) => existsSync(path)) ?? ''

export const hasBrowser = existsSync(CHROMIUM)
if (!hasBrowser)
  process.stdout.write(`skipped: the portal in a browser, because ${CHROMIUM || DEBIAN.join(' or ')} does not exist\n`)

/** What Chromium would fetch by itself, and what a sandbox or a screen would be needed for. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export const SMALLEST = { width: 320, height: 640 }
export const PHONE = { width: 390, height: 844 }
export const TABLET = { width: 820, height: 1180 }
export const DESK = { width: 1440, height: 900 }
/** `DESK`, of which everything is shown twice as large. */
export const ZOOMED = { width: 720, height: 450 }
export const WALL = { width: 1920, height: 1080 }

/** How long something may take to be there: only there to name what never came. */
const PATIENCE_MILLISECONDS = 15_000

type Visit = Pick<
  BrowserContextOptions,
  'viewport' | 'colorScheme' | 'locale' | 'hasTouch' | 'bypassCSP' | 'permissions' | 'deviceScaleFactor'
>

/** Somebody's device: what its pages do wrong is kept in `faults`. */
export type Device = { context: BrowserContext; page: Page; faults: string[]; newPage(): Promise<Page> }

/** A browser of its own for a test file; each device has its own cookies and storage. */
export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  afterTestFile(() => browser.close())
  return {
    async device(visit: Visit = {}): Promise<Device> {
      const context = await browser.newContext({
        viewport: DESK,
        locale: 'fr-FR',
        timezoneId: 'Europe/Paris',
        // A story is told without its movements.
        reducedMotion: 'reduce',
        ...visit,
      })
      context.setDefaultTimeout(PATIENCE_MILLISECONDS)
      await context.addInitScript(watchSockets)
      const faults: string[] = []
      const newPage = async () => {
        const page = await context.newPage()
        watchFaults(page, faults)
        return page
      }
      return { context, page: await newPage(), faults, newPage }
    },
  }
}

/** What a page should never do: throw, complain, or ask for what its policy refuses. */
function watchFaults(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    // A refusal of the platform, or a network that is cut, is said by the browser itself.
    if (
      message.type() === 'error' &&
      !message.text().startsWith('Failed to load resource') &&
      !isNoNetwork(message.text())
    )
      faults.push(`console: ${message.text()}`)
  })
}

const isNoNetwork = (text: string) => /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_CONNECTION_REFUSED/.test(text)

/** A socket of a page as the page itself saw it. */
export type SeenSocket = { openedAt: number; closedAt?: number; code?: number }
declare global {
  // Written by `watchSockets` into pages.
  var seenSockets: SeenSocket[] | undefined
}

/** Runs in pages: keeps what became of each socket in the tab, so that it outlives the page. */
function watchSockets(): void {
  const kept = 'test.sockets'
  // Written below, by the page before.
  const all = JSON.parse(sessionStorage.getItem(kept) ?? '[]') as SeenSocket[]
  globalThis.seenSockets = all
  const keep = () => sessionStorage.setItem(kept, JSON.stringify(all))
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      const seen: SeenSocket = { openedAt: Date.now() }
      all.push(seen)
      keep()
      this.addEventListener('close', ({ code }) => {
        seen.closedAt = Date.now()
        seen.code = code
        keep()
      })
    }
  }
}

/** The sockets that a tab opened, over all its pages. */
export function socketsOf(page: Page): Promise<SeenSocket[]> {
  return page.evaluate(() => globalThis.seenSockets ?? [])
}

/** Signs in as somebody of the demonstration, as a person would; ends where the person works. */
export async function signInByHand(page: Page, name: string, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button', { name: /^(Se connecter|Sign in)$/ }).click()
  await chooseSelf(page, name)
}

/** The same, asked for without its pages: drawing them takes most of the time of a story about something else. */
export async function signIn(page: Page, name: string, address: string): Promise<void> {
  const jar = cookieJar(new URL(address).origin)
  const { response, url } = await jar.follow('/app/sign-in')
  const person = personNamed(name, await response.text())
  const chosen = await jar.ask(url.href, { method: 'POST', body: new URLSearchParams({ person }) })
  await jar.follow(chosen.headers.get('location') ?? '')
  const { hostname: domain } = url
  const kept = jar.cookies().map(({ name: of, value, path }) => ({ name: of, value, path, domain }))
  await page.context().addCookies(kept.map((cookie) => ({ ...cookie, secure: true, httpOnly: true })))
  await page.goto(address)
  await isSignedIn(page)
}

function personNamed(name: string, choices: string): string {
  const [, id] =
    choices
      .matchAll(/<button name="person" value="([^"]+)">([^]*?)<\/button>/g)
      .find(([, , shown]) => shown?.includes(name)) ?? []
  if (id === undefined) throw new Error(`${name} is not among those who may sign in`)
  return id
}

/** On the page of the issuer. */
export async function chooseSelf(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
  await isSignedIn(page)
}

async function isSignedIn(page: Page): Promise<void> {
  await page.getByRole('main').waitFor()
  await page.getByRole('button', { name: /^(Vous|You) : / }).waitFor()
}

/** The menu of who is signed in. */
export async function openPersonMenu(page: Page) {
  await page.getByRole('button', { name: /^(Vous|You) : / }).click()
  return page.getByRole('dialog')
}

/** What is wider than the window, so that somebody would scroll sideways to read it; nothing, where all is well. */
export async function widerThanWindow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const scrollsItself = (element: Element) => getComputedStyle(element).overflowX !== 'visible'
    const isInScroller = (element: Element | null): boolean =>
      element !== null && element !== document.body && (scrollsItself(element) || isInScroller(element.parentElement))
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth && !isInScroller(element.parentElement))
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`)
      .slice(-5)
      .concat(`${scrollWidth} > ${clientWidth}`)
  })
}

/** When a text is first shown, by the clock of the device: looked for at each change of the page. */
export function whenShown(page: Page, text: RegExp): Promise<number> {
  return page.evaluate(
    ({ wanted, patience }) =>
      new Promise<number>((resolve, reject) => {
        const observer = new MutationObserver(look)
        const shown = () => document.body.textContent
        function look() {
          if (!new RegExp(wanted).test(shown())) return
          observer.disconnect()
          resolve(Date.now())
        }
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
        setTimeout(() => reject(new Error(`${wanted} did not come to ${location.pathname}: ${shown()}`)), patience)
        look()
      }),
    { wanted: text.source, patience: PATIENCE_MILLISECONDS },
  )
}
