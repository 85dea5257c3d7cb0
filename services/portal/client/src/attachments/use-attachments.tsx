import type { Attachment } from '@relais/contracts/conversations'
import type { DocumentRef } from '@relais/contracts/primitives'
import { type ChangeEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Call } from '../api/call.ts'
import { Refused } from '../api/problem.ts'
import { upload } from '../api/upload.ts'
import { Button } from '../design/button.tsx'
import { useLatest } from '../live/latest.ts'
import { useWords } from '../messages/language.tsx'
import { refusalWords } from '../messages/refusals.ts'
import { canBeNamed, MOST_ATTACHMENTS, mayBeCalled } from './file-names.ts'
import { attachmentWords } from './attachment-words.ts'

export type Files = ReturnType<typeof useAttachments>
type Sending = { id: string; file: File; share: number; failure?: string; abort: AbortController }

type AttachmentsProps = {
  /** Where a file is sent, under an id of its own. */
  addressOf: (documentId: string) => Pick<Call, 'path' | 'query'>
  attachments: readonly Attachment[]
  onChange: (attachments: readonly Attachment[]) => void
}

/** Files on their way: each is sent at once, under an id of its own, so that sent again it is kept once. */
export function useAttachments({ addressOf, attachments, onChange }: AttachmentsProps) {
  const words = useWords(attachmentWords)
  const explain = useWords(refusalWords)
  const [sendings, setSendings] = useState<readonly Sending[]>([])
  const latest = useLatest(onChange)
  /** Another one may arrive before this page is drawn again. */
  const arrivedRef = useRef(attachments)
  useLayoutEffect(() => {
    arrivedRef.current = attachments
  }, [attachments])
  const input = useRef<HTMLInputElement>(null)
  const inputId = useId()

  const update = (id: string, part: Partial<Sending>) =>
    setSendings((before) => before.map((one) => (one.id === id ? { ...one, ...part } : one)))
  const remove = (id: string) => setSendings((before) => before.filter((one) => one.id !== id))

  async function send({ id, file, abort }: Sending): Promise<void> {
    try {
      const document = await upload<DocumentRef>({ ...addressOf(id), file, signal: abort.signal }, (share) =>
        update(id, { share }),
      )
      if (!mayBeCalled(file.name, document.mediaType)) return update(id, { failure: words.misleading })
      remove(id)
      arrivedRef.current = [...arrivedRef.current, { document, fileName: file.name }]
      latest.current(arrivedRef.current)
    } catch (error) {
      if (abort.signal.aborted) return
      update(id, { failure: error instanceof Refused ? explain(error.code) : words.uploadUnreachable })
    }
  }

  /** `place` is its own among those that were chosen together. */
  function begin(file: File, place: number): void {
    const sending: Sending = { id: crypto.randomUUID(), file, share: 0, abort: new AbortController() }
    const isOneTooMany = attachments.length + sendings.length + place >= MOST_ATTACHMENTS
    const failure = isOneTooMany ? words.tooMany : canBeNamed(file.name) ? undefined : words.badName
    setSendings((before) => [...before, failure === undefined ? sending : { ...sending, failure }])
    if (failure === undefined) void send(sending)
  }

  function choose({ target }: ChangeEvent<HTMLInputElement>): void {
    for (const [place, file] of [...(target.files ?? [])].entries()) begin(file, place)
    // The same file may be chosen again.
    target.value = ''
  }

  return {
    sendings,
    isUploading: sendings.some(({ failure }) => failure === undefined),
    hasFailed: sendings.some(({ failure }) => failure !== undefined),
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
