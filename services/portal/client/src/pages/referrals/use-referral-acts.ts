import { usePerform } from '../../acts/acts.tsx'
import { useWords } from '../../messages/language.tsx'
import type { Offer, ReferralAct } from './referral-offers.ts'
import { referralWords } from './referral-words.ts'

/** The last step of the path of each act. */
const paths: Readonly<Record<ReferralAct, string>> = {
  take: 'take',
  assign: 'take',
  release: 'release',
  accept: 'accept',
  decline: 'decline',
  redirect: 'redirect',
  ask: 'questions',
  schedule: 'appointment',
  reschedule: 'appointment',
  noShow: 'no-show',
  seen: 'seen',
  answer: 'answer',
  giveInformation: 'answers',
  askOthers: 'receivers',
  close: 'close',
  cancel: 'cancel',
}

/** Those that need no more than a press. */
const direct: ReadonlySet<ReferralAct> = new Set(['take', 'release', 'accept'])
export const isDirect = (act: ReferralAct) => direct.has(act)

const ofReceiver = ({ act }: Offer) => !['giveInformation', 'askOthers', 'close', 'cancel'].includes(act)

/** Does something about a referral; `body` is what the act says besides in whose name. */
export function useReferralAct(referralId: string): (offer: Offer, body?: object) => void {
  const perform = usePerform()
  const words = useWords(referralWords)
  return (offer, body = {}) => {
    const { act, recipient } = offer
    const speaking = ofReceiver(offer) && recipient !== undefined ? { recipient } : {}
    perform({
      subject: `referral/${referralId}`,
      method: 'POST',
      path: `/referrals/${referralId}/${paths[act]}`,
      body: { ...speaking, ...body },
      what: words.acts[act].done,
      affects: [['referral', referralId], ['referrals'], ['inbox']],
    })
  }
}
