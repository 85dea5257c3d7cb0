import type { SubmitEvent, ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import type { ReferralAct } from './referral-offers.ts'
import { referralWords } from './referral-words.ts'

/** The fields of an act, and the two ways out. */
export function ActForm({
  act,
  onSend,
  onCancel,
  children,
}: {
  act: ReferralAct
  onSend: () => void
  onCancel: () => void
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
        <Button kind={act === 'cancel' ? 'danger' : 'primary'} type="submit">
          {words.acts[act].send}
        </Button>
        <Button onPress={onCancel}>{words.cancel}</Button>
      </div>
    </form>
  )
}
