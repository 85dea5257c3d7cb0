import type { WrittenMovement } from '@relais/contracts/stay-routes'
import type { z } from 'zod'
import type { Standing } from '@relais/contracts/standing'
import { fromLocal } from './local-time.ts'

export type Written = z.input<typeof WrittenMovement>
export const destinations = ['home', 'ehpad', 'transfer', 'other', 'death'] as const
export type Destination = (typeof destinations)[number]
export const whens = ['now', 'earlier', 'planned'] as const

/** ZFM-4: with a hospital or nurses at home. */
export const homeCares = ['6', '8'] as const
/** ZFM-4: the kind of care that goes on elsewhere. */
export const careKinds = ['1', '2', '3', '4'] as const
/** PV1-36, as PAM.fr constrains table 0112. */
export const circumstances = ['3', '4', '6'] as const

/** A discharge that is being said. The ids make it one act however often it is sent. */
export type DischargeDraft = {
  requestId: string
  undoId: string
  destination: Destination | ''
  homeCare: (typeof homeCares)[number] | ''
  /** The FINESS of the destination. */
  facility: string
  careKind: (typeof careKinds)[number] | ''
  circumstances: (typeof circumstances)[number] | ''
  when: (typeof whens)[number]
  /** As the field holds it. */
  at: string
  /** Of a death: that it was certified. */
  isCertain: boolean
  /** That the EHPAD of destination joins the circle, so that it is told. */
  joinsCircle: boolean
}

/** It begins with what was announced, where something was. */
export function newDischarge(newId: () => string, announced?: Standing['plannedDischarge']): DischargeDraft {
  const ids = { requestId: newId(), undoId: newId() }
  const nothing = { destination: '', homeCare: '', facility: '', careKind: '', circumstances: '', at: '' } as const
  return { ...ids, ...nothing, ...whereTo(announced), when: 'now', isCertain: false, joinsCircle: true }
}

export type DischargeProblem =
  | 'destinationMissing'
  | 'facilityMissing'
  | 'timeMissing'
  | 'timeInFuture'
  | 'timeInPast'
  | 'notCertain'

/** What is missing before it can be said; nothing where it can. */
export function problemsOf(draft: DischargeDraft, now: number): DischargeProblem[] {
  const { destination, facility, when, isCertain } = draft
  const at = fromLocal(draft.at)
  const isPlanned = when === 'planned'
  return [
    ...(!isPlanned && destination === '' ? ['destinationMissing' as const] : []),
    ...(namesFacility(destination) && facility === '' ? ['facilityMissing' as const] : []),
    ...(when !== 'now' && at === undefined ? ['timeMissing' as const] : []),
    ...(when === 'earlier' && at !== undefined && Date.parse(at) > now ? ['timeInFuture' as const] : []),
    ...(isPlanned && at !== undefined && Date.parse(at) <= now ? ['timeInPast' as const] : []),
    ...(!isPlanned && destination === 'death' && !isCertain ? ['notCertain' as const] : []),
  ]
}

/** What may be said of a discharge that is only planned: no death is. */
export const plannedDestinations = destinations.filter((one) => one !== 'death')

/** The destinations that are an establishment of the directory. */
export function namesFacility(destination: Destination | ''): boolean {
  return destination === 'ehpad' || destination === 'transfer'
}

/** What is said to the platform. */
export function movementOf(draft: DischargeDraft, now: number): Written {
  const effectiveAt = draft.when === 'earlier' ? (fromLocal(draft.at) ?? instant(now)) : instant(now)
  if (draft.when === 'planned')
    return {
      kind: 'plannedDischarge',
      effectiveAt: instant(now),
      expectedDischargeAt: fromLocal(draft.at) ?? instant(now),
      ...(draft.destination === '' || draft.destination === 'death' ? {} : { discharge: saidOf(draft) }),
    }
  return { kind: 'discharge', effectiveAt, discharge: saidOf(draft) }
}

const instant = (milliseconds: number) => new Date(milliseconds).toISOString()

/** ZFM-2: 7 transfer, 8 home, an EHPAD included, 9 death. */
function saidOf({ destination, homeCare, facility, careKind, circumstances: why }: DischargeDraft) {
  switch (destination) {
    case 'home':
      return { exitMode: '8', ...(homeCare === '' ? {} : { destinationKind: homeCare }) }
    case 'ehpad':
      return { exitMode: '8', destinationKind: '7', destinationFacility: facility }
    case 'transfer':
      return { exitMode: '7', destinationFacility: facility, ...(careKind === '' ? {} : { destinationKind: careKind }) }
    case 'death':
      return { exitMode: '9' }
    case 'other':
    case '':
      return why === '' ? {} : { circumstances: why }
  }
}

/** What `saidOf` makes of a draft, the other way round; another establishment's words are left to be said. */
function whereTo(announced: Standing['plannedDischarge']): Partial<DischargeDraft> {
  if (!announced) return {}
  const { exitMode, destinationKind, destinationFacility: facility, circumstances: why } = announced
  const careKind = careKinds.find((one) => one === destinationKind) ?? ''
  if (destinationKind === '7' && facility !== undefined) return { destination: 'ehpad', facility }
  if ((exitMode === '7' || careKind !== '') && facility !== undefined)
    return { destination: 'transfer', facility, careKind }
  if (exitMode === '8') return { destination: 'home', homeCare: homeCares.find((one) => one === destinationKind) ?? '' }
  const known = circumstances.find((one) => one === why)
  return known === undefined ? {} : { destination: 'other', circumstances: known }
}
