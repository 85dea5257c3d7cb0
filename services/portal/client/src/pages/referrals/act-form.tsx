import type { SubmitEvent, ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import type { Offer, ReferralAct } from './referral-offers.ts'
import type { Referral } from './referral-queries.ts'
import { referralWords } from './referral-words.ts'

/** What every form of an act is given. */
export type FormProps = {
  referral: Referral
  offer: Offer
  /** Says it, and closes. */
  say: (body: object) => void
  close: () => void
}

/** The fields of an act, and the two ways out. */
export function ActForm({
  act,
  onSend,
  onCancel,
  isDisabled = false,
  children,
}: {
  act: ReferralAct
  onSend: () => void
  onCancel: () => void
  /** Something that goes with it is still on its way. */
  isDisabled?: boolean
  children: ReactNode
}) {
  const words = useWords(referralWords)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSend()
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {children}
      <div className="row">
        <Button kind={act === 'cancel' ? 'danger' : 'primary'} type="submit" isDisabled={isDisabled}>
          {words.acts[act].send}
        </Button>
        <Button onPress={onCancel}>{words.cancel}</Button>
      </div>
    </form>
  )
}
