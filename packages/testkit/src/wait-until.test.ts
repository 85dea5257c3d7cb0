import { expect, test } from 'vitest'
import { waitUntil } from './wait-until.ts'

test('waiting answers the first thing found', async () => {
  let looks = 0
  await expect(waitUntil(() => (++looks < 3 ? undefined : `look ${looks}`), 'the third look')).resolves.toBe('look 3')
})

test('waiting for what never comes names it', async () => {
  await expect(waitUntil(async () => false, 'the ambulance', 0.05)).rejects.toThrow('Waited 0.05 s for the ambulance')
})

test('what fails while looking is not waited for', async () => {
  const look = () => Promise.reject(new Error('no such ward'))
  await expect(waitUntil(look, 'the ward')).rejects.toThrow('no such ward')
})
