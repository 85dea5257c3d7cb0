import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileOf, FINESS_HEAD, finessLine, latin1, RPPS_HEAD, rppsLine } from './extracts.fixture.ts'
import { finessFormat } from './finess-format.ts'
import type { Format } from './format.ts'
import { readPart, type Reading } from './read-part.ts'
import { rppsFormat } from './rpps-format.ts'

const nothing: Reading = { lines: 0, encoding: undefined, firstLine: undefined }
const numbers = ['990000028', '990000036', '990000044', '990000051']
const physicians = ['10002909371', '10002909371', '10000023084', '10000023084', '10000023084', '10002909389']

/** Reads a file in parts of so many bytes, each from where the one before ended. */
function readInParts<Item>(format: Format<Item>, file: Uint8Array, size: number) {
  const found: string[] = []
  const notes: string[] = []
  let reading = nothing
  for (let offset = 0, parts = 0; offset < file.length; parts += 1) {
    if (parts > file.length) throw new Error('It never ends')
    const bytes = file.subarray(offset, offset + size)
    const part = readPart(format, reading, { bytes, isLast: offset + bytes.length === file.length })
    if ('refusal' in part) return part.refusal
    found.push(...part.items.map(({ subject, line }) => `${line} ${subject}`))
    notes.push(...part.notes.map(({ line, reason }) => `${line} ${reason}`))
    reading = part.reading
    offset += part.consumed
  }
  return { found, notes, lines: reading.lines, encoding: reading.encoding }
}

const finess = fileOf(FINESS_HEAD, ...numbers.map((number) => finessLine({ number })), finessLine().slice(0, 60))
const rpps = fileOf(RPPS_HEAD, ...physicians.map((number) => rppsLine({ 'Identifiant PP': number })), 'cut|short')

test('however a file is cut into parts, the same lines are read under the same numbers', () => {
  const whole = readInParts(finessFormat, finess, finess.length)
  expect(whole).toMatchObject({
    found: numbers.map((number, index) => `${index + 2} finess:${number}`),
    notes: ['6 columnsMissing'],
  })
  fc.assert(
    fc.property(fc.integer({ min: 400, max: finess.length }), (size) => {
      expect(readInParts(finessFormat, finess, size)).toEqual(whole)
    }),
  )
})

test('however it is cut, the lines about one professional come together', () => {
  const whole = readInParts(rppsFormat, rpps, rpps.length)
  // The first line, and the longest group of lines.
  const enough = fileOf(RPPS_HEAD, rppsLine(), rppsLine(), rppsLine(), rppsLine()).length
  expect(whole).toMatchObject({ notes: ['8 columnsMissing'], lines: 8 })
  fc.assert(
    fc.property(fc.integer({ min: enough, max: rpps.length }), (size) => {
      expect(readInParts(rppsFormat, rpps, size)).toEqual(whole)
    }),
  )
})

test('a part never ends between two lines about one professional', () => {
  const [upTo] = [rpps.length - 400]
  const part = readPart(rppsFormat, nothing, { bytes: rpps.subarray(0, upTo), isLast: false })
  expect('items' in part && part.items.map(({ line }) => line)).toEqual([2, 3])
})

test('a file of the last century’s encoding is read like one of today', () => {
  const lines = [FINESS_HEAD, finessLine()]
  const [old, today] = [latin1(...lines), fileOf(...lines)].map((file) => readInParts(finessFormat, file, file.length))
  expect(old).toEqual({ ...(typeof today === 'object' ? today : {}), encoding: 'windows-1252' })
  expect(today).toMatchObject({ encoding: 'utf-8' })
})

const withBom = new Uint8Array([0xef, 0xbb, 0xbf, ...fileOf(FINESS_HEAD, finessLine())])
test('a mark of UTF-8 at the beginning, and lines that end as on Windows, change nothing', () => {
  const windows = new TextEncoder().encode(`${FINESS_HEAD}\r\n${finessLine()}\r\n`)
  for (const file of [withBom, windows])
    expect(readInParts(finessFormat, file, file.length)).toMatchObject({ found: ['2 finess:990000028'] })
})

const utf16 = new Uint8Array(Buffer.from(`\uFEFF${FINESS_HEAD}\n${finessLine()}\n`, 'utf16le'))
const mixed = new Uint8Array([...fileOf(FINESS_HEAD, finessLine()), ...latin1(finessLine())])
test.each([
  ['UTF-16', finessFormat as Format<unknown>, utf16],
  ['a register of professionals that is not UTF-8', rppsFormat as Format<unknown>, latin1(RPPS_HEAD, rppsLine())],
])('%s is refused once, as a whole', (_, format, file) =>
  expect(readInParts(format, file, file.length)).toBe('encodingUnreadable'),
)
test('two encodings in one file are refused where the second one begins', () => {
  const first = readPart(finessFormat, nothing, {
    bytes: mixed.subarray(0, fileOf(FINESS_HEAD, finessLine()).length),
    isLast: false,
  })
  expect(first).toMatchObject({ reading: { encoding: 'utf-8', lines: 2 } })
  const reading = 'reading' in first ? first.reading : nothing
  expect(readPart(finessFormat, reading, { bytes: latin1(finessLine()), isLast: true })).toEqual({
    refusal: 'encodingUnreadable',
  })
})

test('another file is refused by its first line, and a line without end as such', () => {
  expect(readInParts(finessFormat, rpps, rpps.length)).toBe('headerUnexpected')
  expect(readInParts(rppsFormat, finess, finess.length)).toBe('headerUnexpected')
  expect(readInParts(finessFormat, finess, 10)).toBe('lineTooLong')
})

test('a last line without an end is read, and one cut short is refused by its columns', () => {
  const file = fileOf(FINESS_HEAD, finessLine())
  expect(readInParts(finessFormat, file.subarray(0, -1), file.length)).toMatchObject({ found: ['2 finess:990000028'] })
  expect(readInParts(finessFormat, file.subarray(0, -40), file.length)).toMatchObject({ notes: ['2 columnsMissing'] })
})
