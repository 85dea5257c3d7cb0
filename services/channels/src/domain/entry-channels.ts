import { type ChannelEntry, isPathwayEntry } from '@relais/contracts/channel-entries'
import type { LoopEntry } from '@relais/contracts/loop-entries'
import type { WorkSubject } from '@relais/contracts/work'
import { wardName, wardsConcerned } from './stay-history.ts'

/** The channels in which an entry is kept, circles excepted: who is in one is another question. */
export function channelsOf(entry: ChannelEntry): ReadonlySet<string> {
  if (isPathwayEntry(entry)) return new Set([`patient/${entry.patientId}`, ...wardsConcerned(entry)])
  switch (entry.kind) {
    case 'notice':
      return new Set([...ofRecipient(entry.recipient), ...entry.standing.wards.map(wardName)])
    case 'work':
      return new Set([
        ...ofRecipient(entry.recipient),
        workChannel(entry.work.subject),
        ...entry.work.from.wards.map(wardName),
      ])
    case 'receipt':
      return new Set([
        ...(entry.work ? [workChannel(entry.work)] : []),
        ...(entry.receipt === 'misdirectionClosed' ? [] : ofRecipient(entry.recipient)),
        ...entry.wards.map(wardName),
      ])
    case 'loop':
      return new Set([...followedIn(entry), ...(entry.patientId ? [`patient/${entry.patientId}`] : [])])
    case 'thread':
    case 'post':
    case 'threadReceipt':
      return new Set([`thread/${entry.threadId}`])
    case 'threadNews':
      return new Set(entry.recipients.flatMap(ofRecipient))
    case 'link':
      return new Set([`patient/${entry.patientId}`, `patient/${entry.otherId}`])
    case 'resident':
      return new Set([`ehpad/${entry.ehpad}`])
  }
}

/** The stay that an entry is of. That one was moved away is a fact of the patient whom it was taken from. */
export function stayOf(entry: ChannelEntry): string | undefined {
  return 'stayId' in entry && entry.kind !== 'movedAway' ? entry.stayId : undefined
}

/** The same channels, as entries are kept: whose a stay is may change, so that its entries are kept with the stay. */
export function keptIn(entry: ChannelEntry): ReadonlySet<string> {
  const channels = channelsOf(entry)
  const stayId = isPathwayEntry(entry) ? stayOf(entry) : undefined
  if (stayId === undefined) return channels
  return new Set([...channels].map((channel) => (channel.startsWith('patient/') ? `stay/${stayId}` : channel)))
}

function followedIn({ referralId, runId }: LoopEntry): string[] {
  return [...(referralId ? [`referral/${referralId}`] : []), ...(runId ? [`run/${runId}`] : [])]
}

/** Where whoever takes part follows a referral, or the run that a step is of. */
export function workChannel(subject: WorkSubject): string {
  return subject.kind === 'referral' ? `referral/${subject.referralId}` : `run/${subject.runId}`
}

/** What an entry of an inbox asks, or is a receipt of. */
export function workOf(entry: ChannelEntry): WorkSubject | undefined {
  if (entry.kind === 'work') return entry.work.subject
  return entry.kind === 'receipt' ? entry.work : undefined
}

/** The referral or the run that an entry is of. */
export function loopChannelOf(entry: ChannelEntry): string | undefined {
  if (entry.kind === 'loop') return followedIn(entry)[0]
  const subject = workOf(entry)
  return subject && workChannel(subject)
}

/** What an establishment is told is in its inbox and on its board. */
function ofRecipient(recipient: string): string[] {
  const [issuer, finess] = recipient.split(':')
  return issuer === 'finess' ? [`inbox/${recipient}`, `ehpad/${finess}`] : [`inbox/${recipient}`]
}

/** The patients whom an entry is about. */
export function patientsIn(entry: ChannelEntry): string[] {
  if (entry.kind === 'link') return [entry.patientId, entry.otherId]
  return entry.patientId === undefined ? [] : [entry.patientId]
}
