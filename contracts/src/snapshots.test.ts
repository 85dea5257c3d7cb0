import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { absenceEvents } from './absences.ts'
import { categoryOwners } from './categories.ts'
import { digestEvents, postEvents, preferenceEvents, readMarkEvents, threadEvents } from './conversations.ts'
import { deathEvents } from './deaths.ts'
import { facilityEvents, onCallEvents, professionalEvents } from './directory.ts'
import { forgettingEvents } from './forgetting.ts'
import { messageEvents } from './messages.ts'
import { noticeEvents, shownEvents } from './notices.ts'
import { circleEvents, linkEvents, patientEvents } from './patients.ts'
import type { EventFamily } from './primitives.ts'
import { runEvents } from './protocol-runs.ts'
import { protocolEvents } from './protocols.ts'
import { referralEvents } from './referrals.ts'
import { residentEvents, residentMatchEvents } from './residents.ts'
import { sessionEvents } from './sessions.ts'
import { stayEvents } from './stays.ts'

type Event = z.ZodObject<{ type: z.ZodLiteral<string>; data: z.ZodType }>
type PublishedFamily = Omit<EventFamily, 'schema'> & { schema: z.ZodDiscriminatedUnion<readonly Event[]> }

const families: readonly PublishedFamily[] = [
  stayEvents,
  messageEvents,
  patientEvents,
  circleEvents,
  linkEvents,
  deathEvents,
  forgettingEvents,
  noticeEvents,
  shownEvents,
  facilityEvents,
  professionalEvents,
  onCallEvents,
  absenceEvents,
  residentEvents,
  residentMatchEvents,
  threadEvents,
  postEvents,
  readMarkEvents,
  preferenceEvents,
  digestEvents,
  protocolEvents,
  runEvents,
  referralEvents,
  sessionEvents,
]
const folder = join(import.meta.dirname, '..', 'snapshots')

/** Referrals and runs give work alike, each with a subject of its own. */
const OF_SEVERAL = new Set(['WorkGiven'])

/** What is stored under each `Name.vN`: the current body of an event, or what its upcast accepts. */
function storedShapes({ category, schema, versions, upcasts }: PublishedFamily): [string, z.ZodType][] {
  const current = schema.options.map(({ shape }): [string, z.ZodType] => {
    const { value } = shape.type
    const name = OF_SEVERAL.has(value) ? `${category}.${value}` : value
    return [`${name}.v${versions[value]}`, shape.data]
  })
  return [...current, ...Object.entries(upcasts)]
}

const published = new Map(families.flatMap(storedShapes))

test('every category of the platform is here', () =>
  expect(families.map(({ category }) => category).toSorted()).toEqual(Object.keys(categoryOwners).toSorted()))

/**
 * When one of these differs: after adding an optional field, delete its snapshot and write it again with
 * UPDATE_SNAPSHOTS=1; after anything else, keep the old schema as an upcast and raise the version.
 */
describe('what is published is never edited', () => {
  test.each([...published])('%s', (name, schema) => {
    const described = JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), undefined, 2)
    const file = join(folder, `${name}.json`)
    if (!existsSync(file)) {
      if (process.env['UPDATE_SNAPSHOTS'] !== '1')
        throw new Error(`No snapshot of ${name}: run this test once with UPDATE_SNAPSHOTS=1 and commit what it writes`)
      writeFileSync(file, `${described}\n`)
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(described))
  })
})

/** What is opened under its current name is not checked again (decision 0008): it MUST be what was checked, as it was. */
test('checking an event changes nothing in it: no default, no transformation', () => {
  const kinds = new Set<string>()
  const look = ({ zodSchema: { _zod: schema } }: { zodSchema: z.core.$ZodTypes }) => {
    const { type, checks = [] } = schema.def
    for (const kind of [type, ...checks.map(({ _zod: check }) => check.def.check)]) kinds.add(kind)
    if ('coerce' in schema.def) kinds.add('coerce')
  }
  for (const { schema } of families)
    for (const { shape } of schema.options) z.toJSONSchema(shape.data, { io: 'input', override: look })
  expect([...kinds]).toContain('object')
  const changing = ['catch', 'coerce', 'custom', 'default', 'overwrite', 'pipe', 'prefault', 'transform']
  expect([...kinds].filter((kind) => changing.includes(kind))).toEqual([])
})

test('what is published is never removed', () => {
  const gone = readdirSync(folder).filter((file) => !published.has(file.replace(/\.json$/, '')))
  expect(gone).toEqual([])
})
