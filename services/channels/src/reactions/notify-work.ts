import { workKey } from '@relais/contracts/work'
import { NoticeId } from '@relais/contracts/notices'
import { type Instant, ProfessionalId } from '@relais/contracts/primitives'
import type { Decoded } from '@relais/event-store/codec'
import type { NoticeCommand } from '../domain/notice.ts'
import type { HandleNotice } from '../handle-notice.ts'
import type { LoopEvent } from '../projections/feed-codecs.ts'

export type NotifyWorkDeps = {
  /** The last notice of this work to this recipient, once the view shows everything up to a position. */
  lastNotice: (asked: { subject: string; recipient: string; position: number }) => Promise<string | undefined>
  handleNotice: HandleNotice
  derivedId: (...parts: string[]) => string
  now: () => Instant
}

type Given = Extract<LoopEvent, { type: 'WorkGiven' }>['data']
type Source = Pick<Decoded<LoopEvent>, 'id' | 'position' | 'metadata'>

/**
 * Tells people what is asked of them, and that it is asked no more; nobody of what he or she did. What somebody did where
 * the work is done is the receipt "acted upon" of what he or she was told last.
 */
export function notifyWork({ lastNotice, handleNotice, derivedId, now }: NotifyWorkDeps) {
  let written = 0

  return async function react(decoded: Decoded<LoopEvent>): Promise<void> {
    const { event, metadata } = decoded
    if (event?.type !== 'WorkGiven') return
    const { work } = event.data
    const isOwnAct = work.state === 'done' || metadata.actor.id === work.recipient
    await (isOwnAct ? recordDone : send)(decoded, event.data)
  }

  async function recordDone(source: Source, { work, happenedAt }: Given): Promise<void> {
    const asked = { subject: workKey(work.subject), recipient: work.recipient }
    const found = await lastNotice({ ...asked, position: Math.max(source.position, written) })
    const by = ProfessionalId.safeParse(source.metadata.actor.id)
    if (found === undefined || !by.success) return
    const noticeId = NoticeId.parse(found)
    await handle(source, noticeId, { type: 'RecordWorkDone', noticeId, by: by.data, at: happenedAt })
  }

  /** The id comes from what is told and to whom, so that a redelivery writes nothing. */
  async function send(source: Source, { patientId, work, happenedAt }: Given): Promise<void> {
    const { recipient } = work
    const noticeId = NoticeId.parse(derivedId('notice', source.id, recipient))
    const subject = { noticeId, patientId, recipient, sourceEventId: source.id }
    await handle(source, noticeId, { type: 'SendWork', details: { ...subject, work, happenedAt, sentAt: now() } })
  }

  async function handle({ id, metadata }: Source, noticeId: string, command: NoticeCommand): Promise<void> {
    const actor = command.type === 'SendWork' ? { id: 'relais:notify', role: 'system' } : metadata.actor
    const result = await handleNotice(noticeId, command, {
      metadata: { $correlationId: metadata.$correlationId, $causationId: id, actor },
      eventId: (index) => derivedId(noticeId, id, String(index)),
    })
    if (result.accepted) written = Math.max(written, result.position ?? 0)
  }
}
