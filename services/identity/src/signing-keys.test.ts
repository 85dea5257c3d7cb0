import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { loadOrCreateSigningKeys } from './signing-keys.ts'

test('the key is made once, for its owner alone, and found again', async () => {
  const folder = join(temporaryFolder(), 'secrets')
  const made = await loadOrCreateSigningKeys(folder)
  expect(readdirSync(folder)).toEqual(['signing-key.json'])
  expect(statSync(join(folder, 'signing-key.json')).mode & 0o777).toBe(0o600)
  const found = await loadOrCreateSigningKeys(folder)
  expect(found.jwks).toEqual(made.jwks)
})

test('of several starts at once, one makes the key and all use it', async () => {
  const folder = temporaryFolder()
  const all = await Promise.all(Array.from({ length: 5 }, () => loadOrCreateSigningKeys(folder)))
  expect(new Set(all.map(({ keyId }) => keyId)).size).toBe(1)
  expect(readdirSync(folder)).toEqual(['signing-key.json'])
})

test.each(['', '{}', '{"kty":"oct","k":"c2VjcmV0"}'])('a file that holds %j is refused by name', async (content) => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'signing-key.json'), content)
  await expect(loadOrCreateSigningKeys(folder)).rejects.toMatchObject({
    code: 'signingKeyUnreadable',
    message: expect.stringContaining(join(folder, 'signing-key.json')),
  })
})
