type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [name: string]: Value }

/** Whether two plain values say the same: what is absent and what is `undefined` are alike, and order in lists counts. */
export function same(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))]
  return [...names].every((name) => same(left.get(name), right.get(name)))
}
