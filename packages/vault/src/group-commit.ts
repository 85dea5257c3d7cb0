import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '@relais/database/statements'

const LARGEST_GROUP = 100

/** Writes what was asked, and answers with one outcome per item, in their order. */
type Write<Item, Outcome> = (transaction: Connection, items: readonly Item[]) => Promise<readonly Outcome[]>
type Transactions = {
  transaction(): { execute<Result>(work: (transaction: Connection) => Promise<Result>): Promise<Result> }
}
type Waiting<Item, Outcome> = { item: Item; answer: PromiseWithResolvers<Outcome> }
type Group = { write(transaction: Connection): Promise<void>; succeed(): void; fail(error: unknown): void }

/** Adds something to write, and answers with how to ask for it. */
export type GroupCommit = <Item, Outcome>(write: Write<Item, Outcome>) => (item: Item) => Promise<Outcome>

/**
 * Gathers what is asked in one turn of the event loop, and while earlier groups are being written, into one transaction:
 * a hundred concurrent callers cost one flush to the disk, whatever they ask for. Inside it, what was added first is
 * written first: one order in every process, so that no two of them wait for each other. When something throws, nothing
 * is written and each of the group is told.
 */
export function groupCommit(db: Transactions): GroupCommit {
  const queues: { take(): Group | undefined }[] = []
  let isWriting = false

  async function writeAll() {
    let groups
    do {
      await nextTurn()
      groups = queues.map(({ take }) => take()).filter((group) => group !== undefined)
      await writeTogether(db, groups)
    } while (groups.length > 0)
    isWriting = false
  }

  return (write) => {
    const { add, take } = queue(write)
    queues.push({ take })
    return (item) => {
      if (!isWriting) {
        isWriting = true
        void writeAll()
      }
      return add(item)
    }
  }
}

function queue<Item, Outcome>(write: Write<Item, Outcome>) {
  const waiting: Waiting<Item, Outcome>[] = []
  return {
    add(item: Item): Promise<Outcome> {
      const answer = Promise.withResolvers<Outcome>()
      waiting.push({ item, answer })
      return answer.promise
    },
    take: () => (waiting.length === 0 ? undefined : groupOf(waiting.splice(0, LARGEST_GROUP), write)),
  }
}

function groupOf<Item, Outcome>(waiting: readonly Waiting<Item, Outcome>[], write: Write<Item, Outcome>): Group {
  let outcomes: readonly Outcome[] = []
  return {
    async write(transaction) {
      const items = waiting.map(({ item }) => item)
      outcomes = await write(transaction, items)
      if (outcomes.length !== items.length) throw new Error(`${outcomes.length} outcomes for ${items.length} items`)
    },
    succeed() {
      for (const [index, outcome] of outcomes.entries()) waiting[index]?.answer.resolve(outcome)
    },
    fail(error) {
      for (const { answer } of waiting) answer.reject(error)
    },
  }
}

async function writeTogether(db: Transactions, groups: readonly Group[]): Promise<void> {
  if (groups.length === 0) return
  try {
    await db.transaction().execute(async (transaction) => {
      for (const group of groups) await group.write(transaction)
    })
  } catch (error) {
    for (const group of groups) group.fail(error)
    return
  }
  for (const group of groups) group.succeed()
}
