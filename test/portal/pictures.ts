import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runCleanups } from '@relais/testkit/cleanup'
import type { Page } from 'playwright-core'
import { hasBrowser, openBrowser, PHONE, signIn } from './browser.fixture.ts'
import { openTerritory, type PortalTown } from './portal.fixture.ts'

/**
 * Takes the pictures of `docs/guides` from the running application: the demonstration, of which one day was played, that
 * evening and the morning after. The day is always the same one, so that the pictures are.
 */
const FOLDER = join(import.meta.dirname, '../../docs/guides/pictures')
const MOST_KIBIBYTES = 150
/** To come: the clock of a demonstration never goes back. The day that is played is the one after. */
const EVE = '2031-03-12T05:00:00.000Z'
const EVENING = '2031-03-13T21:45:00.000Z'
const MORNING = '2031-03-14T06:30:00.000Z'
const SHEET = { width: 1040, height: 700 }

type Picture = {
  file: string
  who: string
  path: string
  /** Links to follow, by their address, or what to press. */
  through?: readonly RegExp[]
  press?: string
  viewport?: { width: number; height: number }
}

const EHPAD = '/ehpad/990000028'
const gp = 'Camille TEST-AUBÉPINE'
const nurse = 'Ismaël TEST-BADIANE'
const house = 'Solène TEST-LISERON'
const coordination = 'Estelle TEST-PALOMBE'

const evening: readonly Picture[] = [{ file: 'ehpad-nuit', who: house, path: `${EHPAD}/night` }]
const morning: readonly Picture[] = [
  { file: 'medecin-a-traiter', who: gp, path: '/inbox', through: [/item=/] },
  { file: 'medecin-telephone', who: gp, path: '/inbox', through: [/item=stay/], viewport: PHONE },
  { file: 'medecin-parcours', who: gp, path: '/inbox', through: [/item=stay/, /\/patients\//] },
  { file: 'service-tableau', who: nurse, path: '/ward/4102' },
  { file: 'service-sortie', who: nurse, path: '/ward/4102', through: [/\/discharge$/], press: 'EHPAD' },
  { file: 'conversation', who: nurse, path: '/threads', through: [/\/threads\/[0-9a-f-]{36}/] },
  { file: 'ehpad-tableau', who: house, path: EHPAD },
  { file: 'ehpad-mur', who: house, path: `${EHPAD}/wall`, viewport: { width: 1280, height: 720 } },
  { file: 'protocole', who: coordination, path: '/protocols', through: [/\/protocols\/(?!new)[^/]+$/, /\/edit$/] },
  { file: 'chiffres', who: coordination, path: '/statistics' },
]

async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForLoadState('networkidle')
}

async function takePictures(): Promise<void> {
  const [town, browser] = await Promise.all([openTerritory({ before: (opened) => opened.moveTo(EVE) }), openBrowser()])
  const devices = new Map<string, Page>()
  async function pageOf(who: string): Promise<Page> {
    const known = devices.get(who)
    if (known) return known
    const { page } = await browser.device()
    await signIn(page, who, `${town.url}/app/preferences`)
    devices.set(who, page)
    return page
  }
  const takeAll = async (pictures: readonly Picture[]) => {
    for (const picture of pictures) await take(town, await pageOf(picture.who), picture)
  }
  await town.moveTo(EVENING)
  await takeAll(evening)
  await town.moveTo(MORNING)
  await takeAll(morning)
}

async function take(town: PortalTown, page: Page, { file, path, through = [], press, viewport = SHEET }: Picture) {
  await page.setViewportSize(viewport)
  await page.goto(`${town.url}/app${path}`)
  for (const leading of through) {
    await settled(page)
    const links = await page.getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
    const found = links.find((href) => leading.test(href))
    if (found === undefined) throw new Error(`${file}: ${path} has no link like ${leading.source}`)
    await page.goto(`${town.url}${found}`)
  }
  await settled(page)
  if (press !== undefined) await page.getByRole('radio', { name: press }).check()
  await page.waitForLoadState('networkidle')
  const target = join(FOLDER, `${file}.png`)
  await page.screenshot({ path: target, animations: 'disabled', caret: 'hide' })
  const kibibytes = statSync(target).size / 1024
  process.stdout.write(`${file}.png ${kibibytes.toFixed(0)} KiB\n`)
  if (kibibytes > MOST_KIBIBYTES) throw new Error(`${file}.png is too large for a guide`)
}

if (!hasBrowser) process.exit(1)
mkdirSync(FOLDER, { recursive: true })
try {
  await takePictures()
} finally {
  await runCleanups()
}
