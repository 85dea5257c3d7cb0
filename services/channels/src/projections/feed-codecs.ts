import {
  type DigestEvent,
  digestEvents,
  type PostEvent,
  postEvents,
  type ReadMarkEvent,
  readMarkEvents,
  type ThreadEvent,
  threadEvents,
} from '@relais/contracts/conversations'
import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { type ForgettingEvent, forgettingEvents } from '@relais/contracts/forgetting'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import { circleEvents, type CircleEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import {
  residentEvents,
  type ResidentEvent,
  residentMatchEvents,
  type ResidentMatchEvent,
} from '@relais/contracts/residents'
import { type SessionEvent, sessionEvents } from '@relais/contracts/sessions'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { type CodecOf, codecSet } from '@relais/events/codec'

export type LoopEvent = ReferralEvent | RunEvent
export type ToldInThreads = ThreadEvent | PostEvent | ReadMarkEvent | DigestEvent
export type FeedEvent =
  | StayEvent
  | CircleEvent
  | LinkEvent
  | ForgettingEvent
  | NoticeEvent
  | DeathEvent
  | ResidentEvent
  | ResidentMatchEvent
  | LoopEvent
  | ToldInThreads
  | SessionEvent

/** The events that the view of the channels follows. */
export function feedCodecs(codecOf: CodecOf) {
  return codecSet([
    codecOf<StayEvent>(stayEvents),
    codecOf<CircleEvent>(circleEvents),
    codecOf<LinkEvent>(linkEvents),
    codecOf<ForgettingEvent>(forgettingEvents),
    codecOf<NoticeEvent>(noticeEvents),
    codecOf<DeathEvent>(deathEvents),
    codecOf<ResidentEvent>(residentEvents),
    codecOf<ResidentMatchEvent>(residentMatchEvents),
    codecOf<ReferralEvent>(referralEvents),
    codecOf<RunEvent>(runEvents),
    codecOf<ThreadEvent>(threadEvents),
    codecOf<PostEvent>(postEvents),
    codecOf<ReadMarkEvent>(readMarkEvents),
    codecOf<DigestEvent>(digestEvents),
    codecOf<SessionEvent>(sessionEvents),
  ])
}

/** Nobody is told of these, and they change nothing of what is shown to whom. */
export const unreadByChannels: readonly FeedEvent['type'][] = [
  'MovementConfirmed',
  'IdentityReported',
  'ParticipantsReported',
  'LinkDoubted',
  'LinkDoubtSettled',
  'ResidentMatchDoubted',
  'ResidentDoubtCleared',
  'DigestAwaited',
]
