import { join } from 'node:path'
import { ClockView, DayView, TerritoryView } from '@relais/contracts/demonstration-routes'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { type RunningRelais, startRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type CommandLine, commandLine, jsonLines } from './command-line.fixture.ts'
import { ask, findPatient, nurse, pathwayOf, tokenFor } from './people.fixture.ts'

// Each step starts processes, and a territory is some four hundred writes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const inhabited = { DEMONSTRATION_TERRITORY: 'true' }
const operator = { id: 'operateur:test', role: 'operateur' }

async function territoryOf(platform: RunningRelais): Promise<TerritoryView> {
  const token = await tokenFor(platform, operator)
  return TerritoryView.parse((await ask(platform, token, { path: '/demonstration/territory' })).body)
}

const arrived = (platform: RunningRelais) =>
  waitUntil(async () => (await territoryOf(platform)).state === 'present', 'the territory to be there', 100)

/** How often each fact about places and people is in the log of a folder that nobody uses. */
async function factsIn(folder: string, categories: readonly string[]) {
  const log = await openEmbeddedLog({ folder: join(folder, 'log') })
  const counts = new Map<string, number>()
  for await (const { stream, type } of embeddedEventStore(log).readAll())
    if (categories.includes(stream.split('-')[0] ?? '')) counts.set(type, (counts.get(type) ?? 0) + 1)
  await log.close()
  return Object.fromEntries(counts)
}

/** What the banner says to type, once for each role and command. */
async function theBannerHolds(platform: RunningRelais) {
  const relais = commandLine(platform.folder)
  const said = [...platform.logs().matchAll(/  npx -y pnpm@12 relais (.* --as .*)$/gm)].map(([, words = '']) => words)
  const kinds = new Map(said.map((words) => [words.replaceAll(/\d+/g, ''), words]))
  const roles = ['infirmier', 'infirmier', 'admissions', 'coordinateur', 'ehpad', 'medecin', 'infirmier', 'pharmacien']
  const rest = ['kinesitherapeute', 'sage-femme', 'ssiad', 'referent-parcours']
  expect([...kinds.keys()].map((words) => /--as (\S+)/.exec(words)?.[1])).toEqual([...roles, ...rest])
  for (const [, words] of kinds) {
    if (words.startsWith('follow')) continue
    const { exitCode, stderr } = await relais.run(...words.trim().split(/ +/))
    expect({ words, exitCode, stderr }).toEqual({ words, exitCode: 0, stderr: '' })
  }
}

test('a territory arrives while the platform is ready; killed meanwhile, the next start brings the rest, once', async () => {
  const folder = temporaryFolder()
  const first = await startRelais({ folder, env: inhabited })
  const isReady = async () => (await fetch(`${first.url}/readyz`)).status
  expect({ ...(await territoryOf(first)), ready: await isReady() }).toMatchObject({ state: 'arriving', ready: 200 })
  const isHalfway = async () => {
    const { done, total } = await territoryOf(first)
    return done > total / 3
  }
  await waitUntil(isHalfway, 'a part of the territory to be there', 60)
  await first.kill()

  const second = await startRelais({ folder, env: inhabited })
  await arrived(second)
  await theBannerHolds(second)
  expect(await second.stop()).toBe(0)
  const commanded = ['facility', 'professional', 'resident', 'message']
  const once = await factsIn(folder, commanded)
  expect(once).toEqual({
    'FacilityRegistered.v1': 8,
    'WardDefined.v1': 8,
    'ProfessionalRegistered.v1': 35,
    'ResidentEntered.v1': 40,
    'IdentityAnnounced.v1': 100,
  })

  const third = await startRelais({ folder, env: inhabited })
  expect(await territoryOf(third)).toMatchObject({ state: 'present' })
  expect(await third.stop()).toBe(0)
  expect(await factsIn(folder, commanded)).toEqual(once)
})

describe('the clock of a demonstration', () => {
  let platform: RunningRelais
  let relais: CommandLine
  beforeAll(async () => {
    platform = await startRelais()
    relais = commandLine(platform.folder)
  })
  const clock = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await relais.run('demo', 'clock', '--json', ...args)
    return { exitCode, stderr, shown: jsonLines(stdout).map((line) => ClockView.parse(line)) }
  }
  const admission = 'docs/tour/admission.er7'

  test('is that of the machine until it is moved, and every service goes by it', async () => {
    const before = await clock()
    expect(before.shown[0]?.aheadSeconds).toBe(0)
    const { shown } = await clock('--advance', '40d')
    expect(shown[0]?.aheadSeconds).toBe(40 * 86_400)
    expect(await relais.run('send', admission)).toMatchObject({ exitCode: 0 })
    const token = await tokenFor(platform, nurse)
    const patientId = await waitUntil(() => findPatient(platform, token, '900001'), 'the patient to be known')
    const hasEntries = async () => (await pathwayOf(platform, token, patientId)).entries.length > 0
    await waitUntil(hasEntries, 'the pathway of the patient')
    const { entries } = await pathwayOf(platform, token, patientId)
    const learned = entries.map(({ recordedAt }) => recordedAt >= (shown[0]?.now ?? ''))
    expect(learned).toEqual(entries.map(() => true))
  })

  test('leaves tokens to the machine’s: one is issued, believed and followed with after forty days', async () => {
    const asNurse = ['--ward', '4101', '--as', 'infirmier', '--organisation', '990000010']
    const followed = await relais.run('follow', '--once', ...asNurse)
    expect(followed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('  admission  ') })
  })

  test('never goes back: 1 and why', async () => {
    const refused = await clock('--to', '2026-01-01T00:00:00Z')
    expect(refused).toMatchObject({ exitCode: 1, shown: [], stderr: expect.stringContaining('(clockBackwards)') })
  })

  test.for([
    ['--advance', 'tomorrow'],
    ['--advance', '0s'],
    ['--to', '2026-12-01T08:00'],
    ['--to', '2026-12-01T08:00:00Z', '--advance', '1h'],
  ])('is not moved by what nobody can read: %j', async (args) => {
    expect(await clock(...args)).toMatchObject({ exitCode: 2, shown: [] })
  })

  test('goes on from there after a restart', async () => {
    const { shown: before } = await clock()
    await platform.kill()
    platform = await startRelais({ folder: platform.folder })
    const { shown: after } = await clock()
    expect(after[0]?.aheadSeconds).toBe(40 * 86_400)
    expect(after[0]?.now.localeCompare(before[0]?.now ?? '')).toBe(1)
  })
})

describe('a day of the hospital', () => {
  let platform: RunningRelais
  let relais: CommandLine
  beforeAll(async () => {
    platform = await startRelais()
    relais = commandLine(platform.folder)
  })

  test('is stopped by Ctrl-C, and gone on with by the same command', async () => {
    const playing = relais.start('demo', 'play', '--speed', '1', '--seed', '3')
    await waitUntil(() => playing.stderr().includes('Ctrl-C stops'), 'the day to be played')
    expect(await playing.stop()).toBe(0)
    expect(playing.stdout()).toMatch(/ stopped at .*0 of \d+ messages: .*; the same command goes on\n$/)
    const { exitCode, stdout } = await relais.run('demo', 'play', '--speed', '86400', '--json')
    expect(exitCode).toBe(0)
    const view = DayView.parse(jsonLines(stdout)[0])
    expect(view).toMatchObject({ state: 'done', seed: 3, sent: view.total, accepted: view.total - 1, quarantined: 1 })
  })

  test('leaves one message to be repaired', async () => {
    const { stdout } = await relais.run('quarantine', 'list', '--json')
    expect(jsonLines(stdout)[0]).toMatchObject({ messages: [{ trigger: 'ADT^A02^ADT_A02', status: 'waiting' }] })
    expect(await relais.run('quarantine', 'repair', 'next', '--remove-field', 'ZBE-3')).toMatchObject({ exitCode: 0 })
    expect(await relais.run('quarantine', 'replay', 'next')).toMatchObject({ exitCode: 0, stdout: 'accepted\n' })
  })

  test.for([
    ['--speed', '0'],
    ['--speed', 'fast'],
    ['--seed', '0'],
    ['--seed', '1000000'],
  ])('is not played at %j', async (args) => {
    expect(await relais.run('demo', 'play', ...args)).toMatchObject({ exitCode: 2, stdout: '' })
  })
})
