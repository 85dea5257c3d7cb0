import type { Announcement, MessageEvent } from '@relais/contracts/messages'
import type { AskedOfLink } from '@relais/contracts/patients'
import type { PatientId } from '@relais/contracts/primitives'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { LinkDesk } from '../link-desk.ts'
import { contextOf, recordIdentity, type RecordWhatWasReportedDeps } from './record-what-was-reported.ts'

export type RecordWhatWasAnnouncedDeps = Omit<RecordWhatWasReportedDeps, 'handleCircle'> & {
  reportLink: LinkDesk['report']
}

/**
 * What a message of ITI-30 said becomes the patient's own record: who the patient is, with or without a stay, and whether
 * two patients are one person. A number that takes the place of another one merges who bore the one into who bears the
 * other.
 */
export function recordWhatWasAnnounced(deps: RecordWhatWasAnnouncedDeps) {
  return async function react(decoded: Decoded<StayEvent | MessageEvent>): Promise<void> {
    const { event } = decoded
    const contextFor: ContextFor = (part) => contextOf(deps, decoded, part)
    const pair = contextOf(deps, decoded, 'link')
    switch (event?.type) {
      case 'IdentityAnnounced':
        return record(deps, event, contextFor)
      case 'MergeReported':
        await record(deps, event, contextFor)
        return link(deps, { asked: 'merge', otherId: event.data.otherId, event }, pair)
      case 'IdentifiersChanged': {
        await record(deps, event, contextFor)
        const { formerId } = event.data
        return formerId && link(deps, { asked: 'merge', otherId: formerId, event }, pair)
      }
      case 'LinkReported':
        return link(deps, { asked: 'link', otherId: event.data.otherId, event }, pair)
      case 'UnlinkReported':
        return link(deps, { asked: 'unlink', otherId: event.data.otherId, event }, pair)
      default:
        return undefined
    }
  }
}

type ContextFor = Parameters<typeof recordIdentity>[2]
type Identifying = Extract<Announcement, { data: { identity: object } }>

function record(deps: RecordWhatWasAnnouncedDeps, { type, data }: Identifying, contextFor: ContextFor): Promise<void> {
  const { patientId, messageId, reportedAt, identity } = data
  const insDeleted = type === 'IdentifiersChanged' && data.insDeleted
  return recordIdentity(deps, { said: { patientId, messageId, reportedAt, identity }, insDeleted }, contextFor)
}

type Asked = { asked: AskedOfLink; otherId: PatientId; event: Announcement }

async function link(
  { reportLink }: RecordWhatWasAnnouncedDeps,
  { asked, otherId, event }: Asked,
  context: CommandContext,
): Promise<void> {
  const { patientId, messageId, authority, reportedAt } = event.data
  await reportLink({ asked, patientId, otherId, messageId, authority, reportedAt }, context)
}
