import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pamMessage } from '@relais/hl7v2/fixtures'
import { startRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type CommandLine, commandLine, jsonLines } from './command-line.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const admission = join(temporaryFolder(), 'admission.er7')
writeFileSync(admission, pamMessage())
const nobody = randomUUID()
const known = ['--ipp', 'CH-ESSAI:900001']
const nurse = ['--as', 'infirmier', '--organisation', '990000010', '--ward', '4101']
const foreigner = ['--as', 'medecin', '--id', '10002909371']

describe('without a running platform', () => {
  const relais = commandLine(join(temporaryFolder(), 'nothing-here'))

  test.for([{ command: [] }, { command: ['follow'] }, { command: ['circle', 'add'] }])(
    '0: relais $command --help',
    async ({ command }) => {
      const { exitCode, stdout, stderr } = await relais.run(...command, '--help')
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(stdout).toMatch(new RegExp(`^Usage: ${['relais', ...command].join(' ')} .*\n\n\\S`))
    },
  )

  test.for([
    { name: 'no command', args: [] },
    { name: 'an unknown command', args: ['admit'] },
    { name: 'an unknown option', args: ['verify', '--quietly'] },
    { name: 'nothing to send', args: ['send'] },
    { name: 'a file that is not there', args: ['send', '--port', '2575', '/nowhere/admission.er7'] },
    { name: 'a port that is none', args: ['send', admission, '--port', 'mllp'] },
    { name: 'a member without a role', args: ['circle', 'add', ...known, '--member', '10002909371'] },
    { name: 'a duration that is none', args: ['token', '--expires', '0'] },
    { name: 'nobody who asks', args: ['--url', 'http://127.0.0.1:1', 'pathway', '--patient', nobody] },
  ])('2: $name', async ({ args }) => {
    const { exitCode, stdout, stderr } = await relais.run(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/\S/)
  })

  test.for([
    { name: 'no platform in this folder', args: ['verify'], says: 'nothing-here: start it' },
    { name: 'no listener', args: ['send', admission, '--port', '1'], says: 'mllp://127.0.0.1:1' },
    {
      name: 'no platform at this address',
      args: ['--url', 'http://127.0.0.1:1', '--token', 'any', 'pathway', '--patient', nobody],
      says: 'Nothing answers at http://127.0.0.1:1',
    },
  ])('3: $name', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await relais.run(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
    expect(stderr).toContain(says)
  })

  test('asking creates no folder', () => expect(existsSync(join(admission, '../nothing-here'))).toBe(false))
})

describe('with a running platform', () => {
  let relais: CommandLine

  beforeAll(async () => {
    const { folder } = await startRelais()
    relais = commandLine(folder)
    await relais.run('send', admission)
  })

  test.for([
    { name: 'a patient nobody knows', args: ['pathway', '--ipp', 'CH-ESSAI:0'], says: 'No such patient here' },
    { name: 'a patient of others', args: ['pathway', ...known, ...foreigner], says: 'No such patient here' },
    { name: 'a channel of others', args: ['follow', '--once', ...known, ...foreigner], says: 'Not yours to follow' },
    {
      name: 'a cursor that was made up',
      args: ['follow', '--once', ...known, ...nurse, '--after', 'q0r6mXn8l1uQ2yVd0b7K3g'],
      says: 'leave --after out',
    },
    {
      name: 'a role that is none',
      args: ['circle', 'add', ...known, '--member', '10002909371', '--role', 'roi', ...nurse.slice(0, 4)],
      says: '',
    },
    { name: 'a message that does not wait', args: ['quarantine', 'show', nobody], says: '(messageUnknown)' },
    { name: 'an empty quarantine', args: ['quarantine', 'replay', 'next'], says: 'Nothing waits' },
    { name: 'operations without the right', args: ['rebuild', ...foreigner], says: '(' },
  ])('1: $name', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await relais.run(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test.for([
    {
      name: 'a patient named by a number alone',
      args: ['pathway', '--ipp', '900001'],
      says: '--ipp <authority>:<number>',
    },
    { name: 'a repair that changes nothing', args: ['quarantine', 'repair', nobody], says: 'Say what to change' },
    { name: 'a change without a value', args: ['quarantine', 'repair', nobody, '--set', 'ZBE-4'], says: 'ZBE-4' },
    { name: 'a view that does not exist', args: ['verify', 'nothing-1'], says: 'nothing-1' },
    { name: 'nothing to follow', args: ['follow'], says: 'Say what to follow' },
  ])('2: $name', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await relais.run(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(says)
  })

  test('a message that was accepted before is accepted again', async () =>
    expect(await relais.run('send', admission)).toEqual({ exitCode: 0, stdout: `AA  ${admission}\n`, stderr: '' }))

  test('a token is printed for another program to use', async () => {
    const person = ['--as', 'infirmier', '--organisation', '990000010', '--ward', '4101']
    const plain = await relais.run('token', ...person, '--expires', '60')
    expect(plain).toMatchObject({ exitCode: 0, stderr: '' })
    const json = await relais.run('token', ...person, '--json')
    const [issued] = jsonLines(json.stdout)
    const { token } = z.strictObject({ token: z.string(), expiresAt: z.iso.datetime() }).parse(issued)
    const asked = await relais.run('--token', token, 'pathway', ...known)
    expect(asked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('admission') })
    expect(await relais.run('--token', plain.stdout.trim(), 'pathway', ...known)).toEqual(asked)
  })

  test('a ward is followed to the end of what is known, and from a cursor on', async () => {
    const once = await relais.run('follow', '--once', ...nurse, '--json')
    expect(once).toMatchObject({ exitCode: 0, stderr: '' })
    const [line] = jsonLines(once.stdout)
    const { cursor } = z.object({ cursor: z.string(), entry: z.object({ kind: z.literal('admission') }) }).parse(line)
    expect(await relais.run('follow', '--once', ...nurse, '--after', cursor)).toMatchObject({ exitCode: 0, stdout: '' })
  })
})
