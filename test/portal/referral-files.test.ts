import { readFile } from 'node:fs/promises'
import { waitUntil } from '@relais/testkit/wait-until'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant } from '../loops/town.fixture.ts'
import { type Device, hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { cutFor, type Network, openNetwork } from './network.fixture.ts'
import { openPortal, people, type PortalTown } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const LIMIT = 400_000
const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n%âãÏÓ\n', 'latin1'), Buffer.alloc(size, ' ')])
const page = Buffer.from('<!DOCTYPE html><html><script>alert(1)</script></html>')
const ecg = { name: 'ECG du 3 novembre.pdf', mimeType: 'application/pdf', buffer: pdf(3000) }
const letter = { name: 'lettre.pdf', mimeType: 'application/pdf', buffer: pdf(300_000) }
/** What is chosen, and what is said of it; each is left out again. */
const refused = [
  [{ ...ecg, name: 'ecg\u202Efdp.exe' }, 'ce nom de fichier n’est pas accepté : renommez-le'],
  [{ ...ecg, name: 'ecg.exe' }, 'le nom ne finit pas comme un fichier de ce type'],
  [{ ...ecg, buffer: page }, 'ce fichier n’est pas du type annoncé, ou ce type ne peut pas être joint'],
  [{ ...ecg, buffer: pdf(LIMIT) }, 'le fichier est trop volumineux'],
  [{ ...ecg, buffer: Buffer.alloc(0) }, 'le fichier est vide'],
] as const

describe.skipIf(!hasBrowser)('files go with what is asked, and with what is answered', () => {
  let town: PortalTown
  let network: Network
  let gp: Device
  let specialist: Device
  let secretary: Device
  let referralId = ''

  beforeAll(async () => {
    network = await openNetwork()
    const [opened, browser] = await Promise.all([
      openPortal({ env: { ATTACHMENT_MAX_BYTES: String(LIMIT), PORTAL_URL: network.url } }),
      openBrowser(),
    ])
    town = opened
    network.leadTo(town.platform.url)
    await town.sends({ ...inhabitant(1), movement: 'F1', primaryPhysicianRpps: '99700000047' })
    const patientId = await town.idOf(inhabitant(1).ipp)
    const asks = await town.as(people.gp)
    const sees = async () => (await asks.asked({ path: `/pathways/${patientId}` })).status === 200
    await waitUntil(sees, 'the GP to see the patient')
    ;[gp, specialist, secretary] = await Promise.all([browser.device(), browser.device(), browser.device()])
    await Promise.all([
      signIn(gp.page, people.gp.name, `${network.url}/app/referrals/new?patient=${patientId}`),
      signIn(specialist.page, people.clinicGp.name, `${network.url}/app/referrals`),
      signIn(secretary.page, people.secretary.name, `${network.url}/app/referrals`),
    ])
  })

  const button = (on: Page, name: string | RegExp) => on.getByRole('button', { name })
  const parts = (on: Page) => on.getByRole('list', { name: 'Pièces jointes' })
  const file = (on: Page, name: string) => on.getByRole('link', { name: new RegExp(`^${name}`) })
  type File = { name: string; mimeType: string; buffer: Buffer }
  const join = (on: Page, ...files: readonly File[]) =>
    on.locator('input[type=file]').setInputFiles(files.map((one) => ({ ...one })))

  /** Saves a file as a person would, and says what it holds and under which name. */
  async function saved(on: Page, name: string) {
    const [download] = await Promise.all([on.waitForEvent('download'), file(on, name).click()])
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }

  test('what cannot be joined is refused in words, each in its own, and nothing that was written is lost', async () => {
    const { page: on } = gp
    await on.getByLabel('Objet').fill('Cardiologie')
    await on.getByLabel('Votre question').fill('Palpitations depuis lundi, bilan ?')
    for (const [chosen, why] of refused) {
      await join(on, chosen)
      const line = parts(on).getByRole('alert')
      await line.getByText(why).waitFor()
      await parts(on)
        .getByRole('button', { name: /^Retirer/ })
        .click()
      await line.waitFor({ state: 'detached' })
    }
    await join(on, ...Array.from({ length: 11 }, (_, n) => ({ ...ecg, name: `ecg ${n}.pdf` })))
    await parts(on).getByText('ecg 10.pdf : dix pièces jointes au plus').waitFor()
    await parts(on).getByText('ecg 9.pdf (3 Ko)').waitFor()
    expect(await parts(on).getByRole('listitem').count()).toBe(11)
    for (let left = 11; left > 0; left -= 1)
      await parts(on)
        .getByRole('button', { name: /^Retirer/ })
        .first()
        .click()
    expect(await parts(on).count()).toBe(0)
    expect(await on.getByLabel('Votre question').inputValue()).toBe('Palpitations depuis lundi, bilan ?')
  })

  test('a file that has arrived is there after a reload, with the text, and goes with the request', async () => {
    const { page: on } = gp
    await join(on, ecg)
    await parts(on).getByText('ECG du 3 novembre.pdf (3 Ko)').waitFor()
    await on.reload()
    await parts(on).getByText('ECG du 3 novembre.pdf (3 Ko)').waitFor()
    expect(await on.getByLabel('Objet').inputValue()).toBe('Cardiologie')
    await on.getByLabel('Chercher une personne, une équipe, un service').fill('Conte')
    await button(on, /Maison de santé du Conte/)
      .first()
      .click()
    await on.getByRole('list', { name: 'Services' }).getByRole('button').first().click()
    await join(on, { ...ecg, name: 'page.pdf', buffer: page })
    await parts(on).getByRole('alert').waitFor()
    await button(on, 'Envoyer la demande').click()
    await on.getByText('Un fichier n’est pas parti : réessayez, ou retirez-le.').waitFor()
    await button(on, 'Retirer page.pdf').click()
    await button(on, 'Envoyer la demande').click()
    await on.waitForURL(/\/referrals\/[0-9a-f-]{36}$/)
    referralId = on.url().split('/').at(-1) ?? ''
    expect(await saved(on, 'ECG du 3 novembre.pdf')).toEqual({ name: ecg.name, bytes: ecg.buffer })
  })

  test('the secretary who sorts the queue sees neither the file nor its name, and does not open it', async () => {
    const { page: on } = secretary
    await on.goto(`${network.url}/app/referrals/${referralId}`)
    await on.getByText('Le contenu n’est montré qu’à ceux qui soignent.').waitFor()
    expect(await on.getByText(/ECG|\.pdf/).count()).toBe(0)
    const address = await file(gp.page, 'ECG').getAttribute('href')
    expect(await on.evaluate(async (asked) => (await fetch(asked)).status, address ?? '')).toBe(404)
  })

  test('who is asked sees its name, its size and what it is, and saves it: nothing is shown in the page', async () => {
    const { page: on } = specialist
    await on.goto(`${network.url}/app/referrals/${referralId}`)
    await file(on, 'ECG').waitFor()
    expect(await parts(on).innerText()).toMatch(/^ECG du 3 novembre\.pdf \(3 Ko\)\s+PDF$/)
    expect(await saved(on, 'ECG')).toEqual({ name: ecg.name, bytes: ecg.buffer })
    const address = (await file(on, 'ECG').getAttribute('href')) ?? ''
    const headers = await on.evaluate(async (asked) => Object.fromEntries((await fetch(asked)).headers), address)
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': expect.stringMatching(/^attachment; /),
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
    })
  })

  test('a letter whose sending is cut is sent again and goes with the answer; what was typed stays', async () => {
    const { page: on, context } = specialist
    await button(on, 'Accepter').click()
    await button(on, 'Répondre…').click()
    const dialog = on.getByRole('dialog')
    await dialog.getByLabel('Votre réponse').fill('Holter normal, revoir dans un an.')
    const session = await context.newCDPSession(on)
    // So slow that the file is on its way when the network goes.
    const line = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 20_000 }
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', line)
    await join(on, letter)
    await dialog.getByText(/^lettre\.pdf : \d+ %$/).waitFor()
    expect(await button(on, 'Envoyer la réponse').isDisabled()).toBe(true)
    const restore = await cutFor(context, network)
    await dialog.getByText('lettre.pdf : pas de réponse : réessayez').waitFor()
    await button(on, 'Envoyer la réponse').click()
    await dialog.getByText('Un fichier n’est pas parti : réessayez, ou retirez-le.').waitFor()
    await session.send('Network.emulateNetworkConditions', { ...line, uploadThroughput: -1 })
    await restore()
    await dialog.getByRole('button', { name: 'Réessayer' }).click()
    await dialog.getByText('lettre.pdf (293 Ko)').waitFor()
    await button(on, 'Annuler').click()
    await button(on, 'Répondre…').click()
    expect(await dialog.getByLabel('Votre réponse').inputValue()).toBe('Holter normal, revoir dans un an.')
    await dialog.getByText('lettre.pdf (293 Ko)').waitFor()
    await button(on, 'Envoyer la réponse').click()
    await file(on, 'lettre').waitFor()
  })

  test('who asked reads the answer and saves its letter', async () => {
    const { page: on } = gp
    await on.getByText('Holter normal, revoir dans un an.').waitFor()
    expect(await saved(on, 'lettre.pdf')).toEqual({ name: 'lettre.pdf', bytes: letter.buffer })
    await secretary.page.reload()
    await secretary.page.getByText('Le contenu n’est montré qu’à ceux qui soignent.').waitFor()
    expect(await secretary.page.getByText(/lettre|\.pdf/).count()).toBe(0)
    expect([...gp.faults, ...specialist.faults, ...secretary.faults]).toEqual([])
  })
})
