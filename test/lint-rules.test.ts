import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'

const repository = fileURLToPath(new URL('..', import.meta.url))

const cast = `export const stay = JSON.parse('{}')`
const broken: Record<string, string> = {
  'relais(no-double-cast)': `// for a reason\n${cast} as unknown as { id: string }\n`,
  'relais(cast-has-reason)': `${cast} as { id: string }\n`,
  'relais(no-export-star)': `export * from './other.ts'\n`,
  'typescript(no-explicit-any)': 'export const stay: any = 1\n',
  'typescript(no-floating-promises)': 'Promise.resolve(1)\n',
  'typescript(switch-exhaustiveness-check)':
    "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n",
  'import(no-default-export)': 'export default 1\n',
  'eslint(max-params)': 'export function f(a: 1, b: 1, c: 1, d: 1) {\n  return [a, b, c, d]\n}\n',
  'eslint(max-lines)': `export const line = 1\n${'// and more\n'.repeat(400)}`,
  'eslint(no-console)': "console.log('a name')\n",
  'eslint(no-warning-comments)': '// FIXME: later\nexport const stay = 1\n',
}
const sound = {
  'services/cli/src/main.ts': "console.log('to the person who asked')\n",
  'services/stays/src/sound.ts': `/** Parsed just above. */\n${cast} as { id: string }\nexport const kinds = ['a'] as const\n`,
  'services/stays/src/sound.test.ts': `${cast} as { id: string }\n${'// a long test\n'.repeat(401)}`,
}

/** What this repository's rules find in these files, as `<file> <rule>`. They are copied: their paths are relative. */
function findings(files: Record<string, string>): Promise<string[]> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true } }))
  const rules = readFileSync(join(repository, '.oxlintrc.json'), 'utf8')
  writeFileSync(join(folder, '.oxlintrc.json'), rules.replace('./.ci/', join(repository, '.ci/')))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const args = ['--type-aware', '--format=unix']
  return new Promise((resolve) => {
    execFile(join(repository, 'node_modules/.bin/oxlint'), args, { cwd: folder }, (_, stdout) => {
      const lines = stdout.matchAll(/^(?<file>[^:\n]+):.*\[\w+\/(?<rule>[^\]]+)\]$/gm)
      resolve([...lines].map(({ groups }) => `${groups?.['file']} ${groups?.['rule']}`))
    })
  })
}

test('what style forbids is found, file by file', async () => {
  const files = Object.entries(broken).map(([rule, text], n) => ({ rule, file: `services/stays/src/f${n}.ts`, text }))
  const found = await findings(Object.fromEntries(files.map(({ file, text }) => [file, text])))
  const missed = files.filter(({ file, rule }) => !found.includes(`${file} ${rule}`))
  expect(missed.map(({ rule }) => rule)).toEqual([])
})

test('what style allows is left alone', async () => {
  expect(await findings(sound)).toEqual([])
})
