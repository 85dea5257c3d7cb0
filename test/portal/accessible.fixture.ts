import { AxeBuilder } from '@axe-core/playwright'
import { waitUntil } from '@relais/testkit/wait-until'
import type { Page } from 'playwright-core'
import { DESK, SMALLEST, widerThanWindow } from './browser.fixture.ts'
import { unsaid } from './expected-speech.fixture.ts'
import { spokenPage } from './spoken-page.fixture.ts'
import { misspoken } from './spoken-rules.fixture.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds, of all its rules for WCAG 2.2 AA or of these. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // What the head of the page happens to stand over is not small for that.
  await page.evaluate(() => scrollTo(0, 0))
  // No page here has frames: asked so, axe does not open another page for each answer, which takes longer than the rules.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations: found } = await (rules ? axe.withRules([...rules]) : axe.withTags(TAGS)).analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(
        ({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`,
      ),
  )
}

/** What does not come to be said of what stands there, and what is said wrongly; nothing, where all is well. */
export async function misheard(page: Page, ...expected: readonly (string | undefined)[]): Promise<string[]> {
  let missing: string[] = []
  const isSaid = async () => {
    const spoken = await spokenPage(page)
    missing = expected.flatMap((text) => (text === undefined ? ['nothing is written of it'] : unsaid(spoken, text)))
    return missing.length === 0
  }
  // What is missing says more than that something is.
  await waitUntil(isSaid, 'what the page says').catch(() => undefined)
  return [...missing, ...misspoken(await spokenPage(page))]
}

/** What is wrong with a state of a page: aloud, for axe in both themes, and on the smallest screen. */
export async function wrongIn(page: Page, ...expected: readonly string[]): Promise<string[]> {
  const aloud = await misheard(page, ...expected)
  const light = await violations(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await violations(page, ['color-contrast'])
  await page.emulateMedia({ colorScheme: 'light' })
  const size = page.viewportSize() ?? DESK
  await page.setViewportSize(SMALLEST)
  const wide = await widerThanWindow(page)
  await page.setViewportSize(size)
  return [...aloud, ...light, ...dark, ...wide]
}
