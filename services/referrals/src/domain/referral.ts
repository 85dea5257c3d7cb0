import type { ReferralEvent } from '@relais/contracts/referrals'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'
import { receiverOf } from './asked.ts'
import type { ReferralCommand, ReferralRejection } from './commands.ts'
import {
  cancel,
  close,
  closeForDeath,
  escalate,
  noteOverdue,
  noteStayWithdrawn,
  settlePromise,
  widen,
} from './ending.ts'
import { answer, recordNoShow, recordSeen, schedule } from './follow-through.ts'
import { askInformation, giveInformation } from './information.ts'
import { acceptIt, askStandIn, decline, redirect, release, releaseStandIn, take } from './receivers.ts'
import { evolve, type Known, type ReceiverState, type ReferralState } from './referral-state.ts'
import { askOthers, request } from './request.ts'

type ReferralDecision = Decision<ReferralEvent, ReferralRejection>
type OfRequester = Extract<ReferralCommand, { type: 'AskOthers' | 'GiveInformation' | 'Close' | 'Cancel' }>
type OfReceiver = Extract<ReferralCommand, { recipient: string; by: string }>
type OfTime = Exclude<ReferralCommand, OfRequester | OfReceiver | { type: 'Request' }>

function decide(command: ReferralCommand, state: ReferralState): ReferralDecision {
  if (command.type === 'Request') return request(command, state)
  if (state.status === 'unknown') return reject({ code: 'referralUnknown' })
  if (!isSaid(command)) return state.status === 'open' ? byTime(command, state) : accept()
  if (!isOfReceiver(command))
    return state.status === 'open' ? byRequester(command, state) : afterTheEnd(command, state.status)
  const receiver = receiverOf(state, command.recipient)
  if (!receiver) return reject({ code: 'referralUnknown' })
  return state.status === 'open' ? byReceiver(command, state, receiver) : reject(endedAs(state.status))
}

const isSaid = (command: OfRequester | OfReceiver | OfTime): command is OfRequester | OfReceiver => 'by' in command
const isOfReceiver = (command: OfRequester | OfReceiver): command is OfReceiver => 'recipient' in command

function byReceiver(command: OfReceiver, state: Known, receiver: ReceiverState): ReferralDecision {
  switch (command.type) {
    case 'Take':
      return take(command, state, receiver)
    case 'Release':
      return release(command, state, receiver)
    case 'Accept':
      return acceptIt(command, state, receiver)
    case 'Decline':
      return decline(command, state, receiver)
    case 'Redirect':
      return redirect(command, state, receiver)
    case 'AskInformation':
      return askInformation(command, state, receiver)
    case 'Schedule':
      return schedule(command, state, receiver)
    case 'RecordNoShow':
      return recordNoShow(command, state, receiver)
    case 'RecordSeen':
      return recordSeen(command, state, receiver)
    case 'Answer':
      return answer(command, state, receiver)
  }
}

function byRequester(command: OfRequester, state: Known): ReferralDecision {
  switch (command.type) {
    case 'AskOthers':
      return askOthers(command, state)
    case 'GiveInformation':
      return giveInformation(command, state)
    case 'Close':
      return close(command, state)
    case 'Cancel':
      return cancel(command, state)
  }
}

function byTime(command: OfTime, state: Known): ReferralDecision {
  switch (command.type) {
    case 'Widen':
      return widen(command, state)
    case 'Escalate':
      return escalate(command, state)
    case 'NoteOverdue':
      return noteOverdue(command, state)
    case 'SettlePromise':
      return settlePromise(command, state)
    case 'AskStandIn':
      return askStandIn(command, state)
    case 'ReleaseStandIn':
      return releaseStandIn(command, state)
    case 'CloseForDeath':
      return closeForDeath(command, state)
    case 'NoteStayWithdrawn':
      return noteStayWithdrawn(command, state)
  }
}

/** What ended as it was asked to end has ended. */
function afterTheEnd({ type }: OfRequester, status: 'closed' | 'cancelled'): ReferralDecision {
  const isSame = (type === 'Close' && status === 'closed') || (type === 'Cancel' && status === 'cancelled')
  return isSame ? accept() : reject(endedAs(status))
}

const endedAs = (status: 'closed' | 'cancelled'): ReferralRejection => ({ code: 'referralEnded', status })

/** Something asked of one or several others about a patient, until it is closed or cancelled. */
export const referral: Decider<ReferralCommand, ReferralEvent, ReferralState, ReferralRejection> = {
  initialState: { status: 'unknown' },
  evolve,
  decide,
}
