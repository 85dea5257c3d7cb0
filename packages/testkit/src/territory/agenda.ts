/** What is to happen, taken out in order of time; what happens at one instant, in the order in which it was put in. */
export type Agenda<Entry> = {
  put(at: number, entry: Entry): void
  /** The first entry, unless it is later than `until`. */
  take(until: number): { at: number; entry: Entry } | undefined
  size(): number
}

/** A binary heap. */
export function agenda<Entry>(): Agenda<Entry> {
  type Item = { at: number; order: number; entry: Entry }
  const items: Item[] = []
  let order = 0
  const isBefore = (one: Item | undefined, other: Item | undefined) =>
    one !== undefined && other !== undefined && (one.at - other.at || one.order - other.order) < 0

  function swap(one: number, other: number) {
    const [first, second] = [items[one], items[other]]
    if (first && second) [items[one], items[other]] = [second, first]
  }
  function rise(index: number) {
    for (let at = index; at > 0;) {
      const parent = (at - 1) >> 1
      if (!isBefore(items[at], items[parent])) return
      swap(at, parent)
      at = parent
    }
  }
  function sink() {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      const least = isBefore(items[right], items[left]) ? right : left
      if (!isBefore(items[least], items[at])) return
      swap(at, least)
      at = least
    }
  }

  return {
    put(at, entry) {
      items.push({ at, order: (order += 1), entry })
      rise(items.length - 1)
    },
    take(until) {
      const [first] = items
      if (first === undefined || first.at > until) return undefined
      const last = items.pop()
      if (last && items.length > 0) {
        items[0] = last
        sink()
      }
      return { at: first.at, entry: first.entry }
    },
    size: () => items.length,
  }
}
