import type { InboxItem } from '@relais/contracts/boards'
import { useWords } from '../../messages/language.tsx'
import { peopleWords } from '../../people/people-words.ts'
import { PatientName } from '../../people/people.tsx'
import { useReader } from './item-acts.ts'

/** Of what somebody is asked, who the patient is may be for those to know who accept, or who give care. */
export function ItemPatient({ item, brief }: { item: Pick<InboxItem, 'kind' | 'patientId'>; brief?: boolean }) {
  const words = useWords(peopleWords)
  const { givesCare } = useReader()
  const otherwise = item.kind === 'stay' ? undefined : givesCare ? words.withheld : words.notForSorting
  return <PatientName patientId={item.patientId} brief={brief ?? false} otherwise={otherwise} />
}
