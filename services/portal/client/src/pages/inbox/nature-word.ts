import type { StayItem } from '@relais/contracts/boards'

type Words = Record<'notice' | 'entry', Readonly<Record<string, string>>>
type NatureOf = Pick<StayItem, 'nature' | 'changed' | 'standing'>

/** What happened, in words: of a date that was announced, of what; of what says nothing by itself, how the stay stands. */
export function natureWord(item: NatureOf, words: Words): string {
  const { nature, changed, standing } = item
  const word = words.notice[nature] ?? nature
  if (isOvertaken(item)) return standingWord(item, words)
  switch (nature) {
    case 'planned':
      return plannedWord(item, words) ?? word
    case 'joined':
      return standingWord(item, words)
    case 'moved':
      return changed.includes('wards') ? word : standingWord(item, words)
    case 'corrected':
      return `${standingWord(item, words)} (${word})`
    case 'withdrawn':
      return standing.status === 'withdrawn' ? word : withdrawnWord(item, words)
    default:
      return word
  }
}

/** When that happened. */
export function saidAt(item: NatureOf & Pick<StayItem, 'happenedAt'>): string {
  return (isOvertaken(item) ? item.standing.dischargedAt : undefined) ?? item.happenedAt
}

const beforeTheEnd: ReadonlySet<string> = new Set([
  'expected',
  'arrived',
  'admitted',
  'moved',
  'becameInpatient',
  'attendingChanged',
  'leaveBegan',
  'leaveEnded',
  'planned',
  'joined',
])

/** It was heard of after the discharge. */
function isOvertaken({ nature, standing }: NatureOf): boolean {
  return standing.status === 'discharged' && beforeTheEnd.has(nature)
}

function standingWord({ standing: { status, patientClass, died } }: NatureOf, { notice }: Words): string {
  const present = patientClass === 'I' ? 'admitted' : 'arrived'
  const nature = {
    expected: 'expected',
    present,
    onLeave: 'leaveBegan',
    discharged: died ? 'died' : 'discharged',
    withdrawn: 'withdrawn',
  }[status]
  return notice[nature] ?? status
}

function plannedWord({ changed, standing }: NatureOf, { entry }: Words): string | undefined {
  const isOfDischarge = changed.includes('expectedDischargeAt') || changed.includes('plannedDischarge')
  if (isOfDischarge && standing.expectedDischargeAt !== undefined) return entry['plannedDischarge']
  if (changed.includes('plannedTransfer') && standing.plannedTransfer) return entry['plannedTransfer']
  return changed.includes('expectedAt') ? entry['plannedAdmission'] : undefined
}

/** What a cancelled movement had changed, in the order in which it matters. */
const cancelled = [
  ['died', 'discharge'],
  ['dischargedAt', 'discharge'],
  ['arrivedAt', 'admission'],
  ['expectedDischargeAt', 'plannedDischarge'],
  ['plannedDischarge', 'plannedDischarge'],
  ['wards', 'transfer'],
  ['plannedTransfer', 'plannedTransfer'],
  ['awaySince', 'leave'],
] as const

function withdrawnWord({ changed }: NatureOf, { entry }: Words): string {
  const withdrawal = entry['withdrawal'] ?? ''
  const found = cancelled.find(([field]) => changed.includes(field))
  return found ? `${withdrawal} (${entry[found[1]] ?? found[1]})` : withdrawal
}
