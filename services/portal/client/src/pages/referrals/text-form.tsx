import { useState } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { ActForm, type FormProps } from './act-form.tsx'
import { ReferralText } from './referral-text.tsx'
import { referralWords } from './referral-words.ts'

const MOST_TEXT = 10_000

/** A question, or an answer; what is answered stands above it. */
export function TextForm({ referral, offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const { act, questionId } = offer
  const [id] = useState(() => crypto.randomUUID())
  const [text, setText, clear] = useDraft(`referral.${referral.referralId}.${act}.${questionId ?? ''}`, '')
  const [isTried, setTried] = useState(false)
  const asked = referral.receivers
    .flatMap(({ questions }) => questions)
    .find((question) => question.questionId === questionId)
  const answered = act === 'ask' ? undefined : act === 'answer' ? referral.question : asked?.question
  return (
    <ActForm
      act={act}
      onCancel={close}
      onSend={() => {
        setTried(true)
        const said = text.trim()
        if (said === '') return
        say(bodyOf({ act, said, questionId: questionId ?? id }))
        clear()
      }}
    >
      {answered && <ReferralText referralId={referral.referralId} document={answered} />}
      <Field
        label={act === 'ask' ? words.yourQuestion : words.yourAnswer}
        rows={6}
        maxLength={MOST_TEXT}
        value={text}
        isRequired
        error={isTried && text.trim() === '' ? words.textMissing : undefined}
        onChange={setText}
      />
    </ActForm>
  )
}

function bodyOf({ act, said, questionId }: { act: string; said: string; questionId: string }): object {
  if (act === 'ask') return { questionId, question: said }
  return act === 'answer' ? { answer: said } : { questionId, answer: said }
}
