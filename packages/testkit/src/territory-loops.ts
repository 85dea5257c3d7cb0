import { hash } from 'node:crypto'
import type { PostEvent, ThreadEvent } from '@relais/contracts/conversations'
import type { NoticeEvent } from '@relais/contracts/notices'
import { type PatientEvent, patientEvents, type ReportedIdentity } from '@relais/contracts/patients'
import { type DocumentRef, MessageId, type PatientId, type Recipient } from '@relais/contracts/primitives'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { ProtocolDefinition, ProtocolId } from '@relais/contracts/protocols'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { StayEvent } from '@relais/contracts/stays'
import { RunId } from '@relais/contracts/work'
import { type Agenda, agenda } from './territory/agenda.ts'
import {
  type Chance,
  chance,
  populationOf,
  type TerritorySize,
  TERRITORY_HOSPITAL,
  uuidOf,
} from './territory/people.ts'
import { referralStory } from './territory/referral-story.ts'
import { runStory } from './territory/run-story.ts'
import { threadStory } from './territory/thread-story.ts'
import { eventIdOf, iso, type Told } from './territory/told.ts'
import { type TerritoryFacts, territoryHistory } from './territory.ts'

export type LoopSize = TerritorySize & {
  /** Monday to Friday, between eight and six. */
  referralsPerDay: number
  threadsPerDay: number
  /** What a stay is followed by when it ends at home. */
  protocol: { protocolId: ProtocolId; definition: ProtocolDefinition }
  /** The id of the run of a protocol for one stay. */
  runIdOf: (of: { protocolId: ProtocolId; patientId: PatientId; stayId: string }) => string
}

export type LoopFacts =
  | TerritoryFacts
  | Told<ReferralEvent>
  | Told<RunEvent>
  | Told<ThreadEvent>
  | Told<PostEvent>
  | Told<NoticeEvent>
  | Identified
/** `document` is to be in the vault before the fact is told. */
type Identified = Told<PatientEvent> & { document: { owner: PatientId; documentId: string; bytes: Uint8Array } }

const HOUR = 3_600_000
const DAY = 24 * HOUR
const [OPENS, OPEN_HOURS] = [8, 10]
/** In a hundred, of those who are no residents: as in France, who are 75 and older. */
const OLD = 11
const OLD_AGE = 75

type People = ReturnType<typeof populationOf>
type World = {
  size: LoopSize
  people: People
  /** The number of each. */
  persons: ReadonlyMap<PatientId, number>
  random: Chance
  due: Agenda<LoopFacts>
  counts: { referrals: number; threads: number }
}

/**
 * The history of a territory with what people ask of one another: referrals, a protocol for who goes home, threads; in the
 * order of its log. Stays and their notices are those of `territoryHistory`.
 */
export function* loopHistory(size: LoopSize): Generator<LoopFacts> {
  const people = populationOf(size)
  const persons = new Map(Array.from({ length: size.inhabitants }, (_, person) => [people.patientOf(person), person]))
  const world: World = {
    size,
    people,
    persons,
    random: chance(size.seed + 1),
    due: agenda(),
    counts: { referrals: 0, threads: 0 },
  }
  let day = 0
  for (const fact of territoryHistory(size)) {
    const at = Date.parse(fact.at)
    for (day ||= startOfDay(at); day <= at; day += DAY) beginDay(world, day)
    yield* happening(world, at)
    yield fact
    yield* following(world, fact)
  }
  yield* happening(world, Date.parse(size.until))
}

const startOfDay = (at: number) => at - (at % DAY)

function* happening({ due }: World, until: number): Generator<LoopFacts> {
  for (let next = due.take(until); next !== undefined; next = due.take(until)) yield next.entry
}

/** What people begin on a day, each at an hour of its own. */
function beginDay(world: World, day: number): void {
  const { size, random, due, counts } = world
  const weekday = new Date(day).getUTCDay()
  if (weekday === 0 || weekday === 6) return
  const hour = () => day + OPENS * HOUR + random.below(OPEN_HOURS * HOUR)
  for (let number = 0; number < size.referralsPerDay; number += 1) {
    const asked = someReferral(world, hour())
    for (const { at, told } of referralStory(asked, random)) due.put(at, told)
    counts.referrals += 1
  }
  for (let number = 0; number < size.threadsPerDay; number += 1) {
    const thread = someThread(world, hour())
    for (const { at, told } of threadStory(thread, random)) due.put(at, told)
    counts.threads += 1
  }
}

function someReferral({ size, people, random, counts }: World, at: number) {
  const person = random.below(size.inhabitants)
  const physician = people.physicianOf(person)
  const wanted = random.percent(60) ? 1 : random.percent(75) ? 2 : 3
  const receivers = new Set<Recipient>()
  while (receivers.size < wanted) {
    const others = people.carersOf(random.below(size.inhabitants)).filter(({ role }) => role !== 'ehpad')
    const other = others[random.below(others.length)]
    if (other && other.memberId !== physician) receivers.add(other.memberId)
  }
  const asked = { seed: size.seed, number: counts.referrals, patientId: people.patientOf(person), physician, at }
  return { ...asked, receivers: [...receivers] }
}

function someThread({ size, people, random, counts }: World, at: number) {
  const person = random.below(size.inhabitants)
  const members = people.carersOf(person).map(({ memberId }) => memberId)
  return { seed: size.seed, number: counts.threads, patientId: people.patientOf(person), people: members, at }
}

/** What a fact of the territory leads to: an identity for who is known from now on, a run for who goes home. */
function* following(world: World, fact: TerritoryFacts): Generator<LoopFacts> {
  for (const [index, event] of fact.events.entries()) {
    if (event.type === 'MemberJoined' && index === 0) yield identityOf(world, event.data.patientId, fact.at)
    if (event.type !== 'StandingChanged') continue
    const { category } = fact.family
    follow(world, event.data, { eventId: eventIdOf({ ...fact, category }, index), revision: revisionOf(fact, index) })
  }
}

const revisionOf = ({ expected }: TerritoryFacts, index: number) =>
  (expected === 'noStream' ? -1 : expected) + 1 + index

type Changed = Extract<StayEvent, { type: 'StandingChanged' }>['data']

function follow(world: World, changed: Changed, { eventId, revision }: { eventId: string; revision: number }): void {
  const { size, people, persons, random, due } = world
  const { patientId, stayId, standing } = changed
  const person = persons.get(patientId)
  if (person === undefined || people.isResident(person) || !isOld(person)) return
  if (standing.status !== 'discharged' || standing.patientClass !== 'I' || standing.dischargedAt === undefined) return
  const { protocol, runIdOf } = size
  const at = Date.parse(standing.dischargedAt)
  const wards = standing.wards.map(({ facility, code }) => ({ facility, code }))
  const runId = RunId.parse(runIdOf({ protocolId: protocol.protocolId, patientId, stayId }))
  const subject = { runId, patientId, stayId, stayRevision: revision, eventId, facility: TERRITORY_HOSPITAL, wards }
  for (const moment of runStory({ ...protocol, ...subject, carers: people.carersOf(person), at }, random))
    due.put(moment.at, moment.told)
}

const isOld = (person: number) => (person * 7919) % 100 < OLD

function identityOf({ people, persons, size }: World, patientId: PatientId, at: string): Identified {
  const person = persons.get(patientId) ?? 0
  const age = people.isResident(person) || isOld(person) ? OLD_AGE + 1 + (person % 20) : person % OLD_AGE
  const year = new Date(at).getUTCFullYear() - age
  const number = String(person).padStart(9, '0')
  const reported: ReportedIdentity = {
    ipp: { authority: TERRITORY_HOSPITAL, number },
    birthName: `TEST-${number}`,
    givenName: 'ZOÉ',
    birthDate: `${year}-01-01`,
    sex: 'F',
    reliability: ['VALI'],
    status: 'qualified',
  }
  const bytes = new TextEncoder().encode(JSON.stringify(reported))
  const documentId = uuidOf(size.seed, 'reported identity', person)
  const mediaType = 'application/vnd.relais.identity+json'
  const identity: DocumentRef = { documentId, size: bytes.length, mediaType, sha256: hash('sha256', bytes) }
  const messageId = MessageId.parse(uuidOf(size.seed, 'identity message', person))
  const data = { patientId, messageId, reportedAt: at, identity, status: 'qualified' as const, hasIns: true }
  return {
    family: patientEvents,
    stream: patientId,
    expected: 'noStream',
    events: [{ type: 'IdentityRecorded', data }],
    at: iso(Date.parse(at)),
    document: { owner: patientId, documentId, bytes },
  }
}
