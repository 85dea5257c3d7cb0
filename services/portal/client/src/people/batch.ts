/**
 * Collects what is asked for within a moment into one request. What is not in the answer is `undefined`: unknown, or not
 * to be seen.
 */
export function batched<Value>(
  fetchAll: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  { most, waitMilliseconds = 10 }: { most: number; waitMilliseconds?: number },
): (key: string) => Promise<Value | undefined> {
  let waiting = new Map<string, PromiseWithResolvers<Value | undefined>>()

  async function flush(asked: ReadonlyMap<string, PromiseWithResolvers<Value | undefined>>): Promise<void> {
    const keys = [...asked.keys()]
    for (let start = 0; start < keys.length; start += most) {
      const part = keys.slice(start, start + most)
      try {
        const found = await fetchAll(part)
        for (const key of part) asked.get(key)?.resolve(found.get(key))
      } catch (error) {
        for (const key of part) asked.get(key)?.reject(error)
      }
    }
  }

  return (key) => {
    if (waiting.size === 0)
      setTimeout(() => {
        const asked = waiting
        waiting = new Map()
        void flush(asked)
      }, waitMilliseconds)
    const known = waiting.get(key) ?? Promise.withResolvers<Value | undefined>()
    waiting.set(key, known)
    return known.promise
  }
}
