import type { EventFamily } from '@relais/contracts/primitives'
import type { z } from 'zod'

/** How to read one stored type: its current name, and the upcasts that lead from its version to the current one. */
export type StoredShape = { name: string; upcasts: readonly z.ZodType[] }

const STORED_TYPE = /^(.+)\.v([1-9]\d*)$/

/**
 * Indexes the stored types of a family (`Name.vN`). The answer is `undefined` for a type that is not of the family, and
 * `newer` for a version that this build does not know yet.
 * @throws Error when the family contradicts itself: a version without upcast, an upcast to nowhere, an owner that is not
 * a routing field.
 */
export function storedShapes<Event extends { type: string; data: object }>(family: EventFamily<Event>) {
  const { category, routing, sealedBy, upcasts } = family
  if (category.includes('-')) throw new Error(`The category ${category} has a hyphen`)
  if (!routing.includes(sealedBy))
    throw new Error(`${sealedBy} seals the events of ${category} but does not stay clear`)
  if (routing.includes('sealed')) throw new Error(`A routing field of ${category} is named like the sealed part`)

  const currentVersions = new Map<string, number>(Object.entries(family.versions))
  const shapes = new Map<string, StoredShape>()
  for (const [name, current] of currentVersions) {
    let chain: readonly z.ZodType[] = []
    shapes.set(`${name}.v${current}`, { name, upcasts: chain })
    for (let version = current - 1; version >= 1; version -= 1) {
      const upcast = upcasts[`${name}.v${version}`]
      if (!upcast) throw new Error(`No upcast from ${name}.v${version}`)
      chain = [upcast, ...chain]
      shapes.set(`${name}.v${version}`, { name, upcasts: chain })
    }
  }
  for (const stored of Object.keys(upcasts))
    if (!shapes.get(stored)?.upcasts.length) throw new Error(`The upcast from ${stored} leads nowhere`)

  return (storedType: string): StoredShape | 'newer' | undefined => {
    const shape = shapes.get(storedType)
    if (shape) return shape
    const [, name, version] = STORED_TYPE.exec(storedType) ?? []
    const current = name === undefined ? undefined : currentVersions.get(name)
    return current !== undefined && Number(version) > current ? 'newer' : undefined
  }
}
