import { readFile } from 'node:fs/promises'
import type { StartOptions } from '@relais/testkit/relais'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Device, openBrowser, signIn } from './browser.fixture.ts'
import { openPortal, type PortalTown } from './portal.fixture.ts'

type Visit = NonNullable<Parameters<Awaited<ReturnType<typeof openBrowser>>['device']>[0]>

/** In a night of winter: what is planned for tomorrow is of the next day, whenever the tests run. */
const EVENING = '2031-03-13T20:30:00.000Z'

/** How long something may take to be so: only there to name what never came. */
export const patience = { timeout: 15_000 }

/** A town in the evening, and people who come to it with a device each. */
export async function openStage(open: (options?: StartOptions) => Promise<PortalTown> = openPortal) {
  const [town, browser] = await Promise.all([open(), openBrowser()])
  await town.moveTo(EVENING)
  const devices: Device[] = []
  async function comes(person: { name: string }, path = '/', visit: Visit = {}): Promise<Page> {
    const device = await browser.device(visit)
    devices.push(device)
    await signIn(device.page, person.name, `${town.url}/app${path}`)
    return device.page
  }
  return {
    town,
    browser,
    comes,
    goTo: (page: Page, path: string) => page.goto(`${town.url}/app${path}`),
    /** What went wrong on any of the devices. */
    faults: () => devices.flatMap(({ faults }) => faults),
  }
}
export type Stage = Awaited<ReturnType<typeof openStage>>

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
export const dialogOf = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

/** What was done is said in the corner of the screen, and the way back where there is one. */
export const announced = (page: Page, text: string | RegExp) => page.getByRole('log').getByText(text).first().waitFor()
export async function undo(page: Page, text: string): Promise<void> {
  const corner = page.getByRole('log', { name: 'Ce qui vient de se passer' })
  const one = corner.locator('div').filter({ hasText: text }).last()
  await one.getByRole('button', { name: 'Annuler' }).click()
}

/** That it goes away, here or on the screen of somebody else. */
export const isGone = (page: Page, text: string | RegExp) =>
  expect.poll(() => page.getByRole('main').getByText(text).count(), patience).toBe(0)

/** The file that a press gives to whoever asked for it. */
export async function savedText(page: Page, press: Locator): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), press.click()])
  return readFile(await file.path(), 'utf8')
}
