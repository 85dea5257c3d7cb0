import { setImmediate as nextTurn } from 'node:timers/promises'

const LARGEST_GROUP = 100

type Waiting<Item, Outcome> = { item: Item; answer: PromiseWithResolvers<Outcome> }

/**
 * Gathers what is asked in one turn of the event loop, and while an earlier group is being written, into one write: a
 * hundred concurrent callers cost one flush to the disk. `write` answers with one outcome per item, in their order; when
 * it throws, each of the group is told.
 */
export function groupCommit<Item, Outcome>(write: (items: readonly Item[]) => Promise<readonly Outcome[]>) {
  const waiting: Waiting<Item, Outcome>[] = []
  let isWriting = false

  async function writeAll() {
    await nextTurn()
    while (waiting.length > 0) await writeGroup(waiting.splice(0, LARGEST_GROUP), write)
    isWriting = false
  }

  return (item: Item): Promise<Outcome> => {
    const answer = Promise.withResolvers<Outcome>()
    waiting.push({ item, answer })
    if (!isWriting) {
      isWriting = true
      void writeAll()
    }
    return answer.promise
  }
}

async function writeGroup<Item, Outcome>(
  group: readonly Waiting<Item, Outcome>[],
  write: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<void> {
  try {
    const outcomes = await write(group.map(({ item }) => item))
    if (outcomes.length !== group.length) throw new Error(`${outcomes.length} outcomes for ${group.length} items`)
    for (const [index, outcome] of outcomes.entries()) group[index]?.answer.resolve(outcome)
  } catch (error) {
    for (const { answer } of group) answer.reject(error)
  }
}
