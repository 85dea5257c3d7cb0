import type { Standing } from '@relais/contracts/standing'
import { useQuery } from '@tanstack/react-query'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery, WardName } from '../../people/people.tsx'
import { ehpadWords } from './ehpad-words.ts'
import styles from './ehpad.module.css'

/** Where somebody is, in words, as hospitals name their wards. */
export function WhereOf({ standing }: { standing: Standing }) {
  const [ward] = standing.wards
  return ward ? <WardName {...ward} /> : <FacilityName finess={standing.facility} />
}

function FacilityName({ finess }: { finess: string }) {
  const { data } = useQuery(facilityQuery(finess))
  return <span>{data?.name ?? finess}</span>
}

/** The number of the ward; that of the establishment where the ward has none. */
export function useWardPhone({ wards, facility }: Pick<Standing, 'wards' | 'facility'>): string | undefined {
  const [ward] = wards
  const { data } = useQuery(facilityQuery(ward?.facility ?? facility))
  return data?.wards.find(({ code }) => code === ward?.code)?.phone ?? data?.phone
}

export function WardCall({ standing }: { standing: Standing }) {
  const words = useWords(ehpadWords)
  const phone = useWardPhone(standing)
  if (phone === undefined) return <span className="soft">{words.phoneUnknown}</span>
  return <PhoneLink phone={phone}>{words.call(phone)}</PhoneLink>
}

export function PhoneLink({ phone, children }: { phone: string; children: string }) {
  return (
    <a className={styles.phone} href={`tel:${phone.replace(/[^+\d]/g, '')}`}>
      {children}
    </a>
  )
}
