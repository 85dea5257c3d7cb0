import type { Attachment } from '@relais/contracts/conversations'
import { FileLinks } from '../../attachments/file-links.tsx'

/** Files of what is asked, or of an answer. */
export function Attachments({ referralId, attachments }: { referralId: string; attachments: readonly Attachment[] }) {
  return (
    <FileLinks
      attachments={attachments}
      addressOf={(documentId) => `/referrals/${referralId}/documents/${documentId}`}
    />
  )
}
