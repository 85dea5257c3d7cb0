import { corrected, FACILITY, moved, withdrawn } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factId, nurse, openTimelines, stay, type Told } from './timelines.fixture.ts'

const physician = { id: 'rpps:10002909371', role: 'medecin' }
const path = `/pathways/${stay.patientId}`
const unknownPath = '/pathways/00000000-0000-4000-8000-000000000000'
const on = (time: string) => `2026-11-02T${time}:00.000Z`
const learned = '2026-11-03T08:00:00.000Z'

const admission: Told = [factId(1), moved('PatientAdmitted', stay, { number: 'M1', at: on('09:00') })]
const transfer: Told = [
  factId(2),
  moved('PatientTransferred', stay, { number: 'M2', at: on('12:00'), ward: '4102', from: '4101' }),
]
const correction: Told = [
  factId(3),
  corrected(stay, { number: 'M2', at: on('12:30'), ward: '4103', from: '4102', kind: 'transfer' }),
]
const mistake: Told = [factId(4), moved('PatientTransferred', stay, { number: 'M3', at: on('15:00'), ward: '4109' })]
const withdrawal: Told = [factId(5), withdrawn(stay, { number: 'M3', at: on('15:00'), ward: '4109', kind: 'transfer' })]
const discharge: Told = [
  factId(6),
  moved('PatientDischarged', stay, { number: 'M4', at: on('18:00'), ward: '4103', from: '4103' }),
]
const story = [admission, transfer, correction, mistake, withdrawal, discharge]

type Shown = Record<'entryId' | 'kind' | 'happenedAt' | 'state' | 'supersededBy', string | undefined>
const checksums = new Set<string>()

eachDatabase('a pathway', (open) => {
  test('is told by when things happened, with what was corrected and withdrawn', async () => {
    const { tell, as } = await openTimelines(open)
    const headers = await tell(...story)
    const ask = await as(nurse)
    const { status, body } = await ask(path, { headers })
    expect(status).toBe(200)
    expect(body.stays).toEqual([
      {
        stayId: stay.stayId,
        status: 'discharged',
        facility: FACILITY,
        wards: [{ facility: FACILITY, code: '4103', responsibility: 'both' }],
        patientClass: 'I',
        arrivedAt: on('09:00'),
        dischargedAt: on('18:00'),
        died: false,
        confidential: false,
      },
    ])
    const told = body.entries.map(({ entryId, kind, happenedAt, state, supersededBy = '' }: Shown) =>
      [entryId, kind, happenedAt, state, supersededBy].join(' ').trim(),
    )
    expect(told).toEqual([
      `${factId(1)} admission ${on('09:00')} current`,
      `${factId(2)} transfer ${on('12:00')} corrected ${factId(3)}`,
      `${factId(3)} correction ${on('12:30')} current`,
      `${factId(4)} transfer ${on('15:00')} withdrawn ${factId(5)}`,
      `${factId(5)} withdrawal ${on('15:00')} current`,
      `${factId(6)} discharge ${on('18:00')} current`,
    ])
    expect(body.entries[1]).toMatchObject({
      patientId: stay.patientId,
      stayId: stay.stayId,
      recordedAt: learned,
      wards: [{ facility: FACILITY, code: '4102', responsibility: 'both' }],
      leaving: [{ facility: FACILITY, code: '4101' }],
    })
  })

  test('has one checksum, whatever the database', async () => {
    const timelines = await openTimelines(open)
    await timelines.tell(...story)
    const ask = await timelines.as({ role: 'operateur', scopes: ['operate'] })
    const job = { kind: 'verify', projection: 'pathway-1' }
    const { jobId } = (await ask('/operations/timelines/jobs', { body: job })).body
    await expect
      .poll(async () => (await ask(`/operations/timelines/jobs/${jobId}`)).body, { timeout: 20_000 })
      .toMatchObject({ state: 'done', matches: true })
    checksums.add((await ask(`/operations/timelines/jobs/${jobId}`)).body.checksum)
    expect(checksums.size).toBe(1)
  })

  test('is the same in whatever order its messages arrived', async () => {
    const order = fc
      .shuffledSubarray(story, { minLength: story.length })
      .map((facts) => inOrder(inOrder(facts, transfer, correction), mistake, withdrawal))
    const viewOf = async (facts: readonly Told[]) => {
      const { tell, as } = await openTimelines(open)
      const headers = await tell(...facts)
      return (await (await as(nurse))(path, { headers })).body
    }
    const expected = await viewOf(story)
    const property = fc.asyncProperty(order, async (facts) => {
      expect(await viewOf(facts)).toEqual(expected)
    })
    await fc.assert(property, { numRuns: 5 })
  })

  test('opens to a physician from the position of his arrival in the circle on, and closes at his departure', async () => {
    const { tell, circle, as, clock } = await openTimelines(open)
    await tell(admission)
    const ask = await as(physician)
    expect((await ask(path)).status).toBe(404)
    const arrival = await circle('MemberJoined', physician.id)
    const { body } = await ask(path, { headers: arrival })
    expect(body.primaryPhysician).toEqual({ memberId: physician.id, source: 'declared', since: learned })
    expect(body.entries).toMatchObject([
      { kind: 'admission' },
      { kind: 'circleJoined', member: { memberId: physician.id } },
    ])
    clock.now = '2026-11-03T09:00:00.000Z'
    const departure = await circle('MemberLeft', physician.id)
    expect((await ask(path, { headers: departure })).status).toBe(404)
    expect((await (await as(nurse))(path)).body.primaryPhysician).toBeUndefined()
  })

  test('is nobody’s once the patient is forgotten, and leaves the view when that is built again', async () => {
    const { tell, as, adapters } = await openTimelines(open)
    const headers = await tell(...story)
    const ask = await as({ ...nurse, scopes: ['pathway:read', 'operate'] })
    expect((await ask(path, { headers })).status).toBe(200)
    await adapters.vault.forget(stay.patientId)
    expect((await ask(path)).body).toMatchObject({ status: 404, type: 'urn:relais:problem:patientUnknown' })

    const job = { kind: 'rebuild', projection: 'pathway-1' }
    const { jobId } = (await ask('/operations/timelines/jobs', { body: job })).body
    await expect
      .poll(async () => (await ask(`/operations/timelines/jobs/${jobId}`)).body, { timeout: 20_000 })
      .toMatchObject({ state: 'done' })
    expect((await ask(path)).status).toBe(404)
    const { db } = await adapters.openViews<{ pathway_entry: { entry: string } }>('timelines')
    expect(await db.selectFrom('pathway_entry').select('entry').execute()).toEqual([])
  })
})

eachDatabase('whoever asks for a pathway', (open) => {
  test('is refused without distinction when nothing links him or her to the patient', async () => {
    const { tell, as, lines } = await openTimelines(open)
    await tell(admission)
    const others = [
      { ...nurse, organisation: '990000028' },
      { ...nurse, wards: ['9999'] },
      { ...nurse, organisation: undefined },
      { ...nurse, role: 'admissions' },
      physician,
    ]
    for (const other of others) {
      const ask = await as(other)
      const [foreign, none] = [await ask(path), await ask(unknownPath)]
      expect(foreign.status).toBe(404)
      expect({ ...foreign.body, instance: '' }).toEqual({ ...none.body, instance: '' })
    }
    const decisions = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'access decided')
    expect(decisions).toHaveLength(2 * others.length)
    expect(decisions[0]).toMatchObject({ kind: 'pathway', patientId: stay.patientId, outcome: 'noRelation' })
  })

  test('needs a token that has not expired and that says so', async () => {
    const { as, service } = await openTimelines(open)
    const [expired, unscoped] = [await as(nurse, -60), await as({ ...nurse, scopes: ['circle:write'] })]
    expect((await expired(path)).body).toMatchObject({ status: 401, type: 'urn:relais:problem:tokenExpired' })
    expect((await unscoped(path)).body).toMatchObject({ status: 403, type: 'urn:relais:problem:scopeMissing' })
    expect((await service.app.request(path)).status).toBe(401)
  })

  test('sees an expired token refused the moment it expires', async () => {
    const { tell, as, clock } = await openTimelines(open)
    const headers = await tell(admission)
    const ask = await as(nurse, 3600)
    expect((await ask(path, { headers })).status).toBe(200)
    clock.now = '2026-11-03T09:00:06.000Z'
    expect((await ask(path)).status).toBe(401)
  })

  test('sees at once what was written up to a position', async () => {
    const { tell, as } = await openTimelines(open)
    const ask = await as(nurse)
    for (const [index, fact] of story.entries()) {
      const headers = await tell(fact)
      expect((await ask(path, { headers })).body.entries).toHaveLength(index + 1)
    }
  })

  test('is told when the position is of another log, or none', async () => {
    const { as } = await openTimelines(open)
    const ask = await as(nurse)
    const foreign = await ask(path, { headers: { 'relais-position': `${factId(1)}:5` } })
    expect(foreign.body).toMatchObject({ status: 400, type: 'urn:relais:problem:positionUnknown' })
    const malformed = await ask(path, { headers: { 'relais-position': 'yesterday' } })
    expect(malformed.body).toMatchObject({ status: 400, type: 'urn:relais:problem:invalidHeaders' })
    expect((await ask('/pathways/zoe')).body).toMatchObject({ status: 400, type: 'urn:relais:problem:invalidPath' })
  })
})

/** The same order, save that `later` comes after `first`. */
function inOrder(facts: readonly Told[], first: Told, later: Told): Told[] {
  const [one, other] = [facts.indexOf(first), facts.indexOf(later)]
  return one < other ? [...facts] : facts.with(one, later).with(other, first)
}
