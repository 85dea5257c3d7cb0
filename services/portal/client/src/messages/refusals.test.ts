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
  return inOrder(new Set(found.map(([, code = '']) => code)))
}

function inOrder(codes: Iterable<string>): string[] {
  return [...codes].toSorted((one, other) => one.localeCompare(other))
}

/** What this application says by itself. */
const ofThePage = ['unreachable', 'unknown']

test('every refusal of the platform is explained in both languages, and nothing else is', () => {
  const codes = codesOfThePlatform()
  expect(codes.length).toBeGreaterThan(150)
  const explained = inOrder([...codes, ...ofThePage])
  expect(inOrder(Object.keys(refusalsFr))).toEqual(explained)
  expect(inOrder(Object.keys(refusalsEn))).toEqual(explained)
})

test('no refusal is explained with an empty sentence', () => {
  const sentences = [refusalsFr, refusalsEn].flatMap((words) => Object.values(words))
  expect(sentences.filter((sentence) => sentence.trim() === '')).toEqual([])
})
