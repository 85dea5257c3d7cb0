import type { PathwayEntry } from '@relais/contracts/pathway'
import type { Standing } from '@relais/contracts/standing'

/** Whether the patient is expected or present, on leave included. */
export function isOpen({ status }: Pick<Standing, 'status'>): boolean {
  return status === 'expected' || status === 'present' || status === 'onLeave'
}

/** The wards that an entry is for: those it names, takes the patient from, leaves the patient to, or gives back to. */
export function wardsConcerned(entry: PathwayEntry): ReadonlySet<string> {
  const { wards, leaving = [], holding = [], returning = [], plannedWard } = entry
  const planned = plannedWard ? [plannedWard] : []
  return new Set([...wards, ...leaving, ...holding, ...returning, ...planned].map(wardName))
}

/** A ward code means something only inside its facility. */
export function wardName({ facility, code }: { facility: string; code: string }): string {
  return `ward/${facility}:${code}`
}
