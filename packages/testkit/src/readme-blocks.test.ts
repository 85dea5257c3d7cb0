import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readmeBlocks } from './readme-blocks.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('code blocks are read in order, with their language', () => {
  const readme = join(temporaryFolder(), 'README.md')
  writeFileSync(
    readme,
    '# Ward\n\n```ts\nconst bed = 1\n```\n\nthen\n\n```sh title="start"\npnpm start\n```\n\n```\n```\n',
  )
  expect(readmeBlocks(readme)).toEqual([
    { language: 'ts', code: 'const bed = 1\n' },
    { language: 'sh', code: 'pnpm start\n' },
    { language: '', code: '' },
  ])
})
