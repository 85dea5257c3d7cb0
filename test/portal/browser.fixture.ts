import { existsSync } from 'node:fs'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

/** Debian's; another one by `TEST_CHROMIUM`. No browser of playwright's own is fetched. */
const CHROMIUM = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium'

export const hasBrowser = existsSync(CHROMIUM)
if (!hasBrowser) console.log(`skipped: the portal in a browser, ${CHROMIUM} is absent`)

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

export const PHONE = { width: 320, height: 640 }
export const TABLET = { width: 820, height: 1180 }
export const DESK = { width: 1440, height: 900 }
export const WALL = { width: 1920, height: 1080 }

export type Visit = Pick<BrowserContextOptions, 'viewport' | 'colorScheme' | 'locale' | 'hasTouch'>

/** A browser of its own for a test file; each visit is somebody else's device. */
export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...ARGUMENTS, `--user-data-dir=${temporaryFolder()}`].filter((argument) => !argument.startsWith('--user-data')),
  })
  afterTestFile(() => browser.close())
  return {
    /** A device, whose page's every fault fails the test that closes it. */
    async device(visit: Visit = {}) {
      const context = await browser.newContext({ viewport: DESK, locale: 'fr-FR', timezoneId: 'Europe/Paris', ...visit })
      const page = await context.newPage()
      const faults = faultsOf(page)
      return { context, page, faults }
    },
  }
}

/** What a page should never do: throw, or ask for what its policy refuses. */
function faultsOf(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to/i.test(message.text())) faults.push(message.text())
  })
  return faults
}

/** Signs in as somebody of the demonstration, as a person would. */
export async function signIn(page: Page, url: string, name: RegExp | string): Promise<void> {
  await page.goto(`${url}/app/`)
  await page.getByRole('button', { name: /^(Se connecter|Sign in)$/ }).click()
  await page.getByRole('button', { name }).first().click()
  await page.getByRole('navigation').waitFor()
}

/** The network of a device, cut and brought back; sockets too. */
export async function cutNetwork(context: BrowserContext): Promise<() => Promise<void>> {
  await context.setOffline(true)
  return () => context.setOffline(false)
}

/** Nothing is wider than the window, so that nobody scrolls sideways to read. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const widths = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }))
  expect(widths.page).toBeLessThanOrEqual(widths.window)
}
