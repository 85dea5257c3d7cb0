import { Explanation } from '@relais/contracts/explanation-routes'
import { Exchange, PathwayEntry, type PathwayView } from '@relais/contracts/pathway'
import { ProfessionalId, StayId } from '@relais/contracts/primitives'
import { expect, onTestFinished, test, vi } from 'vitest'
import { entryLine, output, progressBar } from './output.ts'
import { explanationText, pathwayText } from './pathway-text.ts'

const gp = ProfessionalId.parse('rpps:10002909371')
const stayId = StayId.parse('c2a5f3d4-1b6e-4d0a-8c7f-9e8d7c6b5a40')
const ids = {
  entryId: '0b7c6d1e-3a1f-4c8e-8b59-6f1f3f0a9c11',
  patientId: '6f9b2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21',
  stayId,
}
const admission = PathwayEntry.parse({
  ...ids,
  kind: 'admission',
  movementKind: 'admission',
  happenedAt: '2026-11-22T08:30:00.000Z',
  recordedAt: '2026-11-22T08:31:02.114Z',
  facility: '990000010',
  wards: [{ facility: '990000010', code: '4101', label: 'Médecine A', responsibility: 'both' }],
  flags: [],
})
const joined = PathwayEntry.parse({
  ...ids,
  kind: 'circleJoined',
  happenedAt: '2026-11-22T09:00:00.000Z',
  recordedAt: '2026-11-22T09:00:00.020Z',
  wards: [],
  member: { memberId: gp, role: 'medecin-traitant', source: 'declared' },
  flags: [],
})

test('a movement is one line: when, what, where', () =>
  expect(entryLine(admission)).toBe('2026-11-22 08:30 UTC  admission  Médecine A (4101) at 990000010'))

test('a ward without a label is its code, and several wards are all named', () => {
  const wards = [
    { facility: '990000010', code: '4101', responsibility: 'medical' as const },
    { facility: '990000010', code: '4102', responsibility: 'care' as const },
  ]
  expect(entryLine({ ...admission, wards })).toBe('2026-11-22 08:30 UTC  admission  4101, 4102 at 990000010')
})

test('a movement without a ward still says where', () =>
  expect(entryLine({ ...admission, wards: [] })).toBe('2026-11-22 08:30 UTC  admission  990000010'))

test('a correction and a withdrawal say of what', () => {
  expect(entryLine({ ...admission, kind: 'correction' })).toContain('  correction of the admission  ')
  expect(entryLine({ ...admission, kind: 'withdrawal', movementKind: 'discharge' })).toContain(
    '  withdrawal of the discharge  ',
  )
})

test('somebody who joins is named with the role', () =>
  expect(entryLine(joined)).toBe('2026-11-22 09:00 UTC  joined the care circle  rpps:10002909371 as medecin-traitant'))

test('what is doubtful is said last, with its place', () =>
  expect(entryLine({ ...admission, flags: [{ code: 'wardUnknown', path: 'ZBE-7.10' }] })).toMatch(
    / {2}! unknown ward \(ZBE-7\.10\)$/,
  ))

const view: PathwayView = {
  patientId: admission.patientId,
  stays: [],
  entries: [
    { ...admission, state: 'withdrawn' },
    { ...joined, state: 'current' },
  ],
  exchanges: [],
}

test('a pathway says when each entry was learned, and what became of it', () =>
  expect(pathwayText(view).split('\n')).toEqual([
    'patient 6f9b2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21',
    'médecin traitant not known',
    '',
    `${entryLine(admission)}  [withdrawn]  learned 2026-11-22 08:31 UTC`,
    `${entryLine(joined)}  learned 2026-11-22 09:00 UTC`,
  ]))

test('what people asked of each other stands among the rest, by when it happened', () => {
  const at = '2026-11-22T08:45:00.000Z'
  const asked = {
    kind: 'loop',
    ...ids,
    change: 'requested',
    happenedAt: at,
    recordedAt: at,
    title: 'Cardiologie',
    by: gp,
  }
  const lines = pathwayText({ ...view, exchanges: [Exchange.parse(asked)] }).split('\n')
  expect(lines.slice(3).map((line) => line.slice(0, 36))).toEqual([
    '2026-11-22 08:30 UTC  admission  Méd',
    '2026-11-22 08:45 UTC  request  Cardi',
    '2026-11-22 09:00 UTC  joined the car',
  ])
})

test('why an entry is there: who caused it, by which rule it was told, and to whom', () => {
  const at = '2026-11-22T08:45:00.000Z'
  const receipts = { sentAt: at, read: { by: gp, at } }
  const explained = Explanation.parse({
    entryId: ids.entryId,
    recordedAt: at,
    source: { by: 'sender:chu', role: 'system', messageId: stayId },
    rule: { kind: 'careCircle' },
    told: [{ noticeId: ids.entryId, recipient: gp, role: 'medecin-traitant', receipts }],
  })
  expect(explanationText(explained).split('\n')).toEqual([
    `learned 2026-11-22 08:45 UTC from sender:chu (system), message ${stayId}`,
    'told by the care circle',
    `  ${gp} (medecin-traitant): read  notice ${ids.entryId}`,
  ])
})

test('a pathway begins with the primary physician and where the patient is', () => {
  const known: PathwayView = {
    ...view,
    primaryPhysician: { memberId: gp, source: 'declared', since: joined.happenedAt },
    stays: [
      {
        stayId,
        status: 'onLeave',
        facility: '990000010',
        wards: [{ facility: '990000010', code: '4101', responsibility: 'both' }],
        died: false,
        confidential: false,
      },
      {
        stayId,
        status: 'expected',
        facility: '990000028',
        wards: [],
        died: false,
        confidential: false,
      },
    ],
  }
  expect(pathwayText(known).split('\n').slice(1, 4)).toEqual([
    'médecin traitant rpps:10002909371 (declared)',
    'stay on leave at 990000010, 4101',
    'stay expected at 990000028, no ward',
  ])
})

/** What is written to both outputs while `work` runs. */
function written(work: () => void): string {
  let text = ''
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((part) => {
      text += String(part)
      return true
    })
    onTestFinished(() => spy.mockRestore())
  }
  work()
  return text
}

const title = 'a\u001b]0;owned\u0007b\r\u009b2Jc\u007f\u0085 \u00e9\u2019'
const shown = 'a\\u001b]0;owned\\u0007b\\u000d\\u009b2Jc\\u007f\\u0085 \u00e9\u2019'

test('a terminal is told nothing by the texts of others: control characters are spelled out, lines stay', () => {
  expect(written(() => output(false).result({}, `${title}\n${title}`))).toBe(`${shown}\n${shown}\n`)
  expect(written(() => output(true).notice(title))).toBe(`${shown}\n`)
})

test('JSON holds no control character either, and is the same value', () => {
  const line = written(() => output(true).result({ title }, ''))
  expect(line).toMatch(/^\P{Cc}+\n$/u)
  expect(JSON.parse(line)).toEqual({ title })
})

test('a bar says how much is done, on one line of a terminal, and leaves nothing behind; elsewhere it is silent', () => {
  const drawn = (isTTY: boolean) => {
    const written: string[] = []
    const bar = progressBar('finess', { isTTY, write: (text) => written.push(text) })
    bar.show(0, 0)
    bar.show(300, 600)
    bar.show(600, 600)
    bar.end()
    return written
  }
  expect(drawn(true)).toEqual([
    `\rfiness  [${' '.repeat(30)}] 0/?`,
    `\rfiness  [${'#'.repeat(15)}${' '.repeat(15)}] 300/600`,
    `\rfiness  [${'#'.repeat(30)}] 600/600`,
    '\r\u001b[K',
  ])
  expect(drawn(false)).toEqual([])
})
