import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { generatedFiles, isUpToDate } from './generated.ts'

const checks = process.argv.includes('--check')
const stale = generatedFiles().filter((file) => !isUpToDate(file))

for (const { path, content } of stale) {
  process.stdout.write(`${relative(process.cwd(), path)} ${checks ? 'differs from the contracts' : 'written'}\n`)
  if (checks) continue
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
if (checks && stale.length > 0) process.exitCode = 1
