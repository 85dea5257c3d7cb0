import { messageEvents } from './messages.ts'
import { noticeEvents } from './notices.ts'
import { circleEvents, patientEvents } from './patients.ts'
import { stayEvents } from './stays.ts'

/** Which service owns, that is writes, the streams of each category. Every other service only reads them. */
export const categoryOwners = {
  [stayEvents.category]: 'stays',
  [messageEvents.category]: 'stays',
  [patientEvents.category]: 'patients',
  [circleEvents.category]: 'patients',
  [noticeEvents.category]: 'channels',
} as const
