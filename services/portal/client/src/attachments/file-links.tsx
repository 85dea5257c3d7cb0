import type { Attachment } from '@relais/contracts/conversations'
import { useWords } from '../messages/language.tsx'
import { attachmentWords } from './attachment-words.ts'
import { fileKind } from './file-kind.ts'
import styles from './attachments.module.css'

type FileLinksProps = {
  attachments: readonly Attachment[]
  /** Where the platform gives one of them, to be saved. */
  addressOf: (documentId: string) => string
}

/** Files, under the names that who sent them gave: each is saved, and none is shown in the page. */
export function FileLinks({ attachments, addressOf }: FileLinksProps) {
  const words = useWords(attachmentWords)
  if (attachments.length === 0) return null
  return (
    <ul className={styles.files} aria-label={words.attached}>
      {attachments.map(({ document: { documentId, size, mediaType }, fileName }) => (
        <li key={documentId}>
          <a href={`/app/api${addressOf(documentId)}`} download={fileName}>
            {words.download(fileName, words.size(size))}
          </a>{' '}
          <span className="soft">{words.kinds[fileKind(mediaType)]}</span>
        </li>
      ))}
    </ul>
  )
}
