import type { Attachment } from '@relais/contracts/conversations'
import type { sendAttachment } from '@relais/contracts/post-routes'
import { type ChangeEvent, useId, useRef, useState } from 'react'
import type { AnswerOf } from '../../api/call.ts'
import { Refused } from '../../api/problem.ts'
import { upload } from '../../api/upload.ts'
import { Button } from '../../design/button.tsx'
import { useLatest } from '../../live/latest.ts'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import styles from './composer.module.css'
import { canBeNamed, MOST_ATTACHMENTS, mayBeCalled } from './file-names.ts'
import { writingWords } from './writing-words.ts'

type Sending = { id: string; file: File; share: number; failure?: string; abort: AbortController }

type AttachmentsProps = {
  owner: string
  attachments: readonly Attachment[]
  onChange: (attachments: readonly Attachment[]) => void
}

/** Files on their way: each is sent at once, under an id of its own, so that sent again it is kept once. */
export function useAttachments({ owner, attachments, onChange }: AttachmentsProps) {
  const words = useWords(writingWords)
  const explain = useWords(refusalWords)
  const [sendings, setSendings] = useState<readonly Sending[]>([])
  const latest = useLatest({ attachments, onChange })
  const input = useRef<HTMLInputElement>(null)
  const inputId = useId()

  const update = (id: string, part: Partial<Sending>) =>
    setSendings((before) => before.map((one) => (one.id === id ? { ...one, ...part } : one)))
  const remove = (id: string) => setSendings((before) => before.filter((one) => one.id !== id))

  async function send({ id, file, abort }: Sending): Promise<void> {
    try {
      const document = await upload<AnswerOf<typeof sendAttachment>>(
        { path: '/attachments', query: { owner, documentId: id }, file, signal: abort.signal },
        (share) => update(id, { share }),
      )
      if (!mayBeCalled(file.name, document.mediaType)) return update(id, { failure: words.misleading })
      remove(id)
      latest.current.onChange([...latest.current.attachments, { document, fileName: file.name }])
    } catch (error) {
      if (abort.signal.aborted) return
      update(id, { failure: error instanceof Refused ? explain(error.code) : words.uploadUnreachable })
    }
  }

  function begin(file: File): void {
    const sending: Sending = { id: crypto.randomUUID(), file, share: 0, abort: new AbortController() }
    const isOneTooMany = attachments.length + sendings.length >= MOST_ATTACHMENTS
    const failure = isOneTooMany ? words.tooMany : canBeNamed(file.name) ? undefined : words.badName
    setSendings((before) => [...before, failure === undefined ? sending : { ...sending, failure }])
    if (failure === undefined) void send(sending)
  }

  function choose({ target }: ChangeEvent<HTMLInputElement>): void {
    for (const file of target.files ?? []) begin(file)
    // The same file may be chosen again.
    target.value = ''
  }

  return {
    sendings,
    isUploading: sendings.some(({ failure }) => failure === undefined),
    giveUp(id: string) {
      sendings.find((one) => one.id === id)?.abort.abort()
      remove(id)
    },
    again(id: string) {
      const failed = sendings.find((one) => one.id === id)
      if (!failed) return
      const { failure: _, ...sending } = { ...failed, share: 0 }
      setSendings((before) => before.map((one) => (one.id === id ? sending : one)))
      void send(sending)
    },
    leaveOut: (documentId: string) =>
      onChange(attachments.filter(({ document }) => document.documentId !== documentId)),
    button: (
      <>
        <input
          ref={input}
          id={inputId}
          type="file"
          multiple
          hidden
          aria-label={words.attach}
          accept=".pdf,.jpg,.jpeg,.png,.heic,.heif,.tif,.tiff,.docx,.odt,.xml,.cda,.txt"
          onChange={choose}
        />
        <Button label={words.attach} onPress={() => input.current?.click()}>
          {words.attachShort}
        </Button>
      </>
    ),
  }
}

export function AttachmentList({
  files,
  attachments,
}: {
  files: ReturnType<typeof useAttachments>
  attachments: readonly Attachment[]
}) {
  const words = useWords(writingWords)
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
