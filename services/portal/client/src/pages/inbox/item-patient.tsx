import type { PatientId } from '@relais/contracts/primitives'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useWords } from '../../messages/language.tsx'
import { peopleWords } from '../../people/people-words.ts'
import { identityQuery, PatientName } from '../../people/people.tsx'
import { inboxWords } from './inbox-words.ts'
import { useReader } from './item-acts.ts'

/** Of whom somebody is asked: for those to know who give care, and where it is withheld for those only who accept. */
export function AskedPatient({
  patientId,
  isWithheld,
  brief = false,
}: {
  patientId: PatientId | undefined
  isWithheld: boolean
  brief?: boolean
}) {
  const words = useWords(peopleWords)
  const { givesCare } = useReader()
  const otherwise = isWithheld ? words.withheld : givesCare ? words.unknownPatient : words.notForSorting
  return <PatientName patientId={patientId} brief={brief} otherwise={otherwise} />
}

/** To the page of a patient, for who may see it: whoever is asked knows who the patient is, and no more. */
export function PatientLink({ patientId }: { patientId: PatientId | undefined }) {
  const words = useWords(inboxWords)
  const { data: identity } = useQuery({ ...identityQuery(patientId ?? ''), enabled: patientId !== undefined })
  if (patientId === undefined || !identity?.pathway) return null
  return (
    <p className="unprinted">
      <Link to="/patients/$patientId" params={{ patientId }}>
        {words.pathway}
      </Link>
    </p>
  )
}
