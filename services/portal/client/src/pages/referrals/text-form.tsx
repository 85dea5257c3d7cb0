import type { Attachment } from '@relais/contracts/conversations'
import { useState } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { AttachmentList } from '../../attachments/attachment-list.tsx'
import { attachmentWords } from '../../attachments/attachment-words.ts'
import { useAttachments } from '../../attachments/use-attachments.tsx'
import { Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { ActForm, type FormProps } from './act-form.tsx'
import { ReferralText } from './referral-text.tsx'
import { referralWords } from './referral-words.ts'

const MOST_TEXT = 10_000
const NO_FILES: readonly Attachment[] = []

/** A question, or an answer with its files; what is answered stands above it. */
export function TextForm({ referral: { referralId, question, receivers }, offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const filing = useWords(attachmentWords)
  const { act, questionId } = offer
  const [id] = useState(() => crypto.randomUUID())
  const name = `referral.${referralId}.${act}.${questionId ?? ''}`
  const [text, setText, clear] = useDraft(name, '')
  const [attachments, setAttachments, clearFiles] = useDraft(`${name}.files`, NO_FILES)
  const [isTried, setTried] = useState(false)
  const files = useAttachments({
    addressOf: (documentId) => ({ path: `/referrals/${referralId}/attachments`, query: { documentId } }),
    attachments,
    onChange: setAttachments,
  })
  const asked = receivers.flatMap(({ questions }) => questions).find((each) => each.questionId === questionId)
  const answered = act === 'ask' ? undefined : act === 'answer' ? question : asked?.question
  return (
    <ActForm
      act={act}
      onCancel={close}
      isDisabled={files.isUploading}
      onSend={() => {
        setTried(true)
        const said = text.trim()
        if (said === '' || files.hasFailed) return
        say(bodyOf({ act, said, questionId: questionId ?? id, attachments }))
        clear()
        clearFiles()
      }}
    >
      {answered && <ReferralText referralId={referralId} document={answered} />}
      <Field
        label={act === 'ask' ? words.yourQuestion : words.yourAnswer}
        rows={6}
        maxLength={MOST_TEXT}
        value={text}
        isRequired
        error={isTried && text.trim() === '' ? words.textMissing : undefined}
        onChange={setText}
      />
      {act === 'answer' && (
        <>
          <AttachmentList files={files} attachments={attachments} />
          <div className="row">
            {files.button}
            <span className="soft">{filing.help}</span>
          </div>
          {isTried && files.hasFailed && <p role="alert">{filing.unsent}</p>}
        </>
      )}
    </ActForm>
  )
}

type Written = { act: string; said: string; questionId: string; attachments: readonly Attachment[] }

function bodyOf({ act, said, questionId, attachments }: Written): object {
  if (act === 'ask') return { questionId, question: said }
  return act === 'answer' ? { answer: said, attachments } : { questionId, answer: said }
}
