import type { Explanation } from '@relais/contracts/explanation-routes'
import type { Exchange, PathwayEntry } from '@relais/contracts/pathway'
import type { MessageId } from '@relais/contracts/primitives'

/** What a fact comes from, as it was recorded. */
type Source = {
  causedBy?: string | undefined
  messageId?: MessageId | undefined
  actor: { id: string; role: string; organisation?: string | undefined }
}
type Told = Explanation['told'][number] & { subject: string }
type Explained = {
  entry: PathwayEntry | Exchange
  source: Source
  /** All that was told in consequence of the same act. */
  told: readonly Told[]
  /** The version of its protocol that a run followed then. */
  version?: number | undefined
}

/** Why an entry is there, and who was told: of its stay, its referral or its step, and not of what came along with it. */
export function explanation({ entry, source, told, version }: Explained): Explanation {
  const { actor, messageId, causedBy } = source
  const { id: by, role, organisation } = actor
  return {
    entryId: entry.entryId,
    recordedAt: entry.recordedAt,
    source: {
      by,
      role,
      ...(organisation === undefined ? {} : { organisation }),
      ...(messageId === undefined ? {} : { messageId }),
      ...(causedBy === undefined ? {} : { causedBy }),
    },
    rule: ruleOf(entry, version),
    told: told.flatMap(({ subject, ...notice }) => (isTold(entry, subject, notice.recipient) ? [notice] : [])),
  }
}

function ruleOf(entry: PathwayEntry | Exchange, version: number | undefined): Explanation['rule'] {
  if (entry.kind !== 'loop') return { kind: 'careCircle' }
  const { referralId, runId, stepId, protocolId } = entry
  if (referralId !== undefined) return { kind: 'referral', referralId }
  if (runId === undefined) return { kind: 'careCircle' }
  return {
    kind: 'protocol',
    runId,
    ...(stepId === undefined ? {} : { stepId }),
    ...(protocolId === undefined ? {} : { protocolId }),
    ...(version === undefined ? {} : { version }),
  }
}

function isTold(entry: PathwayEntry | Exchange, subject: string, recipient: string): boolean {
  if (entry.kind === 'thread') return false
  if (entry.kind === 'loop') {
    const { referralId, runId, stepId } = entry
    if (referralId !== undefined) return subject === `referral/${referralId}`
    return stepId === undefined ? subject.startsWith(`run/${runId}/`) : subject === `run/${runId}/${stepId}`
  }
  // Whoever joins is told of each open stay; whoever leaves, of nothing.
  if (entry.member) return entry.kind === 'circleJoined' && recipient === entry.member.memberId && isOfStay(subject)
  return subject === `stay/${entry.stayId}`
}

const isOfStay = (subject: string) => subject.startsWith('stay/')
