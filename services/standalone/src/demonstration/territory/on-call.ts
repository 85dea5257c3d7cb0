import type { OnCallScope } from '@relais/contracts/directory'
import { derivedUuid } from '@relais/events/derived-uuid'
import { EHPAD_BRUYERES, EHPAD_TILLEULS, HOSPITAL } from './places.ts'
import { homeNurses, hospitalPhysicians, type Professional } from './professionals.ts'

export const TERRITORY = 'cpts:essai' as const

type OnCall = { scope: OnCallScope; professionalId: string; phone: string; from: string; to: string }

/** Under an id of its own: said again, it changes nothing. */
export function onCallRequest(as: { role: string }, period: OnCall) {
  const onCallId = derivedUuid('demonstration', 'onCall', period.scope, period.from)
  return { as, method: 'PUT' as const, path: `/directory/on-call/${onCallId}`, body: period }
}

const years = { from: '2026-01-05T07:00:00.000Z', to: '2036-01-07T07:00:00.000Z' }
const line = (scope: OnCallScope, { rpps }: Professional, phone: string): OnCall => ({
  scope,
  professionalId: `rpps:${rpps}`,
  phone,
  ...years,
})
const [nurseOfBruyeres, nurseOfTilleuls] = homeNurses

/** The lines that do not change hands: the emergency physician of the hospital, and the nurse whom each EHPAD calls at night. */
export const standingLines: readonly OnCall[] = [
  line(`finess:${HOSPITAL}`, hospitalPhysicians.emergency, '09 99 00 41 15'),
  ...(nurseOfBruyeres ? [line(`finess:${EHPAD_BRUYERES}`, nurseOfBruyeres, '09 99 00 10 15')] : []),
  ...(nurseOfTilleuls ? [line(`finess:${EHPAD_TILLEULS}`, nurseOfTilleuls, '09 99 00 20 15')] : []),
]
