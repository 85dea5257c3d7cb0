import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChannelEntry, isPathwayEntry } from '@relais/contracts/channel-entries'
import { PathwayEntry, PathwayView } from '@relais/contracts/pathway'
import { pamMessage, type PamMessage } from '@relais/hl7v2/fixtures'
import { startRelais, type RunningRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type Background, type CommandLine, commandLine, jsonLines, repository } from './command-line.fixture.ts'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const GP = '10002909371'
const published = join(repository, '../shared/data/pam-fr')
const isPublished = existsSync(published)
if (!isPublished) process.stderr.write(`skipped: the journey of the published messages, ${published} is absent\n`)

type Journey = {
  messages: string
  admission: string
  /** Its ZBE holds one field too many, so that the following ones are shifted. */
  discharge: string
  ipp: string
  facility: string
  ward: string
}

const files = temporaryFolder()
function written(name: string, message: string): string {
  const file = join(files, name)
  writeFileSync(file, message)
  return file
}

const leaves: Partial<PamMessage> = { movement: 'M2', effective: '20261105143000', exitMode: '8' }
const shifted = (message: string) => message.replace(/^(ZBE\|[^|]*\|[^|]*)\|/m, '$1|20261105150000|')

const ours: Journey = {
  messages: 'our own messages',
  admission: written('admission.er7', pamMessage({ movement: 'M1' })),
  discharge: written('discharge.er7', shifted(pamMessage({ ...leaves, trigger: 'A03' }).replaceAll('\r', '\n'))),
  ipp: 'CH-ESSAI:900001',
  facility: '990000010',
  ward: '4101',
}
const theirs: Journey = {
  messages: 'the published messages',
  admission: join(published, 'admission.er7'),
  discharge: join(published, 'sortie.er7'),
  ipp: 'CHU-X:000003',
  facility: '000897406',
  ward: '6268',
}

const Followed = z.object({
  channel: z.string(),
  cursor: z.string(),
  entry: ChannelEntry,
  state: z.array(PathwayEntry).optional(),
})
const Quarantine = z.object({
  messages: z.array(
    z.object({ messageId: z.string(), status: z.string(), problems: z.array(z.object({ path: z.string() })) }),
  ),
})
const Jobs = z.array(z.object({ service: z.string(), projection: z.string(), state: z.string(), checksum: z.string() }))

/** The entries of pathways that a follower has printed; what people are told comes beside them. */
const entriesOf = (follower: Background) =>
  jsonLines(follower.stdout())
    .map((line) => Followed.parse(line))
    .filter(({ entry }) => isPathwayEntry(entry))
const kindsOf = (follower: Background) => entriesOf(follower).map(({ entry }) => entry.kind)

function following(relais: CommandLine, ...args: string[]) {
  const follower = relais.start('follow', '--json', ...args)
  const isFollowing = waitUntil(() => follower.stderr().includes('following '), `${args.join(' ')} to follow`)
  return { follower, isFollowing }
}

async function sees(follower: Background, ...kinds: string[]) {
  await waitUntil(() => entriesOf(follower).length >= kinds.length, `${kinds.join(', ')} to be printed`)
  expect(kindsOf(follower)).toEqual(kinds)
}

/** What a command prints with --json. */
async function results(relais: CommandLine, ...args: string[]): Promise<unknown[]> {
  const ran = await relais.run('--json', ...args)
  expect(ran).toMatchObject({ exitCode: 0 })
  return jsonLines(ran.stdout)
}

/** The one value that a command prints with --json. */
async function result(relais: CommandLine, ...args: string[]): Promise<unknown> {
  const [only, ...others] = await results(relais, ...args)
  expect(others).toEqual([])
  return only
}

const nurseOf = (ward: string, facility: string) => ['--ward', ward, '--as', 'infirmier', '--organisation', facility]
const asGp = ['--as', 'medecin', '--id', GP]

describe.for([ours, ...(isPublished ? [theirs] : [])])('with $messages', (journey) => {
  const { admission, discharge, ipp, facility, ward } = journey
  const member = ['--ipp', ipp, '--member', GP, '--role', 'medecin-traitant']
  let platform: RunningRelais
  let relais: CommandLine
  let nurse: Background
  let gp: Background
  let strangers: Background[]

  beforeAll(async () => {
    platform = await startRelais()
    relais = commandLine(platform.folder)
    const started = [
      following(relais, ...nurseOf(ward, facility)),
      following(relais, ...asGp),
      following(relais, ...nurseOf('9999', facility)),
      following(relais, ...nurseOf(ward, '990000028')),
    ]
    await Promise.all(started.map(({ isFollowing }) => isFollowing))
    ;[nurse, gp, ...strangers] = started.map(({ follower }) => follower) as [Background, Background, ...Background[]]
  })

  test('an admission is answered AA and shows in the ward that ZBE-7 names', async () => {
    expect(await result(relais, 'send', admission)).toMatchObject({ file: admission, code: 'AA' })
    await sees(nurse, 'admission')
    const [line] = entriesOf(nurse)
    expect(line?.channel).toBe(`ward/${ward}`)
    expect(line?.entry).toMatchObject({ wards: [{ code: ward, facility, responsibility: 'both' }] })
  })

  test('the GP hears nothing until he is in the care circle, and then where things stand', async () => {
    expect((await relais.run('pathway', '--ipp', ipp, ...asGp)).exitCode).toBe(1)
    expect(entriesOf(gp)).toEqual([])
    const joined = await result(relais, 'circle', 'add', ...member)
    expect(joined).toMatchObject({ memberId: `rpps:${GP}`, role: 'medecin-traitant' })
    await sees(gp, 'circleJoined')
    const [admitted] = entriesOf(nurse)
    expect(entriesOf(gp)[0]?.state).toEqual([admitted?.entry])
  })

  test('a shifted discharge is not guessed at: it waits, and says where', async () => {
    const { exitCode, stdout, stderr } = await relais.run('send', discharge)
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '1 of 1 not accepted\n' })
    expect(stdout).toContain(`AE  ${discharge}\n  error ZBE-3: `)
    const { messages } = Quarantine.parse(await result(relais, 'quarantine', 'list'))
    expect(messages).toMatchObject([{ status: 'waiting' }])
    expect(messages[0]?.problems.map(({ path }) => path)).toContain('ZBE-3')
  })

  test('whoever looks at it sees its structure and no value', async () => {
    const { exitCode, stdout } = await relais.run('quarantine', 'show', 'next')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/ZBE-3 .* {3}<-- /)
    const patient = readFileSync(discharge, 'utf8')
      .split(/[\r\n]+/)
      .find((segment) => segment.startsWith('PID|'))
    const [familyName = '', givenName = ''] = patient?.split('|')[5]?.split('^') ?? []
    expect(familyName).toMatch(/^(TEST|PAT)-/)
    const shown = await result(relais, 'quarantine', 'show', 'next')
    expect(shown).toMatchObject({ status: 'waiting', history: [{ what: 'quarantined' }, { what: 'viewed' }] })
    for (const text of [stdout, JSON.stringify(shown)])
      for (const value of [familyName, givenName, ipp.split(':')[1]]) expect(text).not.toContain(value)
  })

  test('repaired and replayed, it is the discharge that the ward, the GP and the pathway show', async () => {
    const { messages } = Quarantine.parse(await result(relais, 'quarantine', 'list'))
    const id = messages[0]?.messageId ?? ''
    expect(await result(relais, 'quarantine', 'repair', id, '--remove-field', 'ZBE-3')).toMatchObject({ problems: [] })
    expect(await result(relais, 'quarantine', 'replay', id)).toMatchObject({ outcome: 'accepted', problems: [] })
    await sees(nurse, 'admission', 'discharge')
    await sees(gp, 'circleJoined', 'discharge')
    const view = PathwayView.parse(await result(relais, 'pathway', '--ipp', ipp, ...asGp))
    expect(view.stays).toMatchObject([{ status: 'discharged', facility }])
    expect(view.primaryPhysician).toMatchObject({ memberId: `rpps:${GP}`, source: 'declared' })
    const kinds = view.entries.map(({ kind, state }) => `${kind} ${state}`)
    expect(kinds.toSorted()).toEqual(['admission current', 'circleJoined current', 'discharge current'])
    expect(await result(relais, 'quarantine', 'list')).toEqual({ messages: [] })
  })

  test('after a restart everything is still there, and the followers go on', async () => {
    const before = await result(relais, 'pathway', '--ipp', ipp, ...asGp)
    expect(await platform.stop()).toBe(0)
    platform = await startRelais({ folder: platform.folder, env: { PORT: new URL(platform.url).port } })
    expect(await result(relais, 'pathway', '--ipp', ipp, ...asGp)).toEqual(before)
    const followers = [nurse, gp, ...strangers]
    const isBack = (follower: Background) => follower.stderr().match(/following /g)?.length === 2
    await waitUntil(() => followers.every(isBack), 'every follower to reconnect')
    await sees(nurse, 'admission', 'discharge')
    await sees(gp, 'circleJoined', 'discharge')
  })

  test('the GP who is removed is told so and hears nothing after it', async () => {
    await result(relais, 'circle', 'remove', ...member)
    await sees(gp, 'circleJoined', 'discharge', 'circleLeft')
    const again = written(
      `again-${ward}.er7`,
      pamMessage({
        movement: `M9-${ward}`,
        ...(facility === ours.facility ? {} : { ipp: '000003', visit: 'V3', namespace: 'CHU-X', facility, ward }),
        effective: '20261120080000',
      }),
    )
    await result(relais, 'send', again)
    await sees(nurse, 'admission', 'discharge', 'admission')
    expect(kindsOf(gp)).toEqual(['circleJoined', 'discharge', 'circleLeft'])
    expect((await relais.run('pathway', '--ipp', ipp, ...asGp)).exitCode).toBe(1)
  })

  test('a nurse of another ward, or of a ward of the same code elsewhere, has seen nothing', () => {
    expect(strangers.map((stranger) => stranger.stdout())).toEqual(['', ''])
  })

  test('every view is what the log says, and built again it is the same', async () => {
    const checksums = (jobs: unknown) =>
      Jobs.parse(jobs).map(({ service, projection, checksum }) => [service, projection, checksum])
    const verified = await results(relais, 'verify')
    expect(verified.every((job) => z.object({ matches: z.literal(true) }).safeParse(job).success)).toBe(true)
    const rebuilt = await results(relais, 'rebuild')
    expect(checksums(rebuilt)).toEqual(checksums(verified))
    const services = new Set(checksums(rebuilt).map(([service]) => service))
    expect([...services]).toEqual([
      'stays',
      'patients',
      'directory',
      'conversations',
      'timelines',
      'channels',
      'protocols',
    ])
  })

  test('a follower ends with 0 when it is interrupted', async () => {
    expect(await Promise.all([nurse, gp, ...strangers].map((follower) => follower.stop()))).toEqual([0, 0, 0, 0])
  })
})

test('what was withdrawn or corrected stays in the pathway and says so', async () => {
  const { folder } = await startRelais()
  const relais = commandLine(folder)
  const messages = [
    pamMessage({ movement: 'M1' }),
    pamMessage({ ...leaves, trigger: 'A03' }),
    pamMessage({ ...leaves, trigger: 'A13', recorded: '20261105150000' }),
    pamMessage({ movement: 'M1', trigger: 'Z99', room: '14', recorded: '20261105160000' }),
  ]
  const sent = await relais.run('send', ...messages.map((message, n) => written(`withdrawn-${n}.er7`, message)))
  expect(sent).toMatchObject({ exitCode: 0, stderr: '' })
  expect(sent.stdout.match(/^AA /gm)).toHaveLength(4)

  const asked = ['pathway', '--ipp', ours.ipp, ...nurseOf(ours.ward, ours.facility)]
  await waitUntil(
    async () => PathwayView.parse(await result(relais, ...asked)).entries.length === 4,
    'the pathway to hold what was sent',
  )
  const view = PathwayView.parse(await result(relais, ...asked))
  expect(view.stays).toMatchObject([{ status: 'present' }])
  const ids = new Map(view.entries.map(({ kind, entryId }) => [kind, entryId]))
  expect(new Map(view.entries.map(({ kind, state, supersededBy }) => [kind, [state, supersededBy]]))).toEqual(
    new Map([
      ['admission', ['corrected', ids.get('correction')]],
      ['correction', ['current', undefined]],
      ['discharge', ['withdrawn', ids.get('withdrawal')]],
      ['withdrawal', ['current', undefined]],
    ]),
  )
  expect(view.entries.find(({ kind }) => kind === 'correction')).toMatchObject({ room: '14', changed: ['room'] })
  const { stdout } = await relais.run(...asked)
  expect(stdout).toMatch(/ {2}admission .*\[corrected\]/)
  expect(stdout).toMatch(/ {2}discharge .*\[withdrawn\]/)
})
