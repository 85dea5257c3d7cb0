import { runner } from '@relais/database/statements'
import type { Decoded } from '@relais/event-store/codec'
import { logEpoch } from '@relais/event-store/epoch'
import type { CodecSet } from '@relais/events/codec'
import type { Batch } from './batches.ts'
import { type FollowDeps, type Follower, startFollower } from './follower.ts'
import { savedTogether } from './saved-together.ts'
import { type AnyDatabase, structureChange } from './sql.ts'

export type ReactionOptions<Event> = FollowDeps & {
  name: string
  codecs: CodecSet<Event>
  database: AnyDatabase
  /** MUST derive the ids of what it writes from the id of the event, because events are delivered again. */
  react: (decoded: Decoded<Event>) => Promise<void>
}
export type RunningReaction = Follower & { name: string }

/** Events of history between which nobody else gets a turn. */
const HISTORY_BATCH = 64
const TABLE = `create table if not exists reaction_checkpoint (
  name text not null, epoch text not null, position bigint not null, primary key (name, epoch))`

/**
 * Hands every event to `react`, in log order, one at a time, and remembers how far it came: at least once each. That is
 * saved for several events at once, so that after a crash the last ones are delivered again. Each replica does so; what
 * they remember never moves back. With another log, it starts from the beginning of that one.
 */
export function startReaction<Event>(options: ReactionOptions<Event>): RunningReaction {
  const { name, codecs, react } = options
  const checkpoint = savedTogether(options, reactionCheckpoint(options))
  const follower = startFollower(
    {
      kind: 'reaction',
      name,
      categories: codecs.categories,
      batchSize: HISTORY_BATCH,
      resumeAfter: checkpoint.read,
      async handle({ events, position }: Batch) {
        for (const event of events) {
          const decoded = await codecs.decode(event)
          if (decoded !== undefined) await react(decoded)
        }
        await checkpoint.moveTo(position, events.length)
      },
      caughtUp: () => Promise.resolve(),
      isVisible: () => true,
    },
    options,
  )
  return {
    name,
    ...follower,
    async stop() {
      await follower.stop()
      await checkpoint.stop()
    },
  }
}

function reactionCheckpoint<Event>({ name, database, store }: ReactionOptions<Event>) {
  const run = runner(database.kind)
  let epoch: string | undefined
  const open = async () => {
    const known = await logEpoch(store)
    await structureChange(database, async (connection) => {
      await run(connection, TABLE)
      const insert = 'insert into reaction_checkpoint values (?, ?, 0) on conflict do nothing'
      await run(connection, insert, [name, known])
    })
    epoch = known
    return known
  }
  return {
    async read(): Promise<number> {
      const select = 'select position from reaction_checkpoint where name = ? and epoch = ?'
      const { rows } = await run(database.db, select, [name, epoch ?? (await open())])
      return Number(rows[0]?.['position'] ?? 0)
    },
    async save(position: number): Promise<void> {
      const update = 'update reaction_checkpoint set position = ? where name = ? and epoch = ? and position < ?'
      await run(database.db, update, [position, name, epoch ?? (await open()), position])
    },
  }
}
