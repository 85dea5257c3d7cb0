import { expect, test } from 'vitest'
import { type Act, filledPath, openOutbox } from './outbox.ts'

const act = (details: Partial<Act> = {}): Act => ({
  id: 'a1',
  subject: 'stay/1',
  method: 'POST',
  path: '/stays/1/movements',
  what: 'Sortie',
  affects: [],
  at: 0,
  ...details,
})

function outbox(send: (sent: Act) => Promise<unknown>) {
  const heard: unknown[] = []
  const opened = openOutbox({
    send,
    load: () => [],
    save: () => {},
    after: () => () => {},
    onDone: (_, answer) => heard.push(answer),
    onRefused: () => heard.push('refused'),
    onWaiting: () => heard.push('waiting'),
  })
  return { opened, heard }
}

test('whoever is told that an act is done hears what was answered', async () => {
  const { opened, heard } = outbox(() => Promise.resolve({ movementId: 'm1' }))
  opened.add(act())
  await expect.poll(() => heard).toEqual([{ movementId: 'm1' }])
})

test('a second act about the same subject is none while the first is under way', async () => {
  const { opened, heard } = outbox(() => Promise.resolve(undefined))
  expect(opened.add(act())).toBe(true)
  expect(opened.add(act({ id: 'a2' }))).toBe(false)
  await expect.poll(() => heard).toHaveLength(1)
})

test('what takes an act back names what the answer says came of it', () =>
  expect(filledPath('/stays/1/movements/{movementId}/withdraw', { movementId: 'm/1' })).toBe(
    '/stays/1/movements/m%2F1/withdraw',
  ))

test('a path without names stays as it is, and one whose name is not answered is none', () => {
  expect(filledPath('/stays/1', undefined)).toBe('/stays/1')
  expect(filledPath('/stays/{stayId}', { movementId: 'm1' })).toBeUndefined()
})
