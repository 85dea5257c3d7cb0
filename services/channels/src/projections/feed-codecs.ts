import { type ForgettingEvent, forgettingEvents } from '@relais/contracts/forgetting'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import { circleEvents, type CircleEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import {
  residentEvents,
  type ResidentEvent,
  residentMatchEvents,
  type ResidentMatchEvent,
} from '@relais/contracts/residents'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { type CodecOf, codecSet } from '@relais/events/codec'

export type FeedEvent =
  | StayEvent
  | CircleEvent
  | LinkEvent
  | ForgettingEvent
  | NoticeEvent
  | ResidentEvent
  | ResidentMatchEvent

/** The events that the view of the channels follows. */
export function feedCodecs(codecOf: CodecOf) {
  return codecSet([
    codecOf<StayEvent>(stayEvents),
    codecOf<CircleEvent>(circleEvents),
    codecOf<LinkEvent>(linkEvents),
    codecOf<ForgettingEvent>(forgettingEvents),
    codecOf<NoticeEvent>(noticeEvents),
    codecOf<ResidentEvent>(residentEvents),
    codecOf<ResidentMatchEvent>(residentMatchEvents),
  ])
}
