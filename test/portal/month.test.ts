import type { InboxItem } from '@relais/contracts/boards'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { seeded } from '../mortal.fixture.ts'
import { hasBrowser, openBrowser, PHONE, signIn, widerThanWindow } from './browser.fixture.ts'
import { DAYS, EVENING, monthFrom, PATIENTS } from './month.fixture.ts'
import { openPractice, type Practice } from './month-practice.fixture.ts'
import { DAY, HOUR, localAt } from './month-visit.fixture.ts'
import { people, report } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

const SEED = 1200
/** Of what waits in the evening of a working day, the GP deals with so much; until the last days, which are off. */
const DEALT = 0.6
const OFF_FROM = DAYS - 5

let practice: Practice
beforeAll(async () => {
  practice = await openPractice()
})

test('on each evening of a month, the inbox of a GP holds one item for each stay, as it stands, and nothing else', async () => {
  const { town, toBe } = practice
  const midnight = Math.ceil(Date.parse(await town.now()) / DAY) * DAY + DAY
  const morning = midnight - Number(localAt(midnight).slice(8, 10)) * HOUR
  const { announced, days } = monthFrom(morning, SEED)
  const random = seeded(SEED)
  await practice.announce(announced)
  let dealt = 0
  for (const [day, steps] of days.entries()) {
    await practice.evening(morning + day * DAY + EVENING, steps)
    const [open, done] = [await practice.inbox('open'), await practice.inbox('done')]
    const found = { day, open: practice.linesOf(open), done: practice.linesOf(done) }
    expect.soft(found).toEqual({ day, open: toBe.open(), done: toBe.done() })
    const isAtWork = day % 7 < 5 && day < OFF_FROM
    const now = open.filter(() => isAtWork && random() < DEALT)
    for (const item of now) await practice.deals(item)
    dealt += now.length
  }
  const messages = announced.length + days.flat().length
  const [open, done] = [toBe.open().length, toBe.done().length]
  report(
    `${PATIENTS} patients of a GP, ${messages} messages in ${DAYS} days, ${announced.length} of them of identity: ` +
      `${open + done} items, ${open} open at the end; ${dealt} gestures, ${toBe.again()} items came back`,
  )
})

const shownIn = (page: Page) => page.getByRole('region', { name: 'Éléments' }).getByRole('listitem')
type Line = { text: string; href: string }

/** A list of which only what is in the window is there, from its first line to its last. */
async function linesOf(page: Page): Promise<Line[]> {
  const lines = new Map<number, Line>()
  const shown = shownIn(page)
  await shown.first().waitFor()
  // Names come after the list.
  await shown.filter({ hasText: '…' }).first().waitFor({ state: 'detached' })
  let count = 1
  while (lines.size < count) {
    const seen = await shown.evaluateAll((items) =>
      items.map((item) => ({
        place: Number(item.getAttribute('aria-posinset')),
        count: Number(item.getAttribute('aria-setsize')),
        text: item.textContent,
        href: item.querySelector('a')?.href ?? '',
      })),
    )
    for (const { place, text, href } of seen) lines.set(place, { text, href })
    count = seen[0]?.count ?? 0
    if (lines.size < count) await page.mouse.wheel(0, 300)
  }
  return [...lines].toSorted(([one], [other]) => one - other).map(([, line]) => line)
}

/** What is expected and by when; of who is to come, when. */
function wordsFor(item: InboxItem): RegExp {
  if (item.kind === 'stay' && item.expected.action === 'planFollowUp')
    return /Organiser la suite · (pour|depuis) .*\d\d:\d\d/
  const isToCome = item.kind === 'stay' && item.standing.status === 'expected'
  return isToCome ? /Entrée annoncée · .*\d\d:\d\d · .*Prendre connaissance$/ : /Prendre connaissance$/
}

test.skipIf(!hasBrowser)('at the end of the month, on a phone: a line for each stay, what is due first', async () => {
  const browser = await openBrowser()
  const { page, faults } = await browser.device({ viewport: PHONE, hasTouch: true })
  await signIn(page, people.gp.name, `${practice.town.url}/app/`)
  const items = await practice.inbox('open')
  const [first, second] = items
  if (!first || !second) throw new Error('Nothing is left to be done')
  const lines = await linesOf(page)
  expect(new Set(lines.map(({ href }) => href)).size).toBe(practice.toBe.open().length)
  expect(lines).toHaveLength(items.length)
  for (const [index, item] of items.entries()) {
    const { text = '' } = lines[index] ?? {}
    expect(text).toContain(practice.nameOf(item))
    expect(text).toMatch(wordsFor(item))
  }
  expect(await widerThanWindow(page)).toEqual([])

  await shownIn(page).first().getByRole('link').tap()
  await page.getByRole('button', { name: 'Suite organisée' }).tap()
  await page
    .getByRole('log')
    .getByText(/^Trait/)
    .waitFor()
  await page.getByRole('link', { name: 'Retour à la liste' }).tap()
  await page
    .getByRole('link', { name: practice.nameOf(second) })
    .first()
    .waitFor()
  expect((await practice.inbox('open')).length).toBe(items.length - 1)
  expect(faults).toEqual([])
})
