import { Dialog } from '../../design/dialog.tsx'
import { useWords } from '../../messages/language.tsx'
import type { FormProps } from './act-form.tsx'
import type { Offer } from './referral-offers.ts'
import type { Referral } from './referral-queries.ts'
import { ReasonForm, RedirectForm } from './refusal-forms.tsx'
import { AskOthersForm, AssignForm, ConfirmForm } from './requester-forms.tsx'
import { AppointmentForm, SeenForm } from './appointment-forms.tsx'
import { TextForm } from './text-form.tsx'
import { referralWords } from './referral-words.ts'
import { useReferralAct } from './use-referral-acts.ts'

/** What has to be said before something is done about a referral. */
export function ReferralDialog({
  referral,
  offer,
  onClose,
}: {
  referral: Referral
  offer: Offer | undefined
  onClose: () => void
}) {
  const words = useWords(referralWords)
  const act = useReferralAct(referral.referralId)
  return (
    <Dialog title={offer ? words.acts[offer.act].title : ''} isOpen={offer !== undefined} onClose={onClose}>
      {offer && (
        <Form
          referral={referral}
          offer={offer}
          close={onClose}
          say={(body) => {
            act(offer, body)
            onClose()
          }}
        />
      )}
    </Dialog>
  )
}

function Form(props: FormProps) {
  switch (props.offer.act) {
    case 'decline':
    case 'cancel':
      return <ReasonForm {...props} />
    case 'redirect':
      return <RedirectForm {...props} />
    case 'ask':
    case 'answer':
    case 'giveInformation':
      return <TextForm {...props} />
    case 'schedule':
    case 'reschedule':
      return <AppointmentForm {...props} />
    case 'seen':
      return <SeenForm {...props} />
    case 'askOthers':
      return <AskOthersForm {...props} />
    case 'assign':
      return <AssignForm {...props} />
    case 'close':
    case 'noShow':
    case 'take':
    case 'release':
    case 'accept':
      return <ConfirmForm {...props} />
  }
}
