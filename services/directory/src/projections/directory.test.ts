import {
  type FacilityEvent,
  facilityEvents,
  OnCallEvent,
  onCallEvents,
  ProfessionalEvent,
  professionalEvents,
} from '@relais/contracts/directory'
import { eventCodec } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { codecSet } from '@relais/events/codec'
import { startProjection } from '@relais/projections/runner'
import { recorder, START } from '@relais/runtime/adapters.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { logger } from '@relais/telemetry/logger'
import { eachDatabase, type OpenDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { directory, type DirectoryTables } from './directory.ts'
import { search, type Search } from './search.ts'

const keyOwner = 'directory'
const at = '2026-11-02T09:00:00.000Z'
const address = (city: string) => ({ lines: [], city })

const facilityNamed = (
  finess: string,
  name: string,
  city: string,
  type: 'FacilityRegistered' | 'FacilityChanged' = 'FacilityRegistered',
) => {
  const details = { entity: 'EG' as const, category: '500', name, address: address(city), zone: 'Europe/Paris' }
  return { type, data: { keyOwner, finess, details, source: 'extract' } } as FacilityEvent
}
const closed = (finess: string) =>
  ({ type: 'FacilityClosed', data: { keyOwner, finess, closedAt: at } }) as FacilityEvent
function professionalNamed(number: string, [familyName, givenName]: [string, string], cities: readonly string[]) {
  const places = cities.map((city, n) => ({
    placeId: `P${n}`,
    name: 'CABINET',
    address: address(city),
    source: 'extract',
  }))
  const details = { familyName, givenName, profession: 'Médecin', places }
  return ProfessionalEvent.parse({
    type: 'ProfessionalRegistered',
    data: { keyOwner, professionalId: `rpps:${number}`, details },
  })
}

type Fact = { family: 'facility'; event: FacilityEvent } | { family: 'professional'; event: ProfessionalEvent }
const ofFacility = (event: FacilityEvent): Fact => ({ family: 'facility', event })
const ofProfessional = (event: ProfessionalEvent): Fact => ({ family: 'professional', event })

let schemas = 0
/** The view of these facts, to be searched. */
async function viewOf(open: OpenDatabase, facts: readonly Fact[]) {
  const store = inMemoryEventStore()
  const keyring = inMemoryKeyring()
  const record = recorder({ store, keyring, now: () => START })
  const database = await open<DirectoryTables>(`directory_${(schemas += 1)}`)
  const codecs = codecSet([
    eventCodec<FacilityEvent>(facilityEvents, keyring),
    eventCodec<ProfessionalEvent>(professionalEvents, keyring),
  ])
  let end = 0
  for (const fact of facts)
    end =
      fact.family === 'facility'
        ? await record(facilityEvents, fact.event, { owner: crypto.randomUUID() })
        : await record(professionalEvents, fact.event, { owner: crypto.randomUUID() })
  const log = logger({ level: 'silent' })
  const epoch = '00000000-0000-4000-8000-000000000001'
  const running = startProjection({ projection: directory, codecs, store, database, epoch, log, now: () => START })
  expect(await running.reaches(end, 20_000)).toBe(true)
  await running.stop()
  const find = (q: string, others: Partial<Search> = {}) => search(database, { q, limit: 20, ...others })
  const ids = async (q: string, others: Partial<Search> = {}) => {
    const page = await find(q, others)
    return page === 'cursorUnknown' ? page : page.found.map(({ id }) => id)
  }
  return { find, ids }
}

const lilas = ofFacility(facilityNamed('990000028', 'EHPAD Les Lilas d’Été', 'ESSAI SUR LOIRE'))
const roses = ofFacility(facilityNamed('990000036', 'EHPAD LES ROSES', 'LILAS-LES-BAINS'))
const anne = ofProfessional(professionalNamed('10002909371', ['TEST-LEFÈVRE', 'Anne'], ['Essai-sur-Loire', 'Ailleurs']))

eachDatabase('the directory', (open) => {
  test('is searched by the beginnings of words of a name, of a city, or by number', async () => {
    const { ids } = await viewOf(open, [lilas, roses, anne])
    const found: [string, string[]][] = [
      ['lilas', ['990000028', '990000036']],
      ['LILAS été', ['990000028']],
      ['lil ess', ['990000028']],
      ['ehpad', ['990000028', '990000036']],
      ['99000003', ['990000036']],
      ['1000290', ['rpps:10002909371']],
      ['lefevre anne', ['rpps:10002909371']],
      ['ailleurs', ['rpps:10002909371']],
      ['ilas', []],
      ['lilas anne', []],
      ['%', []],
      ["'; --", []],
    ]
    for (const [q, expected] of found) expect([q, await ids(q)]).toEqual([q, expected])
    expect(await ids('essai', { kind: 'professional' })).toEqual(['rpps:10002909371'])
    expect(await ids('essai', { kind: 'facility' })).toEqual(['990000028'])
  })

  test('is read page by page, each subject once, though several of its words match', async () => {
    const many = Array.from({ length: 7 }, (_, n) =>
      ofFacility(facilityNamed(`99000010${n}`, `LILAS LILIAS ${n}`, 'LILLE')),
    )
    const { find } = await viewOf(open, many)
    const seen: string[] = []
    let after: string | undefined
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await find('lil', { limit: 3, after })
      if (page === 'cursorUnknown') throw new Error(page)
      expect(page.found.length).toBe(pages < 2 ? 3 : 1)
      seen.push(...page.found.map(({ id }) => id))
      after = page.next
      if (after === undefined) break
    }
    expect(seen).toEqual(many.map((_, n) => `99000010${n}`))
    expect(await find('lil', { after: 'nowhere' })).toBe('cursorUnknown')
  })

  test('a frequent word with a rare one is looked up a stretch at a time, and the rare one is found', async () => {
    const many = Array.from({ length: 2600 }, (_, n) => {
      return ofFacility(
        facilityNamed(`99${String(n).padStart(7, '0')}`, n === 2599 ? 'LILAS LILIAS Q' : 'LILAS LILIAS', 'LILLE'),
      )
    })
    const { find } = await viewOf(open, many)
    const pages = []
    let after: string | undefined
    do {
      const page = await find('lil q', { after })
      if (page === 'cursorUnknown') throw new Error(page)
      pages.push(page.found.map(({ id }) => id))
      after = page.next
    } while (after !== undefined)
    expect(pages).toEqual([['990002599'], []])
  })

  test('forgets the words of a name that has changed, and every word of a facility that has closed', async () => {
    const renamed = ofFacility(facilityNamed('990000028', 'ROSES', 'AILLEURS', 'FacilityChanged'))
    const { ids } = await viewOf(open, [lilas, renamed, roses, ofFacility(closed('990000036'))])
    expect(await ids('lilas')).toEqual([])
    expect(await ids('roses')).toEqual(['990000028'])
  })

  test('is the same, stopped anywhere and resumed from any earlier checkpoint', async () => {
    const anyFiness = fc.constantFrom('990000028', '990000036')
    const anyName = fc.constantFrom('LES LILAS', 'RÉSIDENCE DES TROIS ROSES', 'A')
    const ward = { label: 'Gériatrie', confidential: false }
    const period = {
      scope: 'finess:990000010',
      professionalId: 'rpps:10002909371',
      phone: '0199000001',
      from: at,
      to: START,
    }
    const onCallId = '00000000-0000-4000-8000-000000000007'
    const facts = fc.oneof(
      fc
        .tuple(anyFiness, anyName, fc.constantFrom('registered', 'changed', 'closed', 'ward', 'wardClosed'))
        .map(([finess, name, what]): Recordable => {
          const events: Record<string, FacilityEvent> = {
            registered: facilityNamed(finess, name, 'ESSAI'),
            changed: facilityNamed(finess, name, 'ESSAI', 'FacilityChanged'),
            closed: closed(finess),
            ward: { type: 'WardDefined', data: { keyOwner, finess, code: '1', ward } },
            wardClosed: { type: 'WardClosed', data: { keyOwner, finess, code: '1', closedAt: at } },
          }
          const event = events[what] ?? closed(finess)
          return (record) => record(facilityEvents, event, { owner: finess })
        }),
      anyName.map((name): Recordable => {
        const event = professionalNamed('10002909371', [name, 'ANNE'], ['ESSAI'])
        return (record) => record(professionalEvents, { ...event, type: 'ProfessionalChanged' }, { owner: 'p' })
      }),
      fc.boolean().map((isSet): Recordable => {
        const event = isSet
          ? { type: 'OnCallSet', data: { keyOwner, onCallId, ...period } }
          : { type: 'OnCallWithdrawn', data: { keyOwner, onCallId, scope: period.scope, withdrawnAt: at } }
        return (record) => record(onCallEvents, OnCallEvent.parse(event), { owner: onCallId })
      }),
    )
    const property = resumesFromAnywhere({
      projection: directory,
      codecs: (keyring) => [
        eventCodec<FacilityEvent>(facilityEvents, keyring),
        eventCodec<ProfessionalEvent>(professionalEvents, keyring),
        eventCodec<OnCallEvent>(onCallEvents, keyring),
      ],
      facts,
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })
})
