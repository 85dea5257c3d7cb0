import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { report } from './portal.fixture.ts'

vi.setConfig({ hookTimeout: 120_000 })

/** Of JavaScript, gzipped: what a phone on a slow line waits for before it shows what there is to do. */
const BUDGET_KIBIBYTES = 200
const PAGE = 'index.html'
/** What the first screen of a GP has in addition to the frame: what makes it live, and the inbox. */
const FIRST_SCREEN = ['src/live/channels-client.ts', 'src/pages/inbox/inbox-page.tsx']

const Manifest = z.record(
  z.string(),
  z.object({ file: z.string(), imports: z.array(z.string()).default([]), css: z.array(z.string()).default([]) }),
)
type Manifest = z.infer<typeof Manifest>

/** These chunks, and what each of them cannot do without. */
function withImports(keys: readonly string[], known = new Set<string>()): Set<string> {
  for (const key of keys.filter((one) => !known.has(one))) {
    expect(manifest).toHaveProperty([key])
    known.add(key)
    withImports(manifest[key]?.imports ?? [], known)
  }
  return known
}

/** Built beside what is handed out, so that nobody waits for this. */
const built = temporaryFolder()
let manifest: Manifest
beforeAll(() => {
  const portal = join(import.meta.dirname, '../../services/portal')
  const vite = join(portal, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--outDir', built, '--emptyOutDir', '--logLevel', 'error']
  execFileSync(process.execPath, args, { cwd: portal, stdio: 'pipe', env: { ...process.env, NODE_ENV: 'production' } })
  manifest = Manifest.parse(JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8')))
})

function weigh(keys: Iterable<string>): number {
  const files = [...keys].flatMap((key) => manifest[key]?.file ?? []).filter((file) => file.endsWith('.js'))
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file)), { level: 9 }).length, 0) / 1024
}

test('what is loaded before the first screen of a GP is there stays below 200 KiB', () => {
  const kibibytes = weigh(withImports([PAGE, ...FIRST_SCREEN]))
  report(`the first load has ${kibibytes.toFixed(1)} KiB of JavaScript, gzipped`)
  expect(kibibytes).toBeLessThan(BUDGET_KIBIBYTES)
  // Less would be a list that forgot something.
  expect(kibibytes).toBeGreaterThan(BUDGET_KIBIBYTES / 2)
})

test('no other page brings more than a quarter of that along', () => {
  const first = withImports([PAGE, ...FIRST_SCREEN])
  const pages = Object.keys(manifest).filter((key) => key.startsWith('src/pages/'))
  expect(pages.length).toBeGreaterThan(5)
  const heavy = pages
    .map((page) => ({ page, kibibytes: weigh([...withImports([page])].filter((key) => !first.has(key))) }))
    .filter(({ kibibytes }) => kibibytes > BUDGET_KIBIBYTES / 4)
  expect(heavy).toEqual([])
})
