import { expect, test } from 'vitest'
import { isEditable, nothingEdited, previewed, toPreview, withEdit } from './repair-edits.ts'

const field = (path: string, value: string) => ({ path, value, masked: false })
const shifted = [
  { name: 'EVN', fields: [field('EVN-1', 'A03')] },
  { name: 'ZBE', fields: [field('ZBE-1', '12'), field('ZBE-2', '20261120'), field('ZBE-3', ''), field('ZBE-4', 'x')] },
]
const remove = { op: 'removeField' as const, path: 'ZBE-3' }
const set = (value: string) => ({ op: 'set' as const, path: 'ZBE-3', value })
const values = (segments: ReturnType<typeof previewed>) => segments[1]?.fields.map(({ path, value }) => [path, value])

test('a field that is removed shifts the following ones', () =>
  expect(values(previewed(shifted, [remove]))).toEqual([
    ['ZBE-1', '12'],
    ['ZBE-2', '20261120'],
    ['ZBE-3', 'x'],
  ]))

test('each edit is of what the ones before it left', () =>
  expect(values(previewed(shifted, [remove, set('INSERT')]))).toEqual([
    ['ZBE-1', '12'],
    ['ZBE-2', '20261120'],
    ['ZBE-3', 'INSERT'],
  ]))

test('a field that is inserted moves the following ones, and one beyond the last is written where it belongs', () => {
  const inserted = previewed(shifted, [{ op: 'insertField', path: 'ZBE-2', value: 'new' }])
  expect(values(inserted)?.slice(0, 3)).toEqual([
    ['ZBE-1', '12'],
    ['ZBE-2', 'new'],
    ['ZBE-3', '20261120'],
  ])
  const beyond = previewed(shifted, [{ op: 'set', path: 'ZBE-6', value: 'Y' }])
  expect(values(beyond)?.slice(3)).toEqual([
    ['ZBE-4', 'x'],
    ['ZBE-5', ''],
    ['ZBE-6', 'Y'],
  ])
})

test('another segment of the same name is left alone', () => {
  const two = [shifted[1], { name: 'ZBE', fields: [field('ZBE[2]-1', 'other')] }].flatMap((one) => one ?? [])
  expect(previewed(two, [{ op: 'set', path: 'ZBE-1', value: '13' }])[1]?.fields[0]?.value).toBe('other')
})

test('a value that is typed again takes the place of the one before', () =>
  expect(withEdit(withEdit(nothingEdited, set('a')), set('b')).edits).toEqual([set('b')]))

test('of a message that was repaired, only what was added since is still to be shown', () => {
  expect(toPreview({ edits: [remove, set('a')], sent: [] }, false)).toEqual([remove, set('a')])
  expect(toPreview({ edits: [remove, set('a')], sent: [remove] }, true)).toEqual([set('a')])
  expect(toPreview({ edits: [set('a')], sent: [remove] }, true)).toBeUndefined()
})

test('separators, segments and what was left out cannot be edited', () => {
  expect(['PID-3', 'ROL[2]-4'].every(isEditable)).toBe(true)
  expect(['MSH-1', 'MSH-2', 'ZBE', 'PID-…', '???-1'].some(isEditable)).toBe(false)
})

test('what was wrong is not said of fields that moved since', () => {
  const [, zbe] = previewed(
    [{ name: 'ZBE', fields: [{ ...field('ZBE-1', ''), problem: 'fieldMissing' }, field('ZBE-2', '20261120')] }].flatMap(
      (segment) => [segment, segment],
    ),
    [{ op: 'removeField', path: 'ZBE-1' }],
  )
  expect(zbe?.fields).toEqual([{ path: 'ZBE-1', value: '20261120', masked: false, edit: undefined }])
})
