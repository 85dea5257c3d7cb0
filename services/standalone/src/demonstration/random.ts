/** Numbers that a seed decides: the same seed, the same numbers, on every machine. */
export type Random = {
  /** A whole number from 0 to `below`, without it. */
  below(below: number): number
  /** @throws RangeError when there is nothing to pick from */
  pick<Item>(items: readonly Item[]): Item
  shuffled<Item>(items: readonly Item[]): Item[]
}

/** Not for secrets: a seed of 32 bits, stirred by a multiplication (splitmix32). */
export function seeded(...parts: readonly number[]): Random {
  let state = parts.reduce((seed, part) => stirred(seed ^ part), 0x9e3779b9)
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0
    return stirred(state)
  }
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    pick(items) {
      const picked = items[below(items.length)]
      if (picked === undefined) throw new RangeError('Nothing to pick from')
      return picked
    },
    shuffled: (items) => {
      const left = [...items]
      return items.flatMap(() => left.splice(below(left.length), 1))
    },
  }
}

function stirred(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
