import type { DocumentRef } from '@relais/contracts/primitives'
import { useQuery } from '@tanstack/react-query'
import { Answered } from '../../design/states.tsx'
import { textQuery } from './referral-queries.ts'
import styles from './referrals.module.css'

/** A text of a referral, as it was written. */
export function ReferralText({ referralId, document }: { referralId: string; document: DocumentRef }) {
  const query = useQuery(textQuery(referralId, document.documentId))
  return <Answered query={query}>{(text) => <blockquote className={styles.text}>{text}</blockquote>}</Answered>
}
