import { type NoticeEvent, noticeEvents, NoticeId } from '@relais/contracts/notices'
import { type CircleEvent, circleEvents } from '@relais/contracts/patients'
import {
  type ResidentEvent,
  residentEvents,
  ResidentId,
  type ResidentMatchEvent,
  residentMatchEvents,
} from '@relais/contracts/residents'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { agenda } from './territory/agenda.ts'
import { type Carer, chance, populationOf, type TerritorySize, uuidOf } from './territory/people.ts'
import { type OpenStay, plannedStay, takeStep } from './territory/stay.ts'
import { expectedAfter, iso, type Told } from './territory/told.ts'

/** A territory of the size that Relais is made for. */
export const TERRITORY: TerritorySize = {
  seed: 990_000,
  inhabitants: 135_000,
  professionals: 280,
  years: 5,
  staysPerYear: 250,
  until: '2026-11-01T00:00:00.000Z',
}

/** Facts that one stream is given together. */
export type TerritoryFacts =
  | Told<StayEvent>
  | Told<CircleEvent>
  | Told<NoticeEvent>
  | Told<ResidentEvent>
  | Told<ResidentMatchEvent>

const MINUTE = 60_000
const DAY = 86_400_000
const DAYS_PER_YEAR = 365

type Receipt = 'NoticeDelivered' | 'NoticeRead' | 'NoticeActedUpon'
type Sent = Extract<NoticeEvent, { type: 'NoticeSent' }>['data']
type Entry = { kind: 'step'; stay: OpenStay } | { kind: 'receipt'; sent: Sent; receipt: Receipt; revision: number }

/**
 * The history of a territory in the order of its log: who entered an EHPAD, who cares for whom, stays and what each change
 * of them made the platform tell. Holds who is known, and what is not over yet; never the history.
 */
export function* territoryHistory(size: TerritorySize): Generator<TerritoryFacts> {
  const { seed, years, inhabitants, staysPerYear } = size
  const people = populationOf(size)
  const random = chance(seed)
  const due = agenda<Entry>()
  const isKnown = new Uint8Array(inhabitants)
  const end = Date.parse(size.until)
  const begin = end - years * DAYS_PER_YEAR * DAY
  const interval = (DAYS_PER_YEAR * DAY) / ((inhabitants / 1000) * staysPerYear)

  for (let person = 0; person < people.residents; person += 1) yield entered(people, { seed, person, at: begin })
  let stays = 0
  for (let arrival = begin; arrival < end; arrival = begin + stays * interval) {
    yield* happening({ due, random, people }, arrival)
    const person = random.percent(8) ? random.below(people.residents) : random.below(inhabitants)
    const at = Math.round(arrival)
    if (isKnown[person] === 0) yield* becomesKnown(people, { seed, person, at })
    isKnown[person] = 1
    const stay = plannedStay({ seed, number: stays, person, patientId: people.patientOf(person) }, random)
    due.put(at, { kind: 'step', stay })
    stays += 1
  }
  yield* happening({ due, random, people }, end)
}

type People = ReturnType<typeof populationOf>
type Due = ReturnType<typeof agenda<Entry>>
type Chances = ReturnType<typeof chance>

type World = { due: Due; random: Chances; people: People }

function* happening({ due, random, people }: World, until: number): Generator<TerritoryFacts> {
  for (let next = due.take(until); next !== undefined; next = due.take(until)) {
    const { at, entry } = next
    if (entry.kind === 'receipt') {
      yield received(entry, at)
      continue
    }
    const { stay } = entry
    const [step, following] = stay.plan
    if (!step) continue
    const before = stay.revision
    const { events } = takeStep(stay, step, at)
    stay.plan.shift()
    if (following) due.put(at + following.after, { kind: 'step', stay })
    const told = { stream: stay.stayId, expected: expectedAfter(before), at: iso(at) }
    yield { family: stayEvents, events, ...told }
    for (const carer of people.carersOf(stay.person)) yield notified({ stay, carer, at, due, random }, events[1].data)
    stay.told = stay.revision
  }
}

type Changed = Extract<StayEvent, { type: 'StandingChanged' }>['data']
type Notifying = { stay: OpenStay; carer: Carer; at: number; due: Due; random: Chances }

/** A notice, and its receipts to come: nearly all reach a device, most are read, two thirds are acted upon. */
function notified({ stay, carer, at, due, random }: Notifying, changed: Changed): TerritoryFacts {
  const { stayId, patientId, nature, happenedAt, standing } = changed
  const sentAt = iso(at + 50)
  const noticeIdAt = (revision: number) => NoticeId.parse(uuidOf(stayId, revision, carer.memberId))
  const noticeId = noticeIdAt(stay.revision)
  const sent: Sent = {
    noticeId,
    patientId,
    stayId,
    recipient: carer.memberId,
    role: carer.role,
    sourceEventId: uuidOf(stayId, 'fact', stay.revision),
    revision: stay.revision,
    nature,
    happenedAt,
    standing,
    changed: changed.changed,
    ...(stay.told === undefined ? {} : { replaces: noticeIdAt(stay.told) }),
    sentAt,
  }
  const receipts: Receipt[] = ['NoticeDelivered']
  if (random.percent(85)) receipts.push('NoticeRead')
  if (receipts.length === 2 && random.percent(80)) receipts.push('NoticeActedUpon')
  let after = 0
  for (const [revision, receipt] of receipts.entries()) {
    after += MINUTE * (1 + random.below(120)) * (revision + 1) ** 2
    due.put(at + after, { kind: 'receipt', sent, receipt, revision })
  }
  return {
    family: noticeEvents,
    stream: noticeId,
    expected: 'noStream',
    events: [{ type: 'NoticeSent', data: sent }],
    at: sentAt,
  }
}

function received({ sent, receipt, revision }: Extract<Entry, { kind: 'receipt' }>, when: number): TerritoryFacts {
  const { noticeId, patientId, stayId, recipient, role, standing } = sent
  const at = iso(when)
  const wards = standing.wards.map(({ facility, code }) => ({ facility, code }))
  const data = { noticeId, patientId, stayId, recipient, role, facility: standing.facility, wards, by: recipient }
  const event: Record<Receipt, () => NoticeEvent> = {
    NoticeDelivered: () => ({ type: 'NoticeDelivered', data: { ...data, deliveredAt: at } }),
    NoticeRead: () => ({ type: 'NoticeRead', data: { ...data, readAt: at } }),
    NoticeActedUpon: () => ({ type: 'NoticeActedUpon', data: { ...data, action: 'acknowledged', actedAt: at } }),
  }
  return { family: noticeEvents, stream: noticeId, expected: revision, events: [event[receipt]()], at }
}

type Somebody = { seed: number; person: number; at: number }

const residentIdOf = ({ seed, person }: Somebody) => ResidentId.parse(uuidOf(seed, 'resident', person))

function entered(people: People, somebody: Somebody): TerritoryFacts {
  const { seed, person } = somebody
  const residentId = residentIdOf(somebody)
  const at = iso(somebody.at)
  const identity = {
    documentId: uuidOf(seed, 'identity', person),
    size: 200,
    mediaType: 'application/vnd.relais.resident-identity+json',
    sha256: uuidOf(seed, 'sha', person).replaceAll('-', '').repeat(2),
  }
  const data = {
    residentId,
    ehpad: people.ehpadOf(person),
    identity,
    hasIns: true,
    room: people.roomOf(person),
    enteredAt: at,
  }
  return {
    family: residentEvents,
    stream: residentId,
    expected: 'noStream',
    events: [{ type: 'ResidentEntered', data }],
    at,
  }
}

/** Who comes to the hospital for the first time has a circle, and is found in the register of an EHPAD. */
function* becomesKnown(people: People, somebody: Somebody): Generator<TerritoryFacts> {
  const { person } = somebody
  const at = iso(somebody.at)
  const patientId = people.patientOf(person)
  const events = people.carersOf(person).map(({ memberId, role }): CircleEvent => {
    const data = { patientId, memberId, role, ground: 'exchange' as const, joinedAt: at, source: 'reported' as const }
    return { type: 'MemberJoined', data }
  })
  yield { family: circleEvents, stream: patientId, expected: 'noStream', events, at }
  if (!people.isResident(person)) return
  const residentId = residentIdOf(somebody)
  const match = { residentId, ehpad: people.ehpadOf(person), patientId, ground: 'qualifiedIns' as const, matchedAt: at }
  const matched: ResidentMatchEvent = { type: 'ResidentMatched', data: match }
  yield { family: residentMatchEvents, stream: residentId, expected: 'noStream', events: [matched], at }
}
