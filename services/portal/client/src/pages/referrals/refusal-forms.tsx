import type { CancelReason, DeclineReason } from '@relais/contracts/referrals'
import { useState } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { Choice, Field } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { ActForm, type FormProps } from './act-form.tsx'
import { referralWords } from './referral-words.ts'

const declineReasons: readonly DeclineReason[] = [
  'full',
  'outOfScope',
  'outOfArea',
  'absent',
  'insufficientInformation',
  'patientUnknown',
  'other',
]
const cancelReasons: readonly CancelReason[] = ['noLongerNeeded', 'mistake', 'patientRefused', 'other']

/** Why something is declined, or taken back. */
export function ReasonForm({ referral, offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const domain = useWords(domainWords)
  const isDeclined = offer.act === 'decline'
  const reasons: readonly (DeclineReason | CancelReason)[] = isDeclined ? declineReasons : cancelReasons
  const [reason, setReason] = useState<DeclineReason | CancelReason>(isDeclined ? 'full' : 'noLongerNeeded')
  const [comment, setComment, clear] = useDraft(`referral.${referral.referralId}.decline`, '')
  return (
    <ActForm
      act={offer.act}
      onCancel={close}
      onSend={() => {
        const said = comment.trim()
        say({ reason, ...(isDeclined && said !== '' ? { comment: said } : {}) })
        clear()
      }}
    >
      <Choice
        label={words.reason}
        value={reason}
        options={reasons.map((value) => ({ value, label: capital(domain.because[value]) }))}
        onChange={setReason}
      />
      {isDeclined && (
        <Field label={words.comment} help={words.commentHelp} rows={3} value={comment} onChange={setComment} />
      )}
    </ActForm>
  )
}

/** Somebody else, whom the directory knows, and why. */
export function RedirectForm({ offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const domain = useWords(domainWords)
  const [to, setTo] = useState<string>()
  const [reason, setReason] = useState<DeclineReason>('outOfScope')
  const [isMissing, setMissing] = useState(false)
  return (
    <ActForm
      act={offer.act}
      onCancel={close}
      onSend={() => {
        if (to === undefined) setMissing(true)
        else say({ to, reason })
      }}
    >
      <ChosenRecipients recipients={to === undefined ? [] : [to]} label={words.to} onRemove={() => setTo(undefined)} />
      {to === undefined && <DirectorySearch label={words.to} withWards onChoose={setTo} />}
      {isMissing && to === undefined && <p role="alert">{words.toMissing}</p>}
      <Choice
        label={words.reason}
        value={reason}
        options={declineReasons.map((value) => ({ value, label: capital(domain.because[value]) }))}
        onChange={setReason}
      />
    </ActForm>
  )
}
