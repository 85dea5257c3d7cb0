import { circleEvents, type CircleEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { codecSet, eventCodec } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import { startProjection } from '@relais/projections/runner'
import { linked, unlinked } from '@relais/runtime/link-facts.fixture'
import { type Database, openDatabase } from '@relais/database/database'
import { eachDatabase, type OpenDatabase } from '@relais/testkit/databases'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import {
  corrected,
  gp,
  joined,
  left,
  moved,
  newStay,
  type OutsideFact,
  type Stay,
  stayOf,
  withdrawn,
} from '../facts.fixture.ts'
import { recorder } from '../gateway.fixture.ts'
import { channelFeed, type FeedTables } from '../projections/channel-feed.ts'
import type { Channel } from './channel.ts'
import { type FeedReader, feedReader } from './feed-reader.ts'
import type { Heard } from './heard.ts'
import { entriesOfOpenStays } from './stay-reader.ts'

const ward = {
  kind: 'ward',
  name: 'ward/750100018:3620',
  facility: '750100018',
  code: '3620',
} as const satisfies Channel
const circle: Channel = { kind: 'circle', name: `circle/${gp}`, memberId: gp }
const patient = (patientId: string): Channel => ({ kind: 'patient', name: `patient/${patientId}`, patientId })
const shown = (heard: Heard[]) => heard.map(({ entry }) => [entry.kind, entry.patientId])

/** The view of a log in which these facts, and no others, were recorded. */
async function viewOf(database: Database<FeedTables>, facts: readonly OutsideFact[][]): Promise<Database<FeedTables>> {
  const [store, keyring] = [inMemoryEventStore(), inMemoryKeyring()]
  const record = recorder(store, keyring)
  let position = 0
  for (const together of facts) position = await record(...together)
  const codecs = codecSet([
    eventCodec<StayEvent>(stayEvents, keyring),
    eventCodec<CircleEvent>(circleEvents, keyring),
    eventCodec<LinkEvent>(linkEvents, keyring),
  ])
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const now = () => new Date().toISOString()
  const view = startProjection({ projection: channelFeed, store, codecs, database, epoch: 'e', log, now })
  expect(await view.reaches(position, 20_000)).toBe(true)
  await view.stop()
  return database
}

async function reading(open: OpenDatabase, schema: string, facts: readonly OutsideFact[][]): Promise<FeedReader> {
  return feedReader((await viewOf(await open<FeedTables>(schema), facts)).db)
}

/** Every order of a few movements in which each is corrected or withdrawn after it was announced, never before. */
function* orders<Fact>(movements: readonly (readonly Fact[])[]): Generator<readonly Fact[]> {
  if (movements.every(({ length }) => length === 0)) yield []
  for (const [index, [next, ...rest]] of movements.entries())
    if (next !== undefined) for (const others of orders(movements.with(index, rest))) yield [next, ...others]
}

const day = (number: number) => `2026-11-0${number}T08:00:00.000Z`

/** A transfer that is announced in one ward and for one day, then said to have been in another, or on another. */
function correctedTransfer(stay: Stay, announced: Place, then: Place): OutsideFact[] {
  const movementId = crypto.randomUUID()
  const changed = announced.ward === then.ward ? ['effectiveAt'] : ['medicalWard', 'careWard']
  return [
    moved('PatientTransferred', stay, { ...announced, from: 'A', movementId }),
    corrected(stay, { ...then, from: announced.ward, movementId, kind: 'transfer', changed }),
  ]
}
type Place = { ward: string; at: string }

/** The last transfer of all, which is withdrawn; a correction that comes later still changes nothing. */
function withdrawnTransfer(stay: Stay): OutsideFact[] {
  const place = { ward: 'E', from: 'A', at: day(9), movementId: crypto.randomUUID() }
  return [
    moved('PatientTransferred', stay, place),
    withdrawn(stay, { ...place, withdrawn: 'transfer' }),
    corrected(stay, { ...place, kind: 'transfer', changed: [] }),
  ]
}

/** Stays told in every order in which their movements may be heard of. */
function inEveryOrder(movementsOf: (stay: Stay) => OutsideFact[][]) {
  const stays = Array.from(orders(movementsOf(newStay())), () => newStay())
  const told = stays.map((stay, order) => orders(movementsOf(stay)).drop(order).take(1).toArray().flat())
  return { told, stays: new Set(stays.map(({ stayId }) => stayId)) }
}

test('a ward reads the open stays that it holds, and never looks at those that are over', async () => {
  const url = `sqlite:${temporaryFolder()}/views.sqlite`
  const database = await openDatabase<FeedTables>(url, { schema: 'feed', durability: 'normal' })
  onTestFinished(() => database.close())
  await viewOf(database, [[moved('PatientAdmitted', newStay(), { ward: '3620' })]])
  const { sql: query } = entriesOfOpenStays(database.db, ward.name).compile()
  const plan = sql<{ detail: string }>`explain query plan ${sql.raw(query.replaceAll('?', "'x'"))}`
  const steps = (await plan.execute(database.db)).rows.map(({ detail }) => detail).join('\n')
  expect(steps).toMatch(/SEARCH feed_channel\S* USING COVERING INDEX \S+ \(stay_id=\? AND channel=\?\)/)
  expect(steps).not.toMatch(/SCAN (stay_standing|feed)/)
})

eachDatabase('the feed', (open) => {
  test('a ward holds the same stays in whatever order their movements were heard of', async () => {
    const admitted = (stay: Stay) => [moved('PatientAdmitted', stay, { ward: 'A', at: day(3) })]
    const elsewhere = inEveryOrder((stay) => [
      admitted(stay),
      correctedTransfer(stay, { ward: 'B', at: day(5) }, { ward: 'C', at: day(5) }),
      withdrawnTransfer(stay),
    ])
    const earlier = inEveryOrder((stay) => [
      admitted(stay),
      correctedTransfer(stay, { ward: 'D', at: day(5) }, { ward: 'D', at: day(1) }),
      [moved('PatientTransferred', stay, { ward: 'F', from: 'A', at: day(4) })],
    ])
    const over = inEveryOrder((stay) => [
      admitted(stay),
      [moved('PatientDischarged', stay, { ward: 'A', from: 'A', at: day(6) })],
    ])
    const feed = await reading(open, 'orders', [...elsewhere.told, ...earlier.told, ...over.told])
    const held = async (code: string) => {
      const channel = { ...ward, name: `ward/750100018:${code}`, code }
      const entries = await feed.state(channel, Number.MAX_SAFE_INTEGER)
      return new Set(entries.map(({ entry }) => stayOf(entry)))
    }
    expect(await held('C')).toEqual(elsewhere.stays)
    expect(await held('F')).toEqual(earlier.stays)
    for (const code of ['A', 'B', 'D', 'E']) expect(await held(code)).toEqual(new Set())
  })

  test('a channel begins with open stays only, and goes on with everything', async () => {
    const [here, gone, away] = [newStay(), newStay(), newStay()]
    const feed = await reading(open, 'feed', [
      [moved('PatientAdmitted', here, { ward: '3620' }), joined(here)],
      [
        moved('PatientAdmitted', gone, { ward: '3620' }),
        joined(gone),
        moved('PatientDischarged', gone, { ward: '3620' }),
      ],
      [moved('PatientAdmitted', away, { ward: '4110' }), left(gone)],
    ])
    const until = Number.MAX_SAFE_INTEGER
    expect(shown(await feed.state(ward, until))).toEqual([['admission', here.patientId]])
    expect(shown(await feed.state(circle, until))).toEqual([['admission', here.patientId]])
    expect(shown(await feed.state(patient(gone.patientId), until))).toEqual([
      ['admission', gone.patientId],
      ['discharge', gone.patientId],
    ])
    const first = await feed.after(ward, 0, 2)
    expect(shown(first)).toEqual([
      ['admission', here.patientId],
      ['admission', gone.patientId],
    ])
    expect(shown(await feed.after(ward, first[1]?.position ?? 0, 2))).toEqual([['discharge', gone.patientId]])
    expect((await feed.after(circle, 0, 100)).map(({ entry }) => entry.kind)).toEqual([
      'admission',
      'circleJoined',
      'admission',
      'discharge',
      'circleJoined',
      'circleLeft',
    ])
    expect([...(await feed.circleChanges([gone.patientId])).values()].flat()).toMatchObject([
      { memberId: gp, role: 'medecin-traitant', joined: true },
      { memberId: gp, role: 'medecin-traitant', joined: false },
    ])
  })

  test('a channel of one number is that of all numbers of the person, each entry once, as long as they are linked', async () => {
    const [a, b, c] = [newStay(), newStay(), newStay()]
    const facts = [
      [moved('PatientAdmitted', a, { ward: '3620' }), joined(a)],
      [moved('PatientAdmitted', b, { ward: '4110' })],
      [moved('PatientAdmitted', c, { ward: '4110' })],
      [linked(b.patientId, a.patientId)],
      [linked(c.patientId, b.patientId)],
    ]
    const until = Number.MAX_SAFE_INTEGER
    const all = [a, b, c].map(({ patientId }) => ['admission', patientId])
    const feed = await reading(open, 'linked', facts)
    for (const channel of [patient(a.patientId), patient(c.patientId), circle])
      expect(shown(await feed.state(channel, until))).toEqual(all)
    const everything = shown(await feed.after(circle, 0, 100))
    expect(everything).toEqual([
      ['admission', a.patientId],
      ['circleJoined', a.patientId],
      ...all.slice(1),
      ...[b, c].map(({ patientId }) => ['link', patientId]),
    ])
    expect(shown(await feed.after(patient(b.patientId), 0, 100))).toEqual(everything)
    expect(shown(await feed.history([b.patientId, c.patientId], { before: until, choose: 'open' }))).toHaveLength(2)

    const apart = [[unlinked(b.patientId, c.patientId)], [unlinked(b.patientId, a.patientId)]]
    const again = await reading(open, 'unlinked', [...facts, ...apart])
    expect(shown(await again.state(patient(a.patientId), until))).toEqual(all.slice(0, 1))
    expect(shown(await again.state(circle, until))).toEqual(all.slice(0, 1))
  })
})
