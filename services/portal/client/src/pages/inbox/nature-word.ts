import type { StayItem } from '@relais/contracts/boards'

type Words = Record<'notice' | 'entry', Readonly<Record<string, string>>>

/** What happened, in words: of a date that was announced, of what. */
export function natureWord({ nature, changed, standing }: NatureOf, { notice, entry }: Words): string {
  const word = notice[nature] ?? nature
  if (nature !== 'planned') return word
  if (changed.includes('expectedDischargeAt') && standing.expectedDischargeAt !== undefined)
    return entry['plannedDischarge'] ?? word
  if (changed.includes('plannedTransfer') && standing.plannedTransfer) return entry['plannedTransfer'] ?? word
  return changed.includes('expectedAt') ? (entry['plannedAdmission'] ?? word) : word
}
type NatureOf = Pick<StayItem, 'nature' | 'changed'> & {
  standing: Pick<StayItem['standing'], 'expectedDischargeAt' | 'plannedTransfer'>
}
