import type { DeathEvent } from '@relais/contracts/deaths'
import { NoticeId, type NoticeNature } from '@relais/contracts/notices'
import type { CircleEvent, LinkEvent } from '@relais/contracts/patients'
import { type Instant, PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { HandleNotice } from '../handle-notice.ts'
import {
  hasJustLeft,
  isOwn,
  isToldOnJoining,
  type Member,
  type Telling,
  whoIsTold,
  whoIsToldOfDeath,
} from '../domain/who-is-told.ts'
import type { CircleReader, KnownStay } from './circle-reader.ts'

export type NotifyDeps = {
  circles: CircleReader
  handleNotice: HandleNotice
  derivedId: (...parts: string[]) => string
  now: () => Instant
}

type NewsEvent = StayEvent | CircleEvent | LinkEvent | DeathEvent
type Source = Pick<Decoded<NewsEvent>, 'id' | 'position' | 'metadata'>
/** What each recipient is told of, whatever he or she is told of it. */
type Subject = { stayId: string; nature: NoticeNature; happenedAt: Instant; revision: number }

/**
 * Tells the people around a patient what becomes of a stay, and who joins them how things stand. What they were told before
 * is read from the view, once that has seen the event and everything sent so far.
 */
export function notify({ circles, handleNotice, derivedId, now }: NotifyDeps) {
  let written = 0

  return async function react(decoded: Decoded<NewsEvent>): Promise<void> {
    const { event } = decoded
    switch (event?.type) {
      case 'StandingChanged':
        await seen(decoded)
        await tell(decoded, event.data)
        return mourn(decoded, event.data.patientId)
      case 'MemberJoined':
        await seen(decoded)
        await welcome(decoded, event.data)
        return mourn(decoded, event.data.patientId)
      case 'PatientsLinked':
        await seen(decoded)
        await introduce(decoded, event.data.patientId)
        return tellOfDeath(decoded, event.data.patientId)
      case 'PatientsUnlinked':
        await seen(decoded)
        for (const patientId of [event.data.patientId, event.data.otherId]) {
          await introduce(decoded, patientId)
          await tellOfDeath(decoded, patientId)
        }
        return undefined
      case 'DeathReported':
      case 'DeathDenied':
        await seen(decoded)
        return tellOfDeath(decoded, event.data.patientId, reporterOf(event))
      default:
    }
  }

  /** What was sent so far counts, also when it was another replica that sent it. */
  function seen({ position }: Source): Promise<void> {
    return circles.seen(Math.max(position, written))
  }

  async function tell(decoded: Decoded<NewsEvent>, data: Changed): Promise<void> {
    const { patientId, stayId, nature, happenedAt } = data
    const { position, revision } = decoded
    const change = { ...data, revision, actor: decoded.metadata.actor }
    const [members, told] = await Promise.all([circles.members(patientId, position), circles.told(stayId)])
    const subject = { stayId, nature, happenedAt, revision }
    for (const telling of whoIsTold(change, members, told)) await send(decoded, subject, telling)
  }

  async function welcome(source: Source, { patientId, memberId, role, stayId }: Joined): Promise<void> {
    const { position, metadata } = source
    const { recordedAt: joinedAt } = metadata
    const [before, now] = [await circles.members(patientId, position), await circles.members(patientId, position + 1)]
    const isNew = !before.some((member) => member.memberId === memberId)
    const isStillThere = now.some((member) => member.memberId === memberId && member.role === role)
    if (!isNew || !isStillThere) return
    for (const stay of await circles.stays(patientId)) {
      const told = (await circles.told(stay.stayId)).find((each) => each.memberId === memberId)
      const isReason = stay.stayId === stayId || (role === 'ehpad' && hasJustLeft(stay.standing, joinedAt))
      // Read again, the arrival comes after what it has led to; and nobody is told twice how the same discharge stands.
      const isNews = told === undefined || (told.position < position && !(isReason && told.revision >= stay.revision))
      if (isNews) await present(source, stay, { memberId, role, isReason, replaces: told?.noticeId })
    }
  }

  /**
   * Two patients turn out to be one: the circle of each hears of the stays that only the other's was told of. Or two after
   * all: whoever was no member meanwhile hears of what began then.
   */
  async function introduce(source: Source, patientId: string): Promise<void> {
    const members = await circles.members(patientId, source.position)
    for (const stay of await circles.stays(patientId)) {
      const told = new Set((await circles.told(stay.stayId)).map(({ memberId }) => memberId))
      const unaware = new Map(members.map((member) => [member.memberId, member]))
      for (const member of unaware.values()) if (!told.has(member.memberId)) await present(source, stay, member)
    }
  }

  /** Whatever was told of a stay after its patient died, it is the death that stands. */
  async function mourn(source: Source, patientId: string): Promise<void> {
    if (await circles.death(patientId)) await tellOfDeath(source, patientId)
  }

  async function tellOfDeath(source: Source, patientId: string, reporter?: string): Promise<void> {
    await seen(source)
    const death = await circles.death(patientId)
    const members = await circles.members(patientId, source.position + 1)
    const nature = death ? ('died' as const) : ('corrected' as const)
    const happenedAt = death?.diedAt ?? source.metadata.recordedAt
    for (const stay of await circles.stays(patientId)) {
      const { stayId, revision } = stay
      const told = await circles.told(stayId)
      const mourned = { stay, hasDied: death !== undefined, reporter }
      for (const telling of whoIsToldOfDeath(mourned, members, told))
        await send(source, { stayId, nature, happenedAt, revision }, telling)
    }
  }

  async function present(source: Source, stay: KnownStay, member: Presented): Promise<void> {
    const { memberId, role, replaces, isReason } = member
    const { stayId, patientId, revision, happenedAt, standing } = stay
    if (!isToldOnJoining(standing, isReason) || isOwn(memberId, { actor: { id: '' }, standing })) return
    const subject = { stayId, nature: 'joined' as const, happenedAt, revision }
    await send(source, subject, { memberId, role, patientId, standing, changed: [], replaces })
  }

  /** The id comes from what is told and to whom, so that a redelivery writes nothing. */
  async function send(source: Source, subject: Subject, { memberId, ...telling }: Telling): Promise<void> {
    const { stayId, ...told } = subject
    // A death may be told of a stay in answer to what told of it.
    const aside = told.nature === 'died' && !telling.standing.died ? ['died'] : []
    const noticeId = derivedId('notice', source.id, stayId, memberId, ...aside)
    const details = {
      ...told,
      role: telling.role,
      standing: telling.standing,
      changed: [...telling.changed],
      ...(telling.replaces === undefined ? {} : { replaces: NoticeId.parse(telling.replaces) }),
      noticeId: NoticeId.parse(noticeId),
      stayId: StayId.parse(stayId),
      patientId: PatientId.parse(telling.patientId),
      recipient: ProfessionalId.parse(memberId),
      sourceEventId: source.id,
      sentAt: now(),
    }
    const result = await handleNotice(noticeId, { type: 'Send', details }, contextOf(source, noticeId))
    if (result.accepted) written = Math.max(written, result.position ?? 0)
  }

  function contextOf({ id, metadata: { $correlationId } }: Source, noticeId: string): CommandContext {
    const metadata = { $correlationId, $causationId: id, actor: { id: 'relais:notify', role: 'system' } }
    return { metadata, eventId: (index) => derivedId(noticeId, String(index)) }
  }
}

/** The EHPAD whose register says it: its matches end with the death. */
const reporterOf = ({ data: { register } }: DeathEvent) => register && `finess:${register.ehpad}`

type Presented = Member & { replaces?: string | undefined; isReason?: boolean }
type Joined = Extract<CircleEvent, { type: 'MemberJoined' }>['data']
type Changed = Extract<StayEvent, { type: 'StandingChanged' }>['data']
