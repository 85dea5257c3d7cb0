import { useEffect, useMemo, useState } from 'react'
import { useActOn } from '../../acts/acts.tsx'
import { actWords } from '../../acts/act-words.ts'
import { givesCare, hasScope, namesOf, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import { ReferralDialog } from './referral-dialog.tsx'
import { type Offer, offersOf, type ReferralAct } from './referral-offers.ts'
import type { Referral } from './referral-queries.ts'
import { referralWords } from './referral-words.ts'
import { isDirect, useReferralAct } from './use-referral-acts.ts'
import styles from './referrals.module.css'

export type ReferralActsProps = {
  referral: Referral
  wanted: ReferralAct | undefined
  onWanted: (() => void) | undefined
  shortcuts: Partial<Record<ReferralAct, string>>
}

/** All that one of the parties may do about a referral now, and what became of the last attempt. */
export function ReferralActs({ referral, wanted, onWanted, shortcuts }: ReferralActsProps) {
  const words = useWords(referralWords)
  const acting = useWords(actWords)
  const explain = useWords(refusalWords)
  const person = usePerson()
  const perform = useReferralAct(referral.referralId)
  const under = useActOn(`referral/${referral.referralId}`)
  const [asked, setAsked] = useState<Offer>()
  const offers = useMemo(() => {
    if (!hasScope(person, 'referral:write')) return []
    const names = namesOf(person)
    const isOfWards = referral.from.wards.some(({ facility, code }) => names.includes(`uf:${facility}/${code}`))
    const speaksForRequester = referral.from.by === person.id || (givesCare(person) && isOfWards)
    return offersOf(referral, { names, id: person.id, givesCare: givesCare(person), speaksForRequester })
  }, [referral, person])
  const shown = asked ?? offers.find(({ act }) => act === wanted || (wanted && otherNames[wanted] === act))
  const isNone = wanted !== undefined && shown === undefined
  useEffect(() => {
    if (isNone) onWanted?.()
  }, [isNone, onWanted])
  const close = () => {
    setAsked(undefined)
    onWanted?.()
  }
  const isPending = under?.state === 'waiting' || under?.state === 'sending'
  const isEngaged = referral.receivers.some(({ status }) => status !== 'closed' && status !== 'cancelled')
  const press = (offer: Offer) => (isDirect(offer.act) ? perform(offer) : setAsked(offer))
  return (
    <>
      {offers.length > 0 && (
        <div className={`${styles.acts} unprinted`} role="group" aria-label={words.actions}>
          {offers.map((offer, index) => (
            <Button
              key={`${offer.act} ${offer.recipient} ${offer.questionId}`}
              kind={index === 0 ? 'primary' : offer.act === 'cancel' ? 'danger' : 'plain'}
              onPress={() => press(offer)}
              isDisabled={isPending}
              {...shortcutOf(offer.act, shortcuts)}
            >
              {words.acts[offer.act].act}
            </Button>
          ))}
        </div>
      )}
      {isPending && <p role="status">{`${under.what} — ${acting.pending}`}</p>}
      {under?.state === 'refused' && (
        <p role="alert" className={styles.refused}>{`${under.what} — ${explain(under.refusal?.code ?? 'unknown')}`}</p>
      )}
      {!isEngaged && referral.party === 'receiver' && referral.status === 'open' && (
        <p className="soft">{words.acceptedElsewhere}</p>
      )}
      <ReferralDialog referral={referral} offer={shown} onClose={close} />
    </>
  )
}

/** The same key does the one or the other, as the referral stands. */
const otherNames: Partial<Record<ReferralAct, ReferralAct>> = { answer: 'giveInformation', schedule: 'reschedule' }

const shortcutOf = (act: ReferralAct, shortcuts: Partial<Record<ReferralAct, string>>) => {
  const shortcut = shortcuts[act]
  return shortcut === undefined ? {} : { shortcut }
}
