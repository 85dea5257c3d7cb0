import type { Attachment } from '@relais/contracts/conversations'
import { Button } from '../design/button.tsx'
import { useWords } from '../messages/language.tsx'
import { attachmentWords } from './attachment-words.ts'
import styles from './attachments.module.css'
import type { Files } from './use-attachments.tsx'

/** Files that were chosen: those that have arrived, those on their way, and why one did not. */
export function AttachmentList({ files, attachments }: { files: Files; attachments: readonly Attachment[] }) {
  const words = useWords(attachmentWords)
  if (attachments.length + files.sendings.length === 0) return null
  return (
    <ul className={styles.parts} aria-label={words.attached}>
      {attachments.map(({ document: { documentId, size }, fileName }) => (
        <li key={documentId}>
          <span>{words.download(fileName, words.size(size))}</span>
          <Button kind="quiet" label={words.leaveOut(fileName)} onPress={() => files.leaveOut(documentId)}>
            ×
          </Button>
        </li>
      ))}
      {files.sendings.map(({ id, file, share, failure }) => (
        <li key={id}>
          {failure === undefined ? (
            <label className={styles.uploading}>
              <span>{words.uploading(file.name, Math.round(share * 100))}</span>
              <progress value={share} max={1} />
            </label>
          ) : (
            <span role="alert" className={styles.failed}>
              {words.uploadFailed(file.name, failure)}
            </span>
          )}
          {failure === words.uploadUnreachable && <Button onPress={() => files.again(id)}>{words.retry}</Button>}
          <Button kind="quiet" label={words.leaveOut(file.name)} onPress={() => files.giveUp(id)}>
            ×
          </Button>
        </li>
      ))}
    </ul>
  )
}
