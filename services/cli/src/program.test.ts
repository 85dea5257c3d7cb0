import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { program } from './program.ts'

const relais = program(new AbortController().signal)

function* leaves(command: Command, path: readonly string[] = []): Iterable<readonly [string, Command]> {
  if (command.commands.length === 0) yield [path.join(' '), command]
  for (const child of command.commands) yield* leaves(child, [...path, child.name()])
}

test('there is a command for each thing that a person does', () => {
  expect([...leaves(relais)].map(([name]) => name)).toEqual([
    'send',
    'follow',
    'pathway',
    'token',
    'inbox',
    'board ward',
    'board ehpad',
    'acknowledge',
    'circle add',
    'circle remove',
    'quarantine list',
    'quarantine show',
    'quarantine repair',
    'quarantine replay',
    'senders report',
    'forget',
    'import',
    'rebuild',
    'verify',
    'demo play',
    'demo clock',
  ])
})

test.for([...leaves(relais)])('the help of %s says what it does and what each option is', ([, command]) => {
  expect(command.description()).not.toBe('')
  expect(command.options.filter(({ description }) => description === '')).toEqual([])
  expect(command.helpInformation()).toContain('--folder <path>')
})
