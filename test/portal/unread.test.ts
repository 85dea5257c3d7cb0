import { beforeAll, describe, expect, test, vi } from 'vitest'
import { hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { openPortal, people, type PortalTown } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

/** More than a list follows on channels. */
const THREADS = 14
const titleOf = (n: number) => `Sujet ${String(n).padStart(2, '0')}`

describe.skipIf(!hasBrowser)('the list of conversations', () => {
  let town: PortalTown
  let browser: Awaited<ReturnType<typeof openBrowser>>
  const threads = Array.from({ length: THREADS }, () => crypto.randomUUID())

  beforeAll(async () => {
    ;[town, browser] = await Promise.all([openPortal(), openBrowser()])
    const nurse = await town.as(people.homeNurse)
    for (const [n, threadId] of threads.entries())
      await nurse.says('POST', `/threads/${threadId}`, {
        kind: 'group',
        title: titleOf(n),
        members: [people.homeNurse.id, people.gp.id],
      })
  })

  test('says what is unread in any of somebody’s threads, also in the one that was silent the longest', async () => {
    const { page, faults } = await browser.device()
    await signIn(page, people.gp.name, `${town.url}/app/threads`)
    const items = page.getByRole('link', { name: /Sujet \d\d/ })
    await items.nth(THREADS - 1).waitFor()
    const [silent = ''] = threads
    const nurse = await town.as(people.homeNurse)
    await nurse.says('POST', `/threads/${silent}/posts/${crypto.randomUUID()}`, { text: 'Pansement refait.' })
    await items
      .filter({ hasText: titleOf(0) })
      .getByText(/non lu/)
      .waitFor()
    await nurse.says('POST', `/threads/${silent}/posts/${crypto.randomUUID()}`, { text: 'Appel de la famille.' })
    await items
      .filter({ hasText: titleOf(0) })
      .getByText(/2 non lu/)
      .waitFor()
    expect(faults).toEqual([])
  })
})
