import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { type LinkEvent, linkEvents } from '@relais/contracts/patients'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { addHours } from '@relais/deadlines/local-date'
import { linked, unlinked } from '@relais/runtime/link-facts.fixture'
import { stood, type StandingDetails } from '@relais/runtime/standing-facts.fixture'
import { moved, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { derivedUuid } from '@relais/events/derived-uuid'
import { waitUntil } from '@relais/testkit/wait-until'
import fc from 'fast-check'
import type { RunViewTables } from '../projections/protocol-runs.ts'
import { coordinator, nurse, openProtocols, otherNurse, pharmacist, physician } from '../protocols.fixture.ts'

const EHPAD = { id: 'finess:990000028' }
const LOCUM = { id: 'rpps:10000000009' }
const memberships = [
  [EHPAD, 'ehpad'],
  [physician, 'medecin-traitant'],
  [nurse, 'infirmier'],
  [pharmacist, 'pharmacien'],
  [LOCUM, 'remplacant'],
] as const
const absences = [
  [physician, LOCUM],
  [nurse, otherNurse],
  [pharmacist, otherNurse],
] as const

/** Three patients, the third of whom may turn out to be the second, each with two stays. */
const patients = [1, 2, 3].map((n) => `0b7f3a52-6c1e-4f0e-9d27-3c8a5d1e7f4${n}`)

const anyPatient = fc.nat(patients.length - 1)
const anyHappening = fc.record({
  hours: fc.integer({ min: 1, max: 20 }),
  patient: anyPatient,
  other: fc.boolean(),
  what: fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('joins' as const), who: fc.constantFrom(...memberships) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('leaves' as const), who: fc.constantFrom(...memberships) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('away', 'back'), who: fc.constantFrom(...absences) }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom('emergency', 'admitted', 'expectedBack', 'discharged', 'withdrawn', 'hidden'),
        ahead: fc.integer({ min: 3, max: 90 }),
        exitMode: fc.constantFrom('8', '7'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('linked', 'unlinked') }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('skipped', 'reassigned', 'ended'), which: fc.nat(9) }) },
  ),
})
export type Happening = typeof anyHappening extends fc.Arbitrary<infer One> ? One : never
/** Some three weeks, and what the deadlines of the last days make of them. */
export const aMonth = fc.array(anyHappening, { minLength: 60, maxLength: 60 })

/** A territory on which things happen one after the other, all that comes of each being over before the next. */
export async function openTerritory() {
  const protocols = await openProtocols()
  const { record, clock, adapters } = protocols
  const { db } = await adapters.openViews<RunViewTables>('protocols')
  const stays = patients.map((patientId): [Stay, Stay] => [newStay(patientId), newStay(patientId)])
  const stood0: StandingDetails = { status: 'expected', arrivedAt: undefined }
  const standings = new Map<string, StandingDetails>()

  /** Nothing is due, and nothing is to be looked at. */
  async function quiet(): Promise<void> {
    await waitUntil(async () => {
      await protocols.settled()
      const due = db.selectFrom('deadline').select('deadline_id').where('due_at', '<=', clock.now)
      return (await due.executeTakeFirst()) === undefined
    }, 'everything that is due to be done')
    await protocols.settled()
  }

  async function stands(stay: Stay, kind: string, { ahead, exitMode }: { ahead: number; exitMode: string }) {
    const before = standings.get(stay.stayId) ?? stood0
    const since = before.arrivedAt ?? clock.now
    const there = { ...before, status: 'present', arrivedAt: since, confidential: false } as const
    const next: Record<string, StandingDetails> = {
      emergency: { ...there, patientClass: 'E' },
      admitted: { ...there, patientClass: 'I', hospitalisedAt: since },
      expectedBack: {
        ...there,
        patientClass: 'I',
        hospitalisedAt: since,
        expectedDischargeAt: addHours(clock.now, ahead),
      },
      discharged: { ...there, status: 'discharged', dischargedAt: clock.now, discharge: { exitMode } },
      withdrawn: { ...there, status: 'withdrawn' },
      hidden: { ...there, confidential: true },
    }
    const details = next[kind] ?? there
    standings.set(stay.stayId, details)
    if (kind === 'emergency') {
      const { type, data } = moved('PatientRegistered', stay)
      const movement = 'movement' in data ? { ...data.movement, patientClass: 'E' } : {}
      const arrival = stayEvents.schema.parse({ type, data: { ...data, movement } })
      await record<StayEvent>(stayEvents, arrival, { owner: stay.stayId })
    }
    await record<StayEvent>(stayEvents, stood(stay, details), { owner: stay.stayId })
  }

  async function absent(type: AbsenceEvent['type'], of: { id: string }, by: { id: string }) {
    const absenceId = derivedUuid('absence', of.id)
    const said = { keyOwner: 'directory', absenceId, professionalId: of.id, replacement: by.id }
    const data = { ...said, beganAt: clock.now, endedAt: clock.now }
    await record(absenceEvents, absenceEvents.schema.parse({ type, data }), { owner: absenceId })
  }

  /** Something that the coordination does of an open step, the first in some order. */
  async function acted(kind: string, which: number): Promise<void> {
    const items = await db
      .selectFrom('step_item')
      .select(['run_id', 'step_id'])
      .orderBy('run_id')
      .orderBy('step_id')
      .execute()
    const item = items[which % Math.max(1, items.length)]
    if (item === undefined) return
    const ask = await protocols.as(coordinator)
    const step = `/runs/${item.run_id}/steps/${item.step_id}`
    const said = { requestId: crypto.randomUUID(), reason: 'notNeeded' }
    if (kind === 'skipped') await ask(`${step}/skip`, { body: said })
    else if (kind === 'reassigned') await ask(`${step}/reassign`, { body: { to: otherNurse.id } })
    else if (which === 0) await ask(`/runs/${item.run_id}/end`, { body: { because: 'person' } })
  }

  /** Answers what time it is then. */
  async function pass(hours: number): Promise<string> {
    protocols.moveTo(new Date(Date.parse(clock.now) + hours * 3_600_000 + 61_037).toISOString())
    await quiet()
    return clock.now
  }

  async function happens({ hours, patient, other, what }: Happening): Promise<void> {
    await pass(hours)
    const [one, two] = stays[patient] ?? []
    const stay = other ? two : one
    if (stay === undefined) return
    const [, second = '', third = ''] = patients
    if (what.kind === 'joins') await protocols.joins(stay, what.who[0], what.who[1])
    else if (what.kind === 'leaves') await protocols.leaves(stay, what.who[0], what.who[1])
    else if ('who' in what) await absent(what.kind === 'away' ? 'AbsenceBegan' : 'AbsenceEnded', ...what.who)
    else if ('ahead' in what) await stands(stay, what.kind, what)
    else if ('which' in what) await acted(what.kind, what.which)
    else {
      const link = what.kind === 'linked' ? linked(second, third) : unlinked(second, third)
      await record<LinkEvent>(linkEvents, link, { owner: link.data.linkId })
    }
    await quiet()
  }
  return { protocols, happens, pass }
}
