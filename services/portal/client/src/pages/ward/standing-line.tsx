import type { WardBoardRow } from '@relais/contracts/boards'
import { Badge } from '../../design/badge.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { moment } from '../../messages/times.ts'
import { RecipientName } from '../../people/people.tsx'
import { wardWords } from './ward-words.ts'

/** What a stay is now, and until when: `depuis hier 14:32 · sortie prévue demain 11:00`. */
export function StandingLine({ row, today }: { row: Pick<WardBoardRow, 'standing'>; today: number }) {
  const words = useWords(wardWords)
  const { patientClass: classes } = useWords(domainWords)
  const { language } = useLanguage()
  const { standing } = row
  const { status, placeSince, arrivedAt, expectedAt, awaySince, dischargedAt, died, patientClass } = standing
  const at = (word: string, instant: string | undefined) =>
    instant === undefined ? undefined : `${word} ${moment(instant, today, language)}`
  const isThere = status === 'present' || status === 'onLeave'
  const departureAt = standing.plannedTransfer?.at ?? standing.expectedDischargeAt
  const parts = [
    patientClass === undefined || patientClass === 'I' ? undefined : classes[patientClass],
    status === 'expected' ? at(words.expectedAt, expectedAt) : undefined,
    status === 'present' ? at(words.since, placeSince ?? arrivedAt) : undefined,
    status === 'onLeave' ? at(words.awaySince, awaySince) : undefined,
    status === 'discharged' ? at(died ? words.diedAt : words.leftAt, dischargedAt) : undefined,
    isThere ? at(standing.plannedTransfer ? words.transferAt : words.leavingAt, departureAt) : undefined,
  ].filter((part) => part !== undefined)
  return (
    <span>
      {parts.join(' · ')} <Destination standing={standing} />{' '}
      {standing.confidential && <Badge tone="calm">{words.confidentialShort}</Badge>}
    </span>
  )
}

/** Where somebody left for, or is to leave for, as far as it was said. */
export function Destination({
  standing: { died, ...standing },
}: {
  standing: Pick<WardBoardRow['standing'], 'died' | 'discharge' | 'plannedDischarge'>
}) {
  const words = useWords(wardWords)
  const { exitMode: modes, destination: kinds } = useWords(domainWords)
  const discharge = standing.discharge ?? standing.plannedDischarge
  if (!discharge || died) return null
  const { exitMode, destinationKind, destinationFacility } = discharge
  if (destinationFacility !== undefined)
    return (
      <>
        {`${words.to} `}
        <RecipientName id={`finess:${destinationFacility}`} />
      </>
    )
  // Codes of another year's table have no word here.
  const word = wordIn(kinds, destinationKind) ?? wordIn(modes, exitMode)
  return word === undefined ? null : `${words.to} ${word}`
}

function wordIn(words: Readonly<Record<string, string>>, code: string | undefined): string | undefined {
  return code === undefined ? undefined : words[code]
}
