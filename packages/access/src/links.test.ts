import { randomUUID } from 'node:crypto'
import { circleEvents, isLinkEvent, linkEvents } from '@relais/contracts/patients'
import { stayEvents } from '@relais/contracts/stays'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { codecSet, type EventOf, eventCodec } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import type { Projection } from '@relais/projections/projection'
import { startProjection } from '@relais/projections/runner'
import { eachDatabase, type OpenDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import fc from 'fast-check'
import type { CompiledQuery } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { actor, day, joined, linked, memberId, moved, unlinked } from './events.fixture.ts'
import { accessRows, type AccessTables, accessTables, loadAccessFacts, loadFactsOfEach } from './facts.ts'
import { linksAround, peopleOf, personIn, personOf, rememberedPersonOf } from './links.ts'

const [a, b, c, d, e] = Array.from({ length: 5 }, (_, n) => `00000000-0000-4000-8000-00000000000${n + 1}`) as [
  string,
  string,
  string,
  string,
  string,
]
const into = (patientId: string, otherId: string) => ({ patientId, otherId })

describe('who is one person', () => {
  test.each([
    ['alone', [], a, [a]],
    ['merged into another', [into(b, a)], b, [a, b]],
    ['merged into one who was merged in turn', [into(b, a), into(c, b)], c, [a, b, c]],
    ['one into whom two were merged', [into(a, c), into(a, b)], a, [a, b, c]],
    ['merged into two, neither of them given up', [into(c, a), into(b, a)], b, [a, b, c]],
    ['part of a circle', [into(b, a), into(c, b), into(a, c)], a, [a, b, c]],
    ['nobody of the others', [into(d, c)], a, [a]],
  ])('%s', (_, links, canonicalId, ids) => expect(personIn(links, a)).toEqual({ canonicalId, ids }))

  test('is the same whichever id is asked for, and whatever the order of the links', () => {
    const anyId = fc.constantFrom(a, b, c, d, e)
    const anyLinks = fc.array(fc.tuple(anyId, anyId).map(([one, other]) => into(one, other)))
    fc.assert(
      fc.property(anyLinks, anyId, (links, asked) => {
        const person = personIn(links, asked)
        for (const id of person.ids) expect(personIn(links.toReversed(), id)).toEqual(person)
        expect(person.ids).toContain(person.canonicalId)
      }),
    )
  })
})

const keyring = inMemoryKeyring()
const stayCodec = eventCodec(stayEvents, keyring)
const circleCodec = eventCodec(circleEvents, keyring)
const linkCodec = eventCodec(linkEvents, keyring)
const codecs = [stayCodec, circleCodec, linkCodec]
type Event = EventOf<(typeof codecs)[number]>
const projection: Projection<Event> = { name: 'access-1', tables: accessTables, rows: accessRows }
const silent = { info: () => {}, warn: () => {}, error: () => {} }

async function encoded(event: Event, id: string) {
  if (isLinkEvent(event)) return { category: 'link', stored: await linkCodec.encode(event, id) }
  if ('stayId' in event.data)
    return { category: 'stay', stored: await stayCodec.encode(stayEvents.schema.parse(event), id) }
  return { category: 'circle', stored: await circleCodec.encode(circleEvents.schema.parse(event), id) }
}

async function startLinks(open: OpenDatabase) {
  const store = inMemoryEventStore()
  const database = await open<AccessTables>('links')
  const following = { store, codecs: codecSet(codecs), database, epoch: randomUUID(), log: silent, now: () => day(1) }
  const running = startProjection({ projection, ...following })
  await waitUntil(() => running.status().hasCaughtUp, 'the view')

  async function learn(...events: Event[]) {
    let position = 0
    for (const event of events) {
      const id = randomUUID()
      const { category, stored } = await encoded(event, id)
      const metadata = { $correlationId: 'c', recordedAt: day(2), actor }
      const result = await store.append(`${category}-${id}`, 'noStream', [{ id, ...stored, metadata }])
      if (result.appended) position = result.position
    }
    await waitUntil(() => running.reaches(position, 1000), 'the view')
  }
  const stop = async () => {
    await running.stop()
    await store.close()
  }
  return { learn, stop, db: database.db, running }
}

eachDatabase('the links of a view', (open) => {
  let started: ReturnType<typeof startLinks> | undefined
  const links = () => (started ??= startLinks(open))
  afterAll(async () => (await started)?.stop())
  const five = () =>
    Array.from({ length: 5 }, () => randomUUID()).toSorted() as [string, string, string, string, string]

  test('leave alone whoever was never linked', async () => {
    const { db } = await links()
    const id = randomUUID()
    expect(await personOf(db, id)).toEqual({ canonicalId: id, ids: [id] })
    expect(await linksAround(db, [])).toEqual([])
    expect(await linksAround(db, [id])).toEqual([])
  })

  test('lead from any id of a person to all of them, however far, and to nobody else', async () => {
    const { db, learn } = await links()
    const [one, two, three, four, other] = five()
    await learn(linked(two, one), linked(three, two), linked(four, three), linked(other, randomUUID()))
    for (const id of [one, two, three, four])
      expect(await personOf(db, id)).toEqual({ canonicalId: four, ids: [one, two, three, four] })
    const people = await peopleOf(db, [one, other])
    expect(people(three).canonicalId).toBe(four)
    expect(people(other).ids).toHaveLength(2)
  })

  test('end where one is undone, and the others stand', async () => {
    const { db, learn } = await links()
    const [one, two, three] = five()
    await learn(linked(two, one), linked(three, two), unlinked(two, one))
    expect(await personOf(db, one)).toEqual({ canonicalId: one, ids: [one] })
    expect(await personOf(db, two)).toEqual({ canonicalId: three, ids: [two, three] })
  })

  test('turn round where the other one is to be kept after all', async () => {
    const { db, learn } = await links()
    const [one, two] = five()
    await learn(linked(two, one, 'linked'))
    expect((await personOf(db, one)).canonicalId).toBe(two)
    await learn(linked(one, two))
    expect(await personOf(db, two)).toEqual({ canonicalId: one, ids: [one, two] })
    expect(await linksAround(db, [two])).toMatchObject([{ patientId: one, otherId: two, reason: 'merged' }])
    await learn(unlinked(two, one))
    expect(await linksAround(db, [one, two])).toEqual([])
  })

  test('give the facts about all ids of the person, until they are undone', async () => {
    const { db, learn } = await links()
    const [one, two] = five()
    const stayId = randomUUID()
    await learn(
      moved('PatientAdmitted', { patientId: one, stayId }, [randomUUID(), { medical: '3620' }]),
      joined(two, day(3)),
    )
    const apart = await Promise.all([one, two].map((id) => loadAccessFacts(db, id)))
    await learn(linked(two, one))
    const together = await Promise.all([one, two].map((id) => loadAccessFacts(db, id)))
    expect(together[0]).toEqual({ ...apart[0], members: apart[1]?.members })
    expect(together[1]).toEqual(together[0])
    await learn(unlinked(two, one))
    expect(await Promise.all([one, two].map((id) => loadAccessFacts(db, id)))).toEqual(apart)
  })

  test('leave one médecin traitant to a person, and nobody who said “not my patient”, until they are undone', async () => {
    const { db, learn } = await links()
    const [one, two] = five()
    const physician = joined(two, day(4), 'medecin-traitant')
    const other = { ...physician, data: { ...physician.data, memberId: 'rpps:10000000002' } }
    await learn(joined(one, day(3), 'medecin-traitant'), circleEvents.schema.parse(other))
    const disowned = { patientId: two, memberId, disownedAt: day(5) }
    await learn(joined(one, day(3)), circleEvents.schema.parse({ type: 'PatientDisowned', data: disowned }))
    const membersOf = async (id: string) =>
      (await loadAccessFacts(db, id)).members.map(({ memberId: who, role }) => `${who} ${role}`)
    const apart = [await membersOf(one), await membersOf(two)]
    expect(apart.flat()).toHaveLength(3)
    await learn(linked(two, one))
    expect([await membersOf(one), await membersOf(two)]).toEqual([
      ['rpps:10000000002 medecin-traitant'],
      ['rpps:10000000002 medecin-traitant'],
    ])
    await learn(unlinked(two, one))
    expect([await membersOf(one), await membersOf(two)]).toEqual(apart)
  })

  test('give each of several persons the facts about him or her alone, in as many statements as for one', async () => {
    const { db, learn } = await links()
    const [one, two, three, four] = five()
    const stayId = randomUUID()
    await learn(
      linked(two, one),
      moved('PatientAdmitted', { patientId: one, stayId }, [randomUUID(), { medical: '3620' }]),
      joined(one, day(3), 'medecin-traitant'),
      joined(two, day(4), 'infirmier'),
      joined(three, day(3), 'medecin-traitant'),
      circleEvents.schema.parse({
        type: 'PatientDisowned',
        data: { patientId: two, memberId: 'rpps:9', disownedAt: day(5) },
      }),
    )
    const persons = [[one, two], [three], [four]]
    let statements = 0
    const executeQuery = (query: CompiledQuery) => {
      statements += 1
      return db.executeQuery(query)
    }
    const getExecutor = () => db.getExecutor()
    const counting = Object.assign(Object.create(db), { executeQuery, getExecutor })
    const factsOf = await loadFactsOfEach(counting, persons)
    expect(persons.map(factsOf)).toEqual(await Promise.all([one, three, four].map((id) => loadAccessFacts(db, id))))
    expect(factsOf([four])).toEqual({ members: [], stays: [], confidential: [] })
    expect(statements).toBe(3)
  })

  test('leave out who was forgotten, and answer nothing when he or she is asked for', async () => {
    const { db, learn } = await links()
    const [one, two, three] = five()
    await learn(linked(two, one), linked(three, two))
    const openingKey = (id: string) => (id === three ? undefined : keyring.sealingKey(id))
    expect(await rememberedPersonOf({ db, keyring: { openingKey } }, one)).toEqual({
      canonicalId: one,
      ids: [one, two],
    })
    expect(await rememberedPersonOf({ db, keyring: { openingKey } }, three)).toBeUndefined()
  })

  test('know a number that was only ever given up, for which nothing was sealed', async () => {
    const { db, learn } = await links()
    const [one, two] = five()
    await learn(linked(two, one))
    expect(await rememberedPersonOf({ db, keyring }, one)).toEqual({ canonicalId: two, ids: [one, two] })
  })

  test('made and undone in any order leave the tables as they were', async () => {
    const { learn, running } = await links()
    const before = await running.checksum()
    const pairs = fc.uniqueArray(fc.constantFrom<[string, string]>([a, b], [b, c], [c, a], [d, e]), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(pairs, fc.array(fc.nat({ max: 3 })), async (made, order) => {
        await learn(...made.map(([one, other]) => linked(one, other)))
        const undone = made.toSorted((x, y) => (order[made.indexOf(x)] ?? 0) - (order[made.indexOf(y)] ?? 0))
        await learn(...undone.map(([one, other]) => unlinked(one, other)))
        expect(await running.checksum()).toBe(before)
      }),
      { numRuns: 5 },
    )
  })
})
