import { expect, test } from 'vitest'
import { afterTestFile, runCleanups } from './cleanup.ts'

test('the last thing started is cleaned up first, and a failure keeps nothing from being cleaned', async () => {
  const done: string[] = []
  afterTestFile(() => void done.push('folder'))
  afterTestFile(() => {
    throw new Error('the socket was gone')
  })
  afterTestFile(async () => void done.push('process'))

  await expect(runCleanups()).rejects.toMatchObject({ errors: [new Error('the socket was gone')] })

  expect(done).toEqual(['process', 'folder'])
  await runCleanups()
  expect(done).toEqual(['process', 'folder'])
})
