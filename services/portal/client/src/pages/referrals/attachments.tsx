import type { Attachment } from '@relais/contracts/conversations'
import { useWords } from '../../messages/language.tsx'
import { referralWords } from './referral-words.ts'
import styles from './referrals.module.css'

/** Files of a referral, under the names that who sent them gave. */
export function Attachments({ referralId, attachments }: { referralId: string; attachments: readonly Attachment[] }) {
  const words = useWords(referralWords)
  return (
    <ul className={styles.files} aria-label={words.attachments}>
      {attachments.map(({ document, fileName }) => (
        <li key={document.documentId}>
          <a href={`/app/api/referrals/${referralId}/documents/${document.documentId}`} download={fileName}>
            {fileName}
          </a>
        </li>
      ))}
    </ul>
  )
}
