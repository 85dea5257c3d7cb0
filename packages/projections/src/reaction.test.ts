import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { logger } from '@relais/telemetry/logger'
import { expect, onTestFinished, test } from 'vitest'
import { type BedLog, bedLog, type BedTables, RECORDED_AT, taken } from './bed-board.fixture.ts'
import { type ReactionOptions, startReaction } from './reaction.ts'
import { readinessOf } from './readiness.ts'
import type { AnyDatabase } from './sql.ts'

const PATIENCE = 20_000

type BedReaction = ReactionOptions<Awaited<ReturnType<BedLog['codecs']['decode']>> extends infer D ? EventOf<D> : never>
type EventOf<Decoded> = NonNullable<Decoded> extends { event: infer Event } ? NonNullable<Event> : never

function react(log: BedLog, database: AnyDatabase, reaction: BedReaction['react']) {
  const lines: Record<string, unknown>[] = []
  const running = startReaction({
    name: 'tell-the-kitchen-1',
    store: log.store,
    codecs: log.codecs,
    database,
    log: logger({ level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line)) } }),
    now: () => RECORDED_AT,
    sleep: () => Promise.resolve(),
    react: reaction,
  })
  onTestFinished(() => running.stop())
  return { ...running, lines }
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
