import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startRelais } from '@relais/testkit/relais'
import { expect, test, vi } from 'vitest'
import { commandLine, repository } from '../command-line.fixture.ts'
import { hasBrowser, openBrowser, signInByHand } from './browser.fixture.ts'

// A first start, a browser and the command line, one after the other.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

/** What the README has its reader type, in that section. */
function commandOf(section: string): string[] {
  const [, text = ''] = readFileSync(join(repository, 'README.md'), 'utf8').split(`## ${section}\n`)
  const command = /^```sh\nnpx -y pnpm@12 relais (?<words>.+)\n```$/m.exec(text)?.groups?.['words']
  return command?.split(' ') ?? []
}

test.skipIf(!hasBrowser)('the two minutes of the README go as they are written', async () => {
  const platform = await startRelais({ env: { DEMONSTRATION_TERRITORY: 'true' } })
  const browser = await openBrowser()
  const gp = await browser.device()
  await signInByHand(gp.page, 'Camille TEST-AUBÉPINE', `${platform.url}/app/`)
  const words = commandOf('Two minutes, in a browser')
  const { stdout } = await commandLine(platform.folder).run(...words)
  expect(stdout).toMatch(/AA {2}.*admission\.er7\nAA {2}.*discharge\.er7/)

  await gp.page.getByText('TEST-LUPIN GASPARD').first().waitFor()
  const ward = await browser.device()
  await signInByHand(ward.page, 'Agathe TEST-ACHILLÉE', `${platform.url}/app/`)
  await ward.page.getByText('TEST-LUPIN GASPARD').first().waitFor()
  await expect.poll(() => ward.page.getByText(/Camille TEST-AUBÉPINE/).count(), { timeout: 10_000 }).toBeGreaterThan(0)

  await gp.page.keyboard.press('j')
  await gp.page.keyboard.press('Enter')
  await gp.page.getByRole('button', { name: /Prendre connaissance/ }).waitFor()
  await gp.page.keyboard.press('c')
  // The ward learns of it without asking again.
  await ward.page
    .getByText(/pris connaissance/)
    .first()
    .waitFor()
  expect([...gp.faults, ...ward.faults]).toEqual([])
})
