import type { ReceiverView, ReferralView } from '@relais/contracts/referral-views'

/** What one of the parties of a referral may do about it now. */
export type ReferralAct =
  | 'take'
  | 'assign'
  | 'release'
  | 'accept'
  | 'decline'
  | 'redirect'
  | 'ask'
  | 'schedule'
  | 'reschedule'
  | 'noShow'
  | 'seen'
  | 'answer'
  | 'giveInformation'
  | 'askOthers'
  | 'close'
  | 'cancel'
/** An act, and the one of the receivers in whose name it is done, or whose question it answers. */
export type Offer = { act: ReferralAct; recipient?: string; questionId?: string }

export type Party = {
  names: readonly string[]
  id: string
  givesCare: boolean
  /** Whether more may be asked for, in the name of who asked. */
  speaksForRequester: boolean
}

type Asked = Pick<ReferralView, 'kind' | 'status' | 'party' | 'receivers'>

/** What is expected first, comes first. */
export function offersOf(view: Asked, party: Party): Offer[] {
  if (view.status !== 'open') return []
  const own = view.receivers.filter(({ recipient }) => party.names.includes(recipient))
  return [
    ...own.flatMap((receiver) => offersOfReceiver(view, receiver, party)),
    ...(view.party === 'requester' && party.speaksForRequester ? offersOfRequester(view) : []),
  ]
}

function offersOfReceiver({ kind }: Asked, receiver: ReceiverView, { id, givesCare }: Party): Offer[] {
  const { recipient, takenFor } = receiver
  const isQueue = recipient !== id
  const inQueue: ReferralAct[] = takenFor === undefined ? ['take', 'assign'] : ['release']
  const sorting = isQueue && isEngaged(receiver) ? inQueue : []
  const answering = givesCare || !isQueue ? answersOf(receiver, kind) : []
  // A secretary takes for somebody else: what is taken is answered by who takes it.
  const sorted = givesCare || !sorting.includes('take') ? sorting : sorting.filter((act) => act !== 'take')
  return [...answering, ...sorted].map((act) => ({ act, recipient }))
}

function answersOf({ status, appointment }: ReceiverView, kind: ReferralView['kind']): ReferralAct[] {
  switch (status) {
    case 'sent':
    case 'received':
    case 'moreInfo':
      // An advice may be given at once: that is to accept it too.
      return kind === 'advice'
        ? ['answer', 'accept', 'decline', 'redirect', 'ask']
        : ['accept', 'decline', 'redirect', 'ask']
    case 'accepted':
      return kind === 'advice' ? ['answer', 'ask'] : ['schedule', 'seen', 'answer', 'ask']
    case 'scheduled':
      return appointment ? ['seen', 'noShow', 'reschedule', 'answer', 'ask'] : ['seen', 'answer', 'ask']
    case 'noShow':
      return ['schedule', 'seen', 'answer', 'ask']
    case 'seen':
      return ['answer', 'ask']
    case 'declined':
    case 'redirected':
    case 'answered':
    case 'closed':
    case 'cancelled':
      return []
  }
}

/** Something is still waited for from this one. */
function isEngaged({ status }: ReceiverView): boolean {
  return !['declined', 'redirected', 'answered', 'closed', 'cancelled'].includes(status)
}

function offersOfRequester({ receivers }: Asked): Offer[] {
  const questions = receivers.flatMap(({ recipient, questions }) =>
    questions.flatMap(({ questionId, answer }): Offer[] =>
      answer === undefined ? [{ act: 'giveInformation', recipient, questionId }] : [],
    ),
  )
  // Once somebody has been seen there is something to close, and nothing to take back.
  const isFinished = receivers.some(({ status }) => status === 'seen' || status === 'answered')
  return [...questions, { act: 'askOthers' }, { act: 'close' }, ...(isFinished ? [] : [{ act: 'cancel' as const }])]
}
