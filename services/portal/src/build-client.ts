import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'vite'

/**
 * Builds the browser application of a service into its `dist/`: a process of its own, started by `client-build.ts`, and
 * what makes images. Written beside, then put in its place whole.
 */
const [service = join(import.meta.dirname, '..'), sources] = process.argv.slice(2)
const COMPRESSED = /\.(?:css|js|svg|json|webmanifest)$/

// On the same disk, and nowhere that anybody looks.
const drafts = join(service, 'node_modules/.drafts')
mkdirSync(drafts, { recursive: true })
const beside = mkdtempSync(join(drafts, 'dist-'))
process.once('exit', () => rmSync(beside, { recursive: true, force: true }))
process.once('SIGTERM', () => process.exit(1))

const configFile = join(service, 'vite.config.ts')
await build({ root: join(service, 'client'), configFile, logLevel: 'error', build: { outDir: beside } })
for (const entry of readdirSync(beside, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !COMPRESSED.test(entry.name)) continue
  const file = join(entry.parentPath, entry.name)
  const bytes = readFileSync(file)
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`${file}.br`, brotliCompressSync(bytes))
}
if (sources !== undefined) writeFileSync(join(beside, '.sources'), sources)
// Whoever serves it may be somebody else.
chmodSync(beside, 0o755)
const dist = join(service, 'dist')
// Where another process built the same meanwhile, it is handed out already.
if (sources === undefined || builtFrom(dist) !== sources) {
  // Out of the way first: whoever looks in between finds nothing for as short as can be.
  if (existsSync(dist)) renameSync(dist, `${beside}-before`)
  renameSync(beside, dist)
  rmSync(`${beside}-before`, { recursive: true, force: true })
}

function builtFrom(folder: string): string | undefined {
  const file = join(folder, '.sources')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
