import { useQuery } from '@tanstack/react-query'
import { usePerson } from '../../api/session.ts'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery } from '../../people/people.tsx'
import { wardWords } from './ward-words.ts'

/** The name of a ward of who reads, by its code. */
export function WardLabel({ code }: { code: string }) {
  const words = useWords(wardWords)
  const { organisation } = usePerson()
  const { data } = useQuery({ ...facilityQuery(organisation ?? ''), enabled: organisation !== undefined })
  return data?.wards.find((one) => one.code === code)?.label ?? `${words.title} ${code}`
}
