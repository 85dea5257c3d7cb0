import type { ThreadEvent } from '@relais/contracts/conversations'
import type { DeathEvent } from '@relais/contracts/deaths'
import type { NoticeEvent } from '@relais/contracts/notices'
import type { CircleEvent, LinkEvent } from '@relais/contracts/patients'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { ResidentEvent, ResidentMatchEvent } from '@relais/contracts/residents'
import type { StayEvent } from '@relais/contracts/stays'

/** Events of referrals and of runs have names of no others, but for `WorkGiven`. */
export type OwnBoardEvent =
  | StayEvent
  | CircleEvent
  | LinkEvent
  | NoticeEvent
  | DeathEvent
  | ResidentEvent
  | ResidentMatchEvent
export type BoardEvent = OwnBoardEvent | ReferralEvent | RunEvent

export type OwnPathwayEvent = StayEvent | CircleEvent | LinkEvent | NoticeEvent | DeathEvent
export type PathwayEvent = OwnPathwayEvent | ReferralEvent | RunEvent | ThreadEvent
