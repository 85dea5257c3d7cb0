import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { forgettingEvents, type ForgettingEvent } from '@relais/contracts/forgetting'
import { messageEvents, type MessageEvent } from '@relais/contracts/messages'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import { type CircleEvent, circleEvents } from '@relais/contracts/patients'
import type { DocumentRef } from '@relais/contracts/primitives'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import {
  residentEvents,
  type ResidentEvent,
  residentMatchEvents,
  type ResidentMatchEvent,
} from '@relais/contracts/residents'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { type CodecOf, codecSet } from '@relais/events/codec'
import { type ReactionOptions, type RunningReaction, startReaction } from '@relais/projections/reaction'
import type { Vault } from '@relais/vault/vault'
import { disown } from './reactions/disown.ts'
import { forget } from './reactions/forget.ts'
import { letInWhoTakesCharge, type LetInWhoTakesChargeDeps } from './reactions/let-in-who-takes-charge.ts'
import { letTheEhpadIn } from './reactions/let-the-ehpad-in.ts'
import { letTheReplacementIn, type LetTheReplacementInDeps } from './reactions/let-the-replacement-in.ts'
import { recordWhatWasAnnounced, type RecordWhatWasAnnouncedDeps } from './reactions/record-what-was-announced.ts'
import { reportDeaths, type ReportDeathsDeps } from './reactions/report-deaths.ts'
import { recordWhatWasReported, type RecordWhatWasReportedDeps } from './reactions/record-what-was-reported.ts'

type WritingDeps = RecordWhatWasReportedDeps &
  RecordWhatWasAnnouncedDeps &
  LetInWhoTakesChargeDeps &
  LetTheReplacementInDeps &
  ReportDeathsDeps
type ReactionsDeps = Omit<WritingDeps, 'readDocument'> & {
  running: Omit<ReactionOptions<unknown>, 'name' | 'codecs' | 'react'>
  vault: Pick<Vault, 'get' | 'forget'>
  codecOf: CodecOf
}

/** What others wrote, turned into commands of this service. */
export function reactionsOf({ running, vault, codecOf, ...writing }: ReactionsDeps): RunningReaction[] {
  const readDocument = async ({ documentId }: DocumentRef) => {
    const document = await vault.get(documentId)
    return document === undefined || document === 'forgotten' ? undefined : document.bytes
  }
  const reported = recordWhatWasReported({ ...writing, readDocument })
  const announced = recordWhatWasAnnounced({ ...writing, readDocument })
  return [
    startReaction({
      ...running,
      name: 'record-what-was-reported-1',
      codecs: codecSet([codecOf<StayEvent>(stayEvents), codecOf<MessageEvent>(messageEvents)]),
      react: async (decoded) => {
        await reported(decoded)
        await announced(decoded)
      },
    }),
    startReaction({
      ...running,
      name: 'disown-1',
      codecs: codecSet([codecOf<NoticeEvent>(noticeEvents)]),
      react: disown(writing),
    }),
    startReaction({
      ...running,
      name: 'let-the-ehpad-in-1',
      codecs: codecSet([codecOf<ResidentMatchEvent>(residentMatchEvents)]),
      react: letTheEhpadIn(writing),
    }),
    startReaction({
      ...running,
      name: 'report-deaths-1',
      codecs: codecSet([codecOf<ResidentEvent>(residentEvents), codecOf<ResidentMatchEvent>(residentMatchEvents)]),
      react: reportDeaths(writing),
    }),
    startReaction({
      ...running,
      name: 'let-in-who-takes-charge-1',
      codecs: codecSet([codecOf<ReferralEvent>(referralEvents)]),
      react: letInWhoTakesCharge(writing),
    }),
    startReaction({
      ...running,
      name: 'let-the-replacement-in-1',
      codecs: codecSet([
        codecOf<AbsenceEvent>(absenceEvents),
        codecOf<CircleEvent>(circleEvents),
        codecOf<StayEvent>(stayEvents),
        codecOf<ReferralEvent>(referralEvents),
        codecOf<RunEvent>(runEvents),
      ]),
      react: letTheReplacementIn(writing),
    }),
    startReaction({
      ...running,
      name: 'forget-1',
      codecs: codecSet([codecOf<ForgettingEvent>(forgettingEvents)]),
      react: forget({ vault }),
    }),
  ]
}
