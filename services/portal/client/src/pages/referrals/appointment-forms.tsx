import { useState } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { Field } from '../../design/field.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { instantOfInput, localInput } from '../../messages/local-time.ts'
import { ActForm, type FormProps } from './act-form.tsx'
import { referralWords } from './referral-words.ts'

const MOST_PLACE = 200

/** When, and where. */
export function AppointmentForm({ referral, offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const now = useNow()
  const [{ when, place }, change, clear] = useDraft(`referral.${referral.referralId}.appointment`, {
    when: '',
    place: '',
  })
  const [isTried, setTried] = useState(false)
  const startsAt = instantOfInput(when)
  const error = startsAt === undefined ? words.startsAtMissing : Date.parse(startsAt) <= now ? words.inPast : undefined
  return (
    <ActForm
      act={offer.act}
      onCancel={close}
      onSend={() => {
        setTried(true)
        if (error !== undefined) return
        say({ startsAt, ...(place.trim() === '' ? {} : { place: place.trim() }) })
        clear()
      }}
    >
      <Field
        type="datetime-local"
        label={words.startsAt}
        value={when}
        isRequired
        error={isTried ? error : undefined}
        onChange={(next) => change({ when: next, place })}
      />
      <Field
        label={words.place}
        help={words.placeHelp}
        maxLength={MOST_PLACE}
        value={place}
        onChange={(next) => change({ when, place: next })}
      />
    </ActForm>
  )
}

/** When the patient was seen: now, unless it is said. */
export function SeenForm({ offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const now = useNow()
  const [when, setWhen] = useState(() => localInput(now))
  const seenAt = instantOfInput(when)
  const error = seenAt === undefined ? words.startsAtMissing : Date.parse(seenAt) > now ? words.inFuture : undefined
  return (
    <ActForm act={offer.act} onCancel={close} onSend={() => error === undefined && say({ seenAt })}>
      <Field type="datetime-local" label={words.seenAt} value={when} error={error} onChange={setWhen} />
    </ActForm>
  )
}
