/** Parameters of the longest statement. Lengths are powers of two, so that few statements serve every number. */
const LONGEST = 256

/**
 * Looks up what is asked before the current work yields in as few statements as possible: a batch of history asks for
 * hundreds of keys at once. `find` is given ids, the last one repeated to fill a statement.
 */
export function askedTogether<Found>(
  find: (ids: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
): (id: string) => Promise<Found | undefined> {
  let asked = new Map<string, PromiseWithResolvers<Found | undefined>>()

  async function answer(those: ReadonlyMap<string, PromiseWithResolvers<Found | undefined>>) {
    try {
      const found = await find(filled([...those.keys()]))
      for (const [id, { resolve }] of those) resolve(found.get(id))
    } catch (error) {
      for (const { reject } of those.values()) reject(error)
    }
  }
  const next = () => {
    const those = asked
    asked = new Map()
    if (those.size > 0) void answer(those)
  }
  return (id) => {
    const known = asked.get(id)
    if (known) return known.promise
    if (asked.size === 0) queueMicrotask(next)
    const answered = Promise.withResolvers<Found | undefined>()
    asked.set(id, answered)
    if (asked.size === LONGEST) next()
    return answered.promise
  }
}

function filled(ids: readonly string[]): string[] {
  const [last = ''] = ids.slice(-1)
  const length = 2 ** Math.ceil(Math.log2(ids.length))
  return [...ids, ...Array.from({ length: length - ids.length }, () => last)]
}
