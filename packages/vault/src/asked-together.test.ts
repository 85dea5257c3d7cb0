import { expect, test } from 'vitest'
import { askedTogether } from './asked-together.ts'

const ids = (count: number) => Array.from({ length: count }, (_, number) => `owner ${number}`)

/** Knows everybody whose id ends in an even number. */
function directory() {
  const statements: (readonly string[])[] = []
  const ask = askedTogether(async (asked) => {
    statements.push(asked)
    return new Map(asked.filter((id) => Number(id.slice(6)) % 2 === 0).map((id) => [id, `key of ${id}`]))
  })
  return { ask, statements }
}

test('who is asked for at once is looked up together, and each answer goes to who asked', async () => {
  const { ask, statements } = directory()
  const answers = await Promise.all(ids(300).map(ask))
  expect(answers).toEqual(ids(300).map((id, number) => (number % 2 === 0 ? `key of ${id}` : undefined)))
  expect(statements.map(({ length }) => length)).toEqual([256, 64])
})

test('who is asked for twice at once is looked up once, and later again', async () => {
  const { ask, statements } = directory()
  await Promise.all([ask('owner 2'), ask('owner 2')])
  await ask('owner 2')
  expect(statements).toEqual([['owner 2'], ['owner 2']])
})

test('exactly as many as one statement takes are one statement', async () => {
  const { ask, statements } = directory()
  await Promise.all(ids(256).map(ask))
  expect(statements.map(({ length }) => length)).toEqual([256])
})

test('a failure is told to everybody who asked, and the next one is looked up', async () => {
  let fails = true
  const ask = askedTogether<string>(async () => {
    if (fails) throw new Error('the vault is away')
    return new Map([['a', 'key']])
  })
  const outcomes = await Promise.allSettled([ask('a'), ask('b')])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  expect(await ask('a')).toBe('key')
})
