import type { Standing } from '@relais/contracts/standing'
import { useQuery } from '@tanstack/react-query'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery, WardName } from '../../people/people.tsx'
import { PhoneLink, useWardPhone } from '../../people/phone.tsx'
import { ehpadWords } from './ehpad-words.ts'

/** Where somebody is, in words, as hospitals name their wards. */
export function WhereOf({ standing }: { standing: Standing }) {
  const [ward] = standing.wards
  return ward ? <WardName {...ward} /> : <FacilityName finess={standing.facility} />
}

function FacilityName({ finess }: { finess: string }) {
  const { data } = useQuery(facilityQuery(finess))
  return <span>{data?.name ?? finess}</span>
}

export function WardCall({ standing }: { standing: Standing }) {
  const words = useWords(ehpadWords)
  const phone = useWardPhone(standing)
  if (phone === undefined) return <span className="soft">{words.phoneUnknown}</span>
  return (
    <span>
      {words.call} <PhoneLink phone={phone} />
    </span>
  )
}
