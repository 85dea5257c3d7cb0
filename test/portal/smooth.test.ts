import { insKeyOf } from '@relais/hl7v2/checks'
import type { Page, Route, WebSocketRoute } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { inhabitant, WARD } from '../loops/town.fixture.ts'
import { hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { EHPAD, openPortal, people, type PortalTown, report, resident } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ITEMS = 5000
const RESIDENTS = 200
const ENTRIES = 2000
const EVENTS_A_SECOND = 50
const SECONDS = 4

const Json = z.record(z.string(), z.unknown())
const Rows = z.array(Json)

/**
 * What is measured is the page, with more than a hospital sends in a year: the platform answers one of each, and its answer
 * is multiplied on the way. How long the longest task took is said and not asserted: on a machine that has other things to
 * do, it says more about these.
 */
describe.skipIf(!hasBrowser)('a page with a great deal on it', () => {
  let town: PortalTown
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let patientId = ''

  beforeAll(async () => {
    ;[town, browser] = await Promise.all([openPortal(), openBrowser()])
    const elder = { ...inhabitant(1), familyName: 'TEST-SAUGE', givenName: 'SIMONE' }
    const ins = `${elder.insBody}${insKeyOf(elder.insBody ?? '') ?? ''}`
    const who = { birthName: 'TEST-SAUGE', givenNames: 'SIMONE', birthDate: '1941-07-09', sex: 'F' as const, ins }
    await resident(town, { room: '101', ...who })
    await town.sends({ ...elder, movement: 'L1', primaryPhysicianRpps: '99700000047' })
    patientId = await town.idOf(elder.ipp)
  })

  /** Answers what the platform answers, with so many of what is in `list`; a quarter of these in another room each time. */
  function multiplied(list: string, count: number) {
    let asked = 0
    return async (route: Route) => {
      asked += 1
      const response = await route.fetch()
      const body = Json.parse(await response.json())
      const [first, ...others] = Rows.parse(body[list])
      const moved = (index: number) => (index % 4 === asked % 4 ? { room: String(100 + ((index + asked) % 90)) } : {})
      const copies = Array.from({ length: first ? count : 0 }, (_, index) => ({
        ...copyOf(first ?? {}, index),
        ...(first && 'room' in first ? moved(index) : {}),
      }))
      await route.fulfill({ response, json: { ...body, [list]: [...copies, ...others].slice(0, count) } })
    }
  }

  async function longestTask(page: Page, during: () => Promise<void>): Promise<number> {
    await page.evaluate(() => {
      globalThis.longTasks = []
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longTasks?.push(duration)
      }).observe({ type: 'longtask' })
    })
    await during()
    return page.evaluate(() => Math.round(Math.max(0, ...(globalThis.longTasks ?? []))))
  }
  const said = (what: string, milliseconds: number) =>
    report(`${what}: the longest task took ${milliseconds === 0 ? 'less than 50' : milliseconds} ms`)

  test(`an inbox of ${ITEMS} items is scrolled`, async () => {
    const { page, faults } = await browser.device()
    await page.route(/\/app\/api\/inbox\?.*status=open/, multiplied('items', ITEMS))
    await signIn(page, people.gp.name, `${town.url}/app/inbox`)
    await page.getByRole('heading', { level: 2, name: new RegExp(String(ITEMS)) }).waitFor()
    await page.waitForLoadState('networkidle')
    const longest = await longestTask(page, async () => {
      for (let step = 0; step < 60; step += 1) {
        await page.mouse.wheel(0, 1200)
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
      }
    })
    said(`${ITEMS} items scrolled`, longest)
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(10_000)
    expect(await page.getByRole('listitem').count()).toBeLessThan(200)
    expect(faults).toEqual([])
  })

  test(`a board of ${RESIDENTS} residents takes ${EVENTS_A_SECOND} events a second`, async () => {
    const { page, context, faults } = await browser.device()
    let socket: WebSocketRoute | undefined
    let entry: z.infer<typeof Json> | undefined
    await context.routeWebSocket(/\/channels$/, (near) => {
      socket = near
      near.connectToServer().onMessage((frame) => {
        const told = Json.parse(JSON.parse(String(frame)))
        if (told['type'] === 'entry') entry = told
        near.send(frame)
      })
    })
    await page.route(/\/app\/api\/boards\/ehpad\//, multiplied('rows', RESIDENTS))
    await signIn(page, people.ehpad.name, `${town.url}/app/ehpad/${EHPAD}`)
    await page.getByText(`${RESIDENTS} résidents`).waitFor()
    await expect.poll(() => entry, { timeout: 15_000 }).toBeDefined()
    await page.waitForLoadState('networkidle')
    const longest = await longestTask(page, async () => {
      for (let sent = 0; sent < EVENTS_A_SECOND * SECONDS; sent += 1) {
        socket?.send(JSON.stringify(entry))
        await page.evaluate((wait) => new Promise((resolve) => setTimeout(resolve, wait)), 1000 / EVENTS_A_SECOND)
      }
    })
    said(`${RESIDENTS} residents, ${EVENTS_A_SECOND} events a second`, longest)
    expect(faults).toEqual([])
  })

  test(`a pathway of ${ENTRIES} entries is usable`, async () => {
    const { page, faults } = await browser.device()
    await page.route(/\/app\/api\/pathways\/[^/?]+(\?.*)?$/, multiplied('entries', ENTRIES))
    await signIn(page, people.wardNurse.name, `${town.url}/app/ward/${WARD}`)
    await page.goto(`${town.url}/app/patients/${patientId}`)
    await page.getByRole('heading', { level: 1, name: /TEST-SAUGE/ }).waitFor()
    await page.waitForLoadState('networkidle')
    const scrolled = await longestTask(page, async () => {
      for (let step = 0; step < 30; step += 1) await page.mouse.wheel(0, 1200)
    })
    said(`${ENTRIES} entries scrolled`, scrolled)
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThan(50_000)
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(10_000)
    expect(faults).toEqual([])
  })
})

declare global {
  // Written into pages by `longestTask`.
  var longTasks: number[] | undefined
}

/** The same about somebody else: what has an id of its own has another one, and the same one when it is asked for again. */
function copyOf(row: z.infer<typeof Json>, index: number): z.infer<typeof Json> {
  if (index === 0) return row
  const own = ['stayId', 'noticeId', 'residentId', 'entryId', 'id'].filter((name) => typeof row[name] === 'string')
  return { ...row, ...Object.fromEntries(own.map((name) => [name, idOf(index)])) }
}

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
