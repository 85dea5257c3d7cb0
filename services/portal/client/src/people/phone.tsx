import { useQuery } from '@tanstack/react-query'
import { facilityQuery } from './people.tsx'
import styles from './phone.module.css'

type Place = { facility: string; wards: readonly { facility: string; code: string }[] }

/** The direct number of a ward; that of the establishment where the ward has none. */
export function useWardPhone({ facility, wards }: Place): string | undefined {
  const [ward] = wards
  const { data } = useQuery(facilityQuery(ward?.facility ?? facility))
  return data?.wards.find(({ code }) => code === ward?.code)?.phone ?? data?.phone
}

/** A number that is dialled when it is pressed. */
export function PhoneLink({ phone }: { phone: string }) {
  return (
    <a className={styles.phone} href={`tel:${phone.replace(/[^+\d]/g, '')}`}>
      {phone}
    </a>
  )
}
