import { type NoticeEvent, noticeEvents, NoticeId } from '@relais/contracts/notices'
import type { Authority, EventFamily, PatientId, Ward } from '@relais/contracts/primitives'
import type { Work } from '@relais/contracts/work'
import { type Chance, uuidOf } from './people.ts'
import { eventIdOf, expectedAfter, iso, type Told } from './told.ts'

const MINUTE = 60_000
/** A notice is written so long after what it tells of. */
const TOLD_AFTER = 50

export type Moment<Event extends { type: string; data: object }> = { at: number; told: Told<Event> | Told<NoticeEvent> }
type OfNotice = { at: number; told: Told<NoticeEvent> }
type Given = { type: 'WorkGiven'; data: { patientId: PatientId; work: Work } }

/** What becomes of one stream from beginning to end, and the notices of the work that it gives, with their receipts. */
export function loopStory<Event extends { type: string; data: object }>(
  family: EventFamily<Event>,
  stream: string,
  random: Chance,
) {
  const moments: Moment<Event>[] = []
  let revision = -1
  return {
    moments,
    /** `by` is not told of the work that he or she has caused. */
    say(at: number, events: readonly Event[], by?: string): void {
      const expected = expectedAfter(revision)
      const told: Told<Event> = { family, stream, expected, events, at: iso(at) }
      moments.push({ at, told })
      for (const [index, event] of events.entries()) {
        if (!isGiven(event) || event.data.work.recipient === by) continue
        const sourceEventId = eventIdOf({ category: family.category, stream, expected }, index)
        moments.push(...noticeOf({ ...event.data, sourceEventId, at: at + TOLD_AFTER }, random))
      }
      revision += events.length
    },
  }
}

function isGiven(event: { type: string; data: object }): event is Given {
  return event.type === 'WorkGiven'
}

type Notified = { patientId: PatientId; work: Work; sourceEventId: string; at: number }

/** Most are delivered and read, and what asks for nothing is acknowledged. */
function noticeOf({ patientId, work, sourceEventId, at }: Notified, random: Chance): OfNotice[] {
  const { subject, recipient, from } = work
  const noticeId = NoticeId.parse(uuidOf('work notice', sourceEventId, recipient))
  const receipt = {
    noticeId,
    patientId,
    recipient,
    by: recipient,
    work: subject,
    withheld: work.withheld,
    ...senderOf(from),
  }
  const happenedAt = iso(at - TOLD_AFTER)
  const sent = { noticeId, patientId, recipient, sourceEventId, work, happenedAt, sentAt: iso(at) }
  const read = at + MINUTE * (2 + random.below(180))
  const acted = read + MINUTE * (1 + random.below(60))
  const events: { at: number; event: NoticeEvent }[] = [{ at, event: { type: 'WorkNoticeSent', data: sent } }]
  const delivered = at + 1 + random.below(MINUTE)
  events.push({ at: delivered, event: { type: 'NoticeDelivered', data: { ...receipt, deliveredAt: iso(delivered) } } })
  if (random.percent(85))
    events.push({ at: read, event: { type: 'NoticeRead', data: { ...receipt, readAt: iso(read) } } })
  const isOver = events.length === 3 && work.expected.action === 'acknowledge'
  if (isOver && random.percent(85)) {
    const data = { ...receipt, action: 'acknowledged' as const, actedAt: iso(acted) }
    events.push({ at: acted, event: { type: 'NoticeActedUpon', data } })
  }
  return events.map(({ at: told, event }, index) => {
    const expected = expectedAfter(index - 1)
    return { at: told, told: { family: noticeEvents, stream: noticeId, expected, events: [event], at: iso(told) } }
  })
}

type From = { organisation?: Authority | undefined; wards: readonly Ward[] }
const senderOf = ({ organisation, wards }: From) => ({
  ...(organisation === undefined ? {} : { facility: organisation }),
  wards: [...wards],
})
