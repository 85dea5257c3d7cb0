import { useState } from 'react'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { fullMoment } from '../../messages/times.ts'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { ActForm, type FormProps } from './act-form.tsx'
import { referralWords } from './referral-words.ts'

/** Others who are asked besides. */
export function AskOthersForm({ offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [isMissing, setMissing] = useState(false)
  return (
    <ActForm
      act={offer.act}
      onCancel={close}
      onSend={() => {
        if (chosen.length === 0) setMissing(true)
        else say({ receivers: chosen.map((recipient) => ({ recipient })) })
      }}
    >
      <ChosenRecipients
        recipients={chosen}
        label={words.chosen}
        onRemove={(recipient) => setChosen(chosen.filter((one) => one !== recipient))}
      />
      <DirectorySearch
        label={words.others}
        withWards
        onChoose={(recipient) => setChosen([...new Set([...chosen, recipient])])}
      />
      {isMissing && chosen.length === 0 && <p role="alert">{words.toMissing}</p>}
    </ActForm>
  )
}

/** A colleague, who is to see to what came to the team. */
export function AssignForm({ offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const [to, setTo] = useState<string>()
  const [isMissing, setMissing] = useState(false)
  return (
    <ActForm
      act={offer.act}
      onCancel={close}
      onSend={() => {
        if (to === undefined) setMissing(true)
        else say({ for: to })
      }}
    >
      <ChosenRecipients
        recipients={to === undefined ? [] : [to]}
        label={words.colleague}
        onRemove={() => setTo(undefined)}
      />
      {to === undefined && <DirectorySearch label={words.colleague} kind="professional" onChoose={setTo} />}
      {isMissing && to === undefined && <p role="alert">{words.toMissing}</p>}
    </ActForm>
  )
}

/** What is only to be confirmed. */
export function ConfirmForm({ referral, offer, say, close }: FormProps) {
  const words = useWords(referralWords)
  const { language } = useLanguage()
  const startsAt = referral.receivers.find(({ recipient }) => recipient === offer.recipient)?.appointment?.startsAt
  const isNoShow = offer.act === 'noShow' && startsAt !== undefined
  return (
    <ActForm act={offer.act} onCancel={close} onSend={() => say(isNoShow ? { startsAt } : {})}>
      <p>{isNoShow ? words.noShowText(fullMoment(startsAt, language)) : words.closeText}</p>
    </ActForm>
  )
}
