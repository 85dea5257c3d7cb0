import type { LinkReason } from '@relais/contracts/patients'

/** A link that stands: `patientId` is the one to keep. */
export type KnownLink = { linkId: string; patientId: string; otherId: string; reason: LinkReason }
type Merge = { linkId: string; patientId: string; otherId: string }

/**
 * Why `otherId` cannot be merged into `patientId`, given the other links around: they lead from the one to keep to the one
 * to give up, or the latter was given up for somebody else already.
 */
export function obstacleTo(
  { linkId, patientId, otherId }: Merge,
  links: readonly KnownLink[],
): 'cycle' | 'mergedElsewhere' | undefined {
  const others = links.filter((link) => link.linkId !== linkId)
  if (reached(patientId, others, onwards).has(otherId)) return 'cycle'
  const person = reached(patientId, others, eitherWay)
  const elsewhere = others.some(
    (link) => link.otherId === otherId && link.reason === 'merged' && !person.has(link.patientId),
  )
  return elsewhere ? 'mergedElsewhere' : undefined
}

type Step = (link: KnownLink, from: string) => string | undefined

const onwards: Step = ({ patientId, otherId }, from) => (otherId === from ? patientId : undefined)
const eitherWay: Step = ({ patientId, otherId }, from) => {
  if (patientId === from) return otherId
  return otherId === from ? patientId : undefined
}

/** Everybody whom links lead to, the start included. */
function reached(start: string, links: readonly KnownLink[], step: Step): ReadonlySet<string> {
  const known = new Set([start])
  // A set grows while it is walked.
  for (const from of known)
    for (const link of links) {
      const next = step(link, from)
      if (next !== undefined) known.add(next)
    }
  return known
}
