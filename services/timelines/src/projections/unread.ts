import type { LinkEvent } from '@relais/contracts/patients'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import type { StayEvent } from '@relais/contracts/stays'
import type { BoardEvent, PathwayEvent } from './read-events.ts'

/** They change neither how a stay stands, nor where it went, nor who is who. */
const aside = [
  'MovementConfirmed',
  'IdentityReported',
  'ParticipantsReported',
  'LinkDoubted',
  'LinkDoubtSettled',
] satisfies (StayEvent | LinkEvent)['type'][]

/** What is asked is told by `WorkGiven`. */
const ofLoops = [...Object.keys(referralEvents.versions), ...Object.keys(runEvents.versions)].filter(isNotGiven)

export const unreadByBoards: readonly BoardEvent['type'][] = [
  ...aside,
  ...ofLoops,
  'MisdirectionClosed',
  'ResidentIdentityChanged',
  'ResidentMatchDoubted',
  'ResidentDoubtCleared',
]

/** Of notices, only who said "not my patient" counts: who may read a pathway. Of threads, that there is one. */
export const unreadByPathway: readonly PathwayEvent['type'][] = [
  ...aside,
  'NoticeSent',
  'WorkNoticeSent',
  'NoticeDelivered',
  'NoticeRead',
  'NoticeActedUpon',
  'MisdirectionClosed',
  'WorkGiven',
  'ThreadMemberAdded',
  'ThreadMemberRemoved',
  'ThreadRenamed',
  'ThreadClosed',
]

type LoopType = (ReferralEvent | RunEvent)['type']

/** The names are those of the versions of the two families. */
function isNotGiven(type: string): type is Exclude<LoopType, 'WorkGiven'> {
  return type !== 'WorkGiven'
}
