import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { type NoticeEvent, noticeEvents, type NoticeId, type ShownEvent, shownEvents } from '@relais/contracts/notices'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { circleEvents, type CircleEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { Database } from '@relais/database/database'
import { codecSet } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import { commandHandler, loadState } from '@relais/event-store/command-handler'
import type { RunningProjection } from '@relais/projections/projection'
import { startReaction } from '@relais/projections/reaction'
import type { Adapters } from '@relais/runtime/adapters'
import { notice } from './domain/notice.ts'
import type { FeedTables } from './projections/channel-feed.ts'
import { circleReader } from './reactions/circle-reader.ts'
import { notify } from './reactions/notify.ts'
import { notifyWork } from './reactions/notify-work.ts'
import { recordWhatWasShown } from './reactions/record-what-was-shown.ts'

type NoticesDeps = { adapters: Adapters; database: Database<FeedTables>; view: RunningProjection }

/** Who is told what, and the receipts: the streams that this service writes. */
export function notices({ adapters, database, view }: NoticesDeps) {
  const { store, epoch, codecOf, now, newId, log } = adapters
  const codec = codecOf<NoticeEvent>(noticeEvents)
  const handleNotice = commandHandler(notice, { store, codec, now, newId })
  const loadNotice = async (noticeId: NoticeId) => (await loadState(notice, { store, codec }, noticeId)).state
  const running = { store, database, epoch, log, now }
  const circles = circleReader(database.db, view)
  const telling = startReaction({
    ...running,
    name: 'notify-1',
    codecs: codecSet([
      codecOf<StayEvent>(stayEvents),
      codecOf<CircleEvent>(circleEvents),
      codecOf<LinkEvent>(linkEvents),
      codecOf<DeathEvent>(deathEvents),
    ]),
    react: notify({ circles, handleNotice, derivedId: derivedUuid, now }),
  })
  const asking = startReaction({
    ...running,
    name: 'notify-work-1',
    codecs: codecSet([codecOf<ReferralEvent>(referralEvents), codecOf<RunEvent>(runEvents)]),
    react: notifyWork({ lastNotice: circles.lastNotice, handleNotice, derivedId: derivedUuid, now }),
  })
  const recording = startReaction({
    ...running,
    name: 'record-what-was-shown-1',
    codecs: codecSet([codecOf<ShownEvent>(shownEvents)]),
    react: recordWhatWasShown({ handleNotice, derivedId: derivedUuid }),
  })
  return { handleNotice, loadNotice, reactions: [telling, asking, recording] }
}
