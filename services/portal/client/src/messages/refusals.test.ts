import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusalsEn } from './refusals-en.ts'
import { refusalsFr } from './refusals-fr.ts'

const root = join(import.meta.dirname, '../../../../..')

/** Every `{ code, status, title }` that a service of the platform answers with. */
function codesOfThePlatform(): string[] {
  const files = globSync('{contracts,packages,services}/**/src/**/*.ts', { cwd: root }).filter(
    (file) => !file.includes('node_modules') && !/\.(test|fixture)\.ts$/.test(file),
  )
  const found = files.flatMap((file) => [
    ...readFileSync(join(root, file), 'utf8').matchAll(/\bcode: '([A-Za-z]+)',\s*status: [45]\d\d\b/g),
  ])
  return [...new Set(found.map(([, code = '']) => code))].sort()
}

/** What this application says by itself. */
const ofThePage = ['unreachable', 'unknown']

test('every refusal of the platform is explained in both languages, and nothing else is', () => {
  const codes = codesOfThePlatform()
  expect(codes.length).toBeGreaterThan(150)
  const explained = [...codes, ...ofThePage].sort()
  expect(Object.keys(refusalsFr).sort()).toEqual(explained)
  expect(Object.keys(refusalsEn).sort()).toEqual(explained)
})

test('no refusal is explained with an empty sentence', () => {
  for (const words of [refusalsFr, refusalsEn])
    for (const [code, sentence] of Object.entries(words)) expect(sentence.trim(), code).not.toBe('')
})
