import { DocumentRef } from '@relais/contracts/primitives'
import { waitUntil } from '@relais/testkit/wait-until'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, WARD } from '../loops/town.fixture.ts'
import { FACILITY } from '../people.fixture.ts'
import { type Device, hasBrowser, openBrowser, signIn, SMALLEST, widerThanWindow } from './browser.fixture.ts'
import { openPortal, people, type PortalTown } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

/** What would show that something of what was said ran: each of them writes here. */
const run = 'globalThis.wasRun=1'
const script = `<script>${run}</script>`
const image = `"><img src=x onerror=${run}>`
const link = `<a href="javascript:${run}">TEST</a>`
/** Turned around, and cut by characters that nobody sees. */
const turned = 'TEST-\u202Egnp.exe\u200B\u200D\u2066'
const endless = `TEST-${'W'.repeat(120)}`

const hostile = {
  familyName: `TEST-${script}`,
  givenName: `${image} ${turned}`,
  ward: `Médecine ${image}${link}`,
  title: `${script}${endless}`,
  text: `${image} ${link} javascript:${run} https://example.org/${'x'.repeat(200)} ${turned}\n${endless}`,
  fileName: `’ onerror=${run} &lt;script&gt; ${'y'.repeat(60)}.txt`,
}

describe.skipIf(!hasBrowser)('what hostile people, software and files say is text, and nothing else', () => {
  let town: PortalTown
  let gp: Device
  let nurse: Device
  const threadId = crypto.randomUUID()
  let patientId = ''
  let bystander = ''

  beforeAll(async () => {
    const [opened, browser] = await Promise.all([openPortal(), openBrowser()])
    town = opened
    const label = { label: hostile.ward, phone: '09 99 00 41 01', confidential: false }
    const renamed = `/directory/facilities/${FACILITY}/wards/${WARD}`
    await town.operator.asked({ method: 'PUT', path: renamed, body: label })
    const { familyName, givenName } = hostile
    const said = { familyName, givenName, wardLabel: hostile.ward, room: '<b>1', primaryPhysicianRpps: '99700000047' }
    await town.sends({ ...inhabitant(1), ...said, movement: 'H1' })
    await town.sends({ ...inhabitant(2), ...said, familyName: endless.slice(0, 100), movement: 'H2' })
    patientId = await town.idOf(inhabitant(1).ipp)
    bystander = await town.idOf(inhabitant(2).ipp)
    const ward = await town.as(people.wardNurse)
    await waitUntil(async () => (await town.pathway(ward, patientId)).entries.length > 0, 'the ward to see the patient')
    await ward.says('POST', `/threads/${threadId}`, { kind: 'patient', title: hostile.title.slice(0, 120), patientId })
    const { url } = town
    const kept = await fetch(`${url}/attachments?owner=${patientId}&documentId=${crypto.randomUUID()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ward.token}`, 'content-type': 'text/plain' },
      // A page that is said to be a text is refused by the platform itself.
      body: 'Compte rendu',
    })
    const attachments = [{ document: DocumentRef.parse(await kept.json()), fileName: hostile.fileName }]
    await ward.says('POST', `/threads/${threadId}/posts/${crypto.randomUUID()}`, { text: hostile.text, attachments })
    ;[gp, nurse] = await Promise.all([browser.device(), browser.device()])
    await signIn(gp.page, people.gp.name, `${town.url}/app/inbox`)
    await signIn(nurse.page, people.wardNurse.name, `${town.url}/app/ward/${WARD}`)
  })

  /** What ran, what was made of it, whom a link would ask, and what makes the page wider; nothing, where all is well. */
  async function harmOf(page: Page): Promise<string[]> {
    const harm = await page.evaluate(() => [
      ...('wasRun' in globalThis ? ['it ran'] : []),
      ...[...document.querySelectorAll('main img, body script, [onerror], [onclick]')].map(
        ({ outerHTML }) => outerHTML,
      ),
      ...[...document.querySelectorAll('a')].map(({ href }) => href).filter((href) => href.startsWith('javascript:')),
    ])
    const size = page.viewportSize() ?? SMALLEST
    harm.push(...(await widerThanWindow(page)))
    await page.setViewportSize(SMALLEST)
    harm.push(...(await widerThanWindow(page)))
    await page.setViewportSize(size)
    return harm
  }

  const shown = (page: Page, text: string) => page.getByRole('main').getByText(text).first().waitFor()

  test('on the board of a ward, and at a discharge', async () => {
    await shown(nurse.page, script)
    expect(await harmOf(nurse.page)).toEqual([])
    await nurse.page.getByRole('link', { name: 'Sortie', exact: true }).first().click()
    await nurse.page.getByRole('button', { name: 'Confirmer la sortie' }).waitFor()
    expect(await harmOf(nurse.page)).toEqual([])
  })

  test('in the inbox of a GP, and opened from there', async () => {
    await shown(gp.page, script)
    expect(await harmOf(gp.page)).toEqual([])
    await gp.page
      .getByRole('link', { name: /TEST-<script>/ })
      .first()
      .click()
    await gp.page.getByRole('heading', { level: 2, name: /TEST-<script>/ }).waitFor()
    expect(await harmOf(gp.page)).toEqual([])
  })

  test('in the pathway of a patient', async () => {
    for (const id of [patientId, bystander]) {
      await gp.page.goto(`${town.url}/app/patients/${id}`)
      await shown(gp.page, image)
      expect(await harmOf(gp.page)).toEqual([])
    }
  })

  test('in a conversation, its title and its messages', async () => {
    await gp.page.goto(`${town.url}/app/threads/${threadId}`)
    await shown(gp.page, image)
    await shown(gp.page, hostile.fileName.slice(0, 20))
    expect(await harmOf(gp.page)).toEqual([])
    await gp.page.goto(`${town.url}/app/threads`)
    await shown(gp.page, script)
    expect(await harmOf(gp.page)).toEqual([])
  })

  test('in the address of a page', async () => {
    for (const path of [
      `/inbox?item=${image}`,
      `/patients/${encodeURIComponent(image)}`,
      `/${encodeURIComponent(script)}`,
      `/sign-in?return=javascript:${run}`,
    ]) {
      await gp.page.goto(`${town.url}/app${path}`)
      await gp.page.getByRole('main').waitFor()
      expect(new URL(gp.page.url()).origin).toBe(town.url)
      expect(await harmOf(gp.page)).toEqual([])
    }
  })

  test('and the policy of the page had nothing to refuse', () => expect([...gp.faults, ...nurse.faults]).toEqual([]))
})
