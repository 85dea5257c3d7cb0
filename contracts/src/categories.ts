import { absenceEvents } from './absences.ts'
import { digestEvents, postEvents, preferenceEvents, readMarkEvents, threadEvents } from './conversations.ts'
import { deathEvents } from './deaths.ts'
import { facilityEvents, onCallEvents, professionalEvents } from './directory.ts'
import { forgettingEvents } from './forgetting.ts'
import { messageEvents } from './messages.ts'
import { noticeEvents, shownEvents } from './notices.ts'
import { circleEvents, linkEvents, patientEvents } from './patients.ts'
import { runEvents } from './protocol-runs.ts'
import { protocolEvents } from './protocols.ts'
import { referralEvents } from './referrals.ts'
import { residentEvents, residentMatchEvents } from './residents.ts'
import { sessionEvents } from './sessions.ts'
import { stayEvents } from './stays.ts'

/** Which service owns, that is writes, the streams of each category. Every other service only reads them. */
export const categoryOwners = {
  [stayEvents.category]: 'stays',
  [messageEvents.category]: 'stays',
  [patientEvents.category]: 'patients',
  [circleEvents.category]: 'patients',
  [linkEvents.category]: 'patients',
  [deathEvents.category]: 'patients',
  [forgettingEvents.category]: 'patients',
  [noticeEvents.category]: 'channels',
  [sessionEvents.category]: 'channels',
  [shownEvents.category]: 'timelines',
  [facilityEvents.category]: 'directory',
  [professionalEvents.category]: 'directory',
  [onCallEvents.category]: 'directory',
  [absenceEvents.category]: 'directory',
  [residentEvents.category]: 'directory',
  [residentMatchEvents.category]: 'directory',
  [threadEvents.category]: 'conversations',
  [postEvents.category]: 'conversations',
  [readMarkEvents.category]: 'conversations',
  [preferenceEvents.category]: 'conversations',
  [digestEvents.category]: 'conversations',
  [protocolEvents.category]: 'protocols',
  [runEvents.category]: 'protocols',
  [referralEvents.category]: 'referrals',
} as const
