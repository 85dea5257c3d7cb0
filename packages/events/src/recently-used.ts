export type RecentlyUsed<Key, Value> = {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
}

/**
 * The values used last: at least half of `most`, never more than `most`. They are kept in two halves, of which the older one
 * is let go whole, so that using a value costs one look and keeping one costs no search for the oldest.
 */
export function recentlyUsed<Key, Value>(most: number): RecentlyUsed<Key, Value> {
  let younger = new Map<Key, Value>()
  let older = new Map<Key, Value>()
  const set = (key: Key, value: Value) => {
    if (younger.size >= most / 2 && !younger.has(key)) {
      older = younger
      younger = new Map()
    }
    younger.set(key, value)
  }
  return {
    get(key) {
      const young = younger.get(key)
      if (young !== undefined) return young
      const old = older.get(key)
      if (old !== undefined) set(key, old)
      return old
    },
    set,
  }
}
