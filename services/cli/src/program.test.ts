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
    'explain',
    'token',
    'inbox',
    'board ward',
    'board ehpad',
    'acknowledge',
    'referrals box',
    'referrals show',
    'referrals ask',
    'referrals ask-others',
    'referrals inform',
    'referrals take',
    'referrals release',
    'referrals accept',
    'referrals decline',
    'referrals redirect',
    'referrals question',
    'referrals appointment',
    'referrals no-show',
    'referrals seen',
    'referrals answer',
    'referrals close',
    'referrals cancel',
    'runs of',
    'runs show',
    'runs late',
    'step done',
    'step skip',
    'step reassign',
    'threads list',
    'threads read',
    'threads open',
    'threads post',
    'circle add',
    'circle remove',
    'quarantine list',
    'quarantine show',
    'quarantine repair',
    'quarantine replay',
    'senders report',
    'absence declare',
    'absence withdraw',
    'absence list',
    'protocols list',
    'protocols show',
    'protocols validate',
    'protocols publish',
    'protocols dry-run',
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
