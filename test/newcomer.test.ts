import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startRelais } from '@relais/testkit/relais'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test, vi } from 'vitest'
import { type Background, type CommandLine, commandLine, repository } from './command-line.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

type Block = { commands: string[] } | { shown: string[] }

const linesOf = (text: string) => text.split('\n').map((line) => line.trimEnd())

/** The blocks of a section of the README, in order: commands to type, and what is shown. */
function blocksOf(section: string): Block[] {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8')
  const [, text = ''] = readme.split(`## ${section}\n`)
  const blocks = text.split(/^## /m)[0]?.matchAll(/^```(?<language>\w*)\n(?<code>[\s\S]*?)^```$/gm) ?? []
  return [...blocks].map(({ groups }) => {
    const lines = linesOf(groups?.['code'] ?? '').filter((line) => line !== '')
    return groups?.['language'] === 'sh' ? { commands: lines } : { shown: lines }
  })
}

/** Ids and instants differ from one tour to the next. */
function loosely(line: string): string {
  return line
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '<instant>')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<checksum>')
    .replaceAll(/\b\d+ events\b/g, '<n> events')
}

const inOrder = (all: readonly string[], some: readonly string[]) => {
  let next = 0
  for (const line of all) if (line === some[next]) next += 1
  return next === some.length
}

/** A terminal where one command after the other is typed, and another for each command that lasts. */
function terminals(relais: CommandLine) {
  const lasting: Background[] = []
  let typed = ''
  return {
    async type(command: string) {
      const [, words = ''] = /^npx -y pnpm@12 relais (.+)$/.exec(command) ?? []
      expect(command).toBe(`npx -y pnpm@12 relais ${words}`)
      const args = words.split(/ +/)
      if (args[0] !== 'follow') {
        const { stdout, stderr } = await relais.run(...args)
        typed += stdout + stderr
        return
      }
      const follower = relais.start(...args)
      lasting.push(follower)
      await waitUntil(() => follower.stderr().includes('following'), `${command} to follow`)
    },
    screens: () => [typed, ...lasting.map((follower) => follower.transcript())].map(linesOf),
    close: () => Promise.all(lasting.map((follower) => follower.stop())),
  }
}

test('the five minutes of the README go as they are written', async () => {
  const blocks = blocksOf('Five minutes, from a terminal')
  expect(blocks.filter((block) => 'commands' in block).length).toBeGreaterThan(3)
  const { folder } = await startRelais({ env: { DEMONSTRATION_TERRITORY: 'true' } })
  const { type, screens, close } = terminals(commandLine(folder))
  for (const block of blocks) {
    if ('commands' in block) for (const command of block.commands) await type(command)
    else {
      const shown = block.shown.map(loosely)
      const areShown = () => screens().some((screen) => inOrder(screen.map(loosely), shown))
      await waitUntil(areShown, `one of the terminals to show:\n${shown.join('\n')}`)
    }
  }
  const [, nurse = []] = screens()
  expect(nurse.filter((line) => line.includes('  discharge  '))).toHaveLength(1)
  expect(await close()).toEqual([0])
})
