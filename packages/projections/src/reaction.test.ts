import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { logger } from '@relais/telemetry/logger'
import { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { type BedLog, bedLog, type BedTables, manyBeds, RECORDED_AT, taken } from './bed-board.fixture.ts'
import type { Sleep } from './follower.ts'
import { type ReactionOptions, startReaction } from './reaction.ts'
import { readinessOf } from './readiness.ts'
import type { AnyDatabase } from './sql.ts'

const PATIENCE = 20_000

type BedReaction = ReactionOptions<Awaited<ReturnType<BedLog['codecs']['decode']>> extends infer D ? EventOf<D> : never>
type EventOf<Decoded> = NonNullable<Decoded> extends { event: infer Event } ? NonNullable<Event> : never

/** What comes a moment later never comes: a process that is killed before. */
const untilStopped: Sleep = (_, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))

function react(
  log: BedLog,
  database: AnyDatabase,
  reaction: BedReaction['react'],
  sleep: Sleep = () => Promise.resolve(),
) {
  const lines: Record<string, unknown>[] = []
  const running = startReaction({
    name: 'tell-the-kitchen-1',
    store: log.store,
    codecs: log.codecs,
    database,
    log: logger({ level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line)) } }),
    now: () => RECORDED_AT,
    sleep,
    react: reaction,
  })
  onTestFinished(() => running.stop())
  return { ...running, lines }
}

async function savedPosition({ db }: AnyDatabase): Promise<number> {
  const { rows } = await db.executeQuery(CompiledQuery.raw('select position from reaction_checkpoint'))
  // A row of that one column.
  return (rows[0] as { position: number }).position
}

eachDatabase('a reaction', (open) => {
  test('is given every event in order, once the one before is done', async () => {
    const log = bedLog()
    const seen: string[] = []
    await log.appendAll([taken('a'), taken('b')])
    const running = react(log, await open<BedTables>('ordered'), async ({ routing }) => {
      seen.push(`start ${routing['bedId']}`)
      await new Promise(setImmediate)
      seen.push(`end ${routing['bedId']}`)
    })
    await waitUntil(() => running.status().state === 'live', 'catching up')
    expect(await running.reaches(await log.append(taken('c')), PATIENCE)).toBe(true)
    expect(seen).toEqual(['start a', 'end a', 'start b', 'end b', 'start c', 'end c'])
  })

  test('a restart goes on after what was done', async () => {
    const log = bedLog()
    const database = await open<BedTables>('restarted')
    const seen: (string | undefined)[] = []
    const note: BedReaction['react'] = async ({ routing }) => void seen.push(routing['bedId'])
    const first = react(log, database, note)
    await first.reaches(await log.append(taken('a')), PATIENCE)
    await first.stop()
    const end = await log.append(taken('b'))
    expect(await react(log, database, note).reaches(end, PATIENCE)).toBe(true)
    expect(seen).toEqual(['a', 'b'])
  })

  test('a crash before the checkpoint is saved delivers what was handled again, and no more than 64 events', async () => {
    const log = bedLog()
    const database = await open<BedTables>('crashed')
    const handled: string[][] = [[], []]
    const noting =
      (run: number): BedReaction['react'] =>
      async ({ id }) =>
        void handled[run]?.push(id)
    const killed = react(log, database, noting(0), untilStopped)
    await waitUntil(() => killed.status().state === 'live', 'catching up')
    let end = 0
    for (const bed of manyBeds(70)) {
      end = await log.append(bed)
      await killed.reaches(end, PATIENCE)
    }
    const again = react(log, database, noting(1), untilStopped)
    expect(await again.reaches(end, PATIENCE)).toBe(true)
    await waitUntil(() => again.status().state === 'live', 'catching up')
    expect(handled[0]).toHaveLength(70)
    expect(handled[1]).toEqual(handled[0]?.slice(64))
  })

  test('a moment after the last event, and at the end, nothing is left to deliver again', async () => {
    const log = bedLog()
    const database = await open<BedTables>('saved')
    const seen: (string | undefined)[] = []
    const note: BedReaction['react'] = async ({ routing }) => void seen.push(routing['bedId'])
    const rested = Promise.withResolvers<void>()
    const first = react(log, database, note, () => rested.promise)
    await first.reaches(await log.append(taken('a')), PATIENCE)
    const end = await log.append(taken('b'))
    await first.reaches(end, PATIENCE)
    rested.resolve()
    await waitUntil(async () => (await savedPosition(database)) === end, 'the checkpoint')
    const last = react(log, database, note, untilStopped)
    const next = await log.append(taken('c'))
    await last.reaches(next, PATIENCE)
    await last.stop()
    expect(await savedPosition(database)).toBe(next)
    expect(seen.filter((bed) => bed !== 'c')).toEqual(['a', 'b'])
  })

  test('what fails is tried again from there; past five times it stops, red, and names the event', async () => {
    const log = bedLog()
    const seen: (string | undefined)[] = []
    await log.appendAll([taken('a'), taken('refused'), taken('c')])
    const running = react(log, await open<BedTables>('failing'), async ({ routing }) => {
      if (routing['bedId'] === 'refused') throw new Error('refused')
      seen.push(routing['bedId'])
    })
    await waitUntil(() => running.status().state === 'stopped', 'stopping')
    expect(new Set(seen)).toEqual(new Set(['a']))
    expect(running.lines.at(-1)).toMatchObject({ reaction: 'tell-the-kitchen-1', eventId: expect.any(String) })
    expect(readinessOf([running])).toMatchObject([{ ready: false }])
  })

  test('another log is reacted to from its beginning', async () => {
    const database = await open<BedTables>('epoch')
    const seen: (string | undefined)[] = []
    const note: BedReaction['react'] = async ({ routing }) => void seen.push(routing['bedId'])
    const former = bedLog()
    const first = react(former, database, note)
    await first.reaches(await former.appendAll([taken('a'), taken('b'), taken('c')]), PATIENCE)
    await first.stop()
    const log = bedLog()
    const end = await log.append(taken('new'))
    expect(await react(log, database, note).reaches(end, PATIENCE)).toBe(true)
    expect(seen).toEqual(['a', 'b', 'c', 'new'])
  })
})
