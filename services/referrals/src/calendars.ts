import type { Instant } from '@relais/contracts/primitives'
import { type Place, placeOf } from '@relais/deadlines/holidays'
import { addOpenHours, type Calendar, unscheduledCareHours } from '@relais/deadlines/opening-hours'
import type { RequestReferralBody } from '@relais/contracts/referral-routes'
import type { Rung } from '@relais/contracts/referrals'

const HOUR_MILLISECONDS = 3_600_000
const METROPOLITAN: Place = { zone: 'Europe/Paris', territory: 'metropolitan' }

type Asked = Pick<RequestReferralBody, 'ladder' | 'answerBy'> & {
  organisation: string | undefined
  requestedAt: Instant
}

/** When each rung of a ladder is to be climbed, by the clock that it names where the requester works. */
export function ladderAt({ ladder, answerBy, organisation, requestedAt }: Asked): Rung[] {
  return ladder.map((rung) => {
    const from = rung.from === 'due' ? answerBy : requestedAt
    const at =
      rung.clock === 'plain'
        ? new Date(Date.parse(from) + rung.after).toISOString()
        : addOpenHours(from, rung.after / HOUR_MILLISECONDS, calendarOf(organisation))
    return { ...rung, at }
  })
}

/** A FINESS number begins with the département; overseas, 97 and its fourth character. */
function calendarOf(organisation: string | undefined): Calendar {
  const department = organisation?.startsWith('97') ? `97${organisation.charAt(3)}` : organisation?.slice(0, 2)
  return { hours: unscheduledCareHours, ...placeIn(department ?? '') }
}

/** An invented number, or another kind of one, is taken for metropolitan France. */
function placeIn(department: string): Place {
  try {
    return placeOf(department)
  } catch (error) {
    if (error instanceof RangeError) return METROPOLITAN
    throw error
  }
}
