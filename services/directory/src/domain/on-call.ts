import { DIRECTORY_KEY, type OnCallEvent, type OnCallId, type OnCallScope } from '@relais/contracts/directory'
import type { Instant, ProfessionalId } from '@relais/contracts/primitives'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import { same } from '@relais/decider/same'

type Period = { scope: OnCallScope; professionalId: ProfessionalId; phone: string; from: Instant; to: Instant }
type SetOnCall = { type: 'SetOnCall'; onCallId: OnCallId; period: Period }
type WithdrawOnCall = { type: 'WithdrawOnCall'; onCallId: OnCallId; at: Instant }
export type OnCallCommand = SetOnCall | WithdrawOnCall

export type OnCallRejection = { code: 'onCallUnknown' } | { code: 'onCallIdReused' } | { code: 'periodReversed' }

export type OnCallState = { scope: OnCallScope | undefined; period: Period | undefined }

function evolve(_: OnCallState, event: OnCallEvent): OnCallState {
  const { scope } = event.data
  if (event.type === 'OnCallWithdrawn') return { scope, period: undefined }
  const { professionalId, phone, from, to } = event.data
  return { scope, period: { scope, professionalId, phone, from, to } }
}

function decide(command: OnCallCommand, state: OnCallState): Decision<OnCallEvent, OnCallRejection> {
  switch (command.type) {
    case 'SetOnCall':
      return set(command, state)
    case 'WithdrawOnCall':
      return withdraw(command, state)
  }
}

function set({ onCallId, period }: SetOnCall, state: OnCallState): Decision<OnCallEvent, OnCallRejection> {
  if (state.scope !== undefined && state.scope !== period.scope) return reject({ code: 'onCallIdReused' })
  if (period.to <= period.from) return reject({ code: 'periodReversed' })
  if (state.period && same(state.period, period)) return accept()
  return accept({ type: 'OnCallSet', data: { keyOwner: DIRECTORY_KEY, onCallId, ...period } })
}

function withdraw({ onCallId, at }: WithdrawOnCall, state: OnCallState): Decision<OnCallEvent, OnCallRejection> {
  if (state.scope === undefined) return reject({ code: 'onCallUnknown' })
  if (state.period === undefined) return accept()
  const { scope } = state
  return accept({ type: 'OnCallWithdrawn', data: { keyOwner: DIRECTORY_KEY, onCallId, scope, withdrawnAt: at } })
}

export const onCall: Decider<OnCallCommand, OnCallEvent, OnCallState, OnCallRejection> = {
  initialState: { scope: undefined, period: undefined },
  evolve,
  decide,
}
