import { NoticeEvent, noticeEvents } from '@relais/contracts/notices'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { isReferralEvent, type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { Recording, recorder } from '@relais/runtime/adapters.fixture'

type LoopFact = ReferralEvent | RunEvent
type Recorder = ReturnType<typeof recorder>

/** As the services that own referrals and runs write it. */
export function recordLoop(record: Recorder, event: LoopFact, recording: Recording = {}): Promise<number> {
  return isReferralEvent(event)
    ? record<ReferralEvent>(referralEvents, event, { ...recording, owner: event.data.referralId })
    : record<RunEvent>(runEvents, event, { ...recording, owner: event.data.runId })
}

/** The notice of what was asked by the fact of an id. */
export function workSent(event: LoopFact, sourceEventId: string) {
  if (event.type !== 'WorkGiven') throw new Error(`${event.type} asks nothing`)
  const { patientId, work, happenedAt } = event.data
  const noticeId = derivedUuid('notice', sourceEventId, work.recipient)
  const subject = { noticeId, patientId, recipient: work.recipient }
  const data = { ...subject, sourceEventId, work, happenedAt, sentAt: happenedAt }
  const sent = NoticeEvent.parse({ type: 'WorkNoticeSent', data })
  const receipt = { ...subject, work: work.subject, facility: work.from.organisation, wards: work.from.wards }
  const by = work.recipient
  const at = '2026-11-02T13:00:00.000Z'
  const acted = NoticeEvent.parse({
    type: 'NoticeActedUpon',
    data: { ...receipt, by, action: 'acknowledged', actedAt: at },
  })
  const delivered = NoticeEvent.parse({ type: 'NoticeDelivered', data: { ...receipt, by, deliveredAt: at } })
  return { noticeId, sent, acted, delivered }
}

/** What is asked, and that its recipient was told of it: by the services that own them, in order. */
export async function ask(
  record: Recorder,
  event: LoopFact,
  { isTold = true, ...recording }: Recording & { isTold?: boolean } = {},
) {
  const { id = crypto.randomUUID() } = recording
  let position = await recordLoop(record, event, { ...recording, id })
  const notice = workSent(event, id)
  if (isTold)
    position = await record(noticeEvents, notice.sent, {
      ...recording,
      id: crypto.randomUUID(),
      owner: notice.noticeId,
    })
  return { ...notice, position }
}
