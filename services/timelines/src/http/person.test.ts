import { linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { linked, unlinked } from '@relais/runtime/link-facts.fixture'
import { moved, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factId, nurse, openTimelines, physician, type Timelines } from '../timelines.fixture.ts'

const [a, b, c] = [1, 2, 3].map((n) => `00000000-0000-4000-8000-0000000000a${n}`) as [string, string, string]
const unknown = '00000000-0000-4000-8000-0000000000ff'
const day = (n: number) => `2026-11-0${n}T09:00:00.000Z`

function stayOf(patientId: string, n: number): Stay {
  const stayId = `00000000-0000-4000-8000-0000000000b${n}`
  return { ...newStay(patientId), stayId: stayId as Stay['stayId'] }
}

/** Two stays, of two numbers, in the ward of the nurse. */
async function twoStays(timelines: Timelines) {
  const first = stayOf(a, 1)
  const second = stayOf(b, 2)
  await timelines.tell([crypto.randomUUID(), moved('PatientAdmitted', first, { number: 'M1', at: day(1) })])
  await timelines.tell([
    crypto.randomUUID(),
    moved('PatientAdmitted', second, { number: 'M1', at: day(2), ward: '4102' }),
  ])
  return { first, second }
}

const say = ({ record, at }: Timelines, event: LinkEvent) =>
  record(linkEvents, event, { owner: event.data.linkId }).then(at)

async function pageOf(timelines: Timelines, patientId: string, headers = {}, as: object = nurse) {
  const ask = await timelines.as(as)
  const { status, body } = await ask(`/pathways/${patientId}`, { headers })
  return status === 200 ? body : status
}

/** All that these two may read of the three numbers. */
async function allPages(timelines: Timelines, headers = {}) {
  const pages = []
  for (const as of [nurse, physician]) for (const id of [a, b, c]) pages.push(await pageOf(timelines, id, headers, as))
  return pages
}

eachDatabase('the pathway of one person', (open) => {
  test('is whole, whichever of the numbers is asked for', async () => {
    const timelines = await openTimelines(open)
    const { first, second } = await twoStays(timelines)
    const headers = await say(timelines, linked(a, b))
    const page = await pageOf(timelines, b, headers)
    expect(page.patientId).toBe(a)
    expect(page.entries).toMatchObject([
      { patientId: a, stayId: first.stayId },
      { patientId: b, stayId: second.stayId },
    ])
    expect(await pageOf(timelines, a)).toEqual(page)
  })

  test('is that of all numbers of a chain, and of a number that nothing was ever said of', async () => {
    const timelines = await openTimelines(open)
    await twoStays(timelines)
    await say(timelines, linked(b, a))
    const headers = await say(timelines, linked(c, b))
    const page = await pageOf(timelines, a, headers)
    expect(page).toMatchObject({ patientId: c, entries: [{ patientId: a }, { patientId: b }] })
    expect(await pageOf(timelines, c)).toEqual(page)
    expect(await pageOf(timelines, unknown)).toBe(404)
  })

  test('is shown to who has a relation with either number, as long as they are linked', async () => {
    const timelines = await openTimelines(open)
    await twoStays(timelines)
    await timelines.join(a)
    expect(await pageOf(timelines, b, {}, physician)).toBe(404)
    const merged = await say(timelines, linked(a, b))
    expect(await pageOf(timelines, b, merged, physician)).toMatchObject({ patientId: a, entries: [{}, {}, {}] })
    const apart = await say(timelines, unlinked(a, b))
    expect(await pageOf(timelines, b, apart, physician)).toBe(404)
    expect(await pageOf(timelines, a, apart, physician)).toMatchObject({ patientId: a, entries: [{}, {}] })
  })

  test('names one médecin traitant: whom a person declared before whom a hospital reported, whoever left', async () => {
    const timelines = await openTimelines(open)
    await twoStays(timelines)
    const [declared, reported] = ['rpps:10002909371', 'rpps:10000023084']
    await timelines.join(a, { memberId: declared })
    await timelines.join(b, { memberId: reported, source: 'reported' })
    await say(timelines, linked(a, b))
    const headers = await timelines.join(c)
    expect(await pageOf(timelines, b, headers)).toMatchObject({ primaryPhysician: { memberId: declared } })
    const after = await timelines.leave(a, declared)
    expect(await pageOf(timelines, b, after)).toMatchObject({ primaryPhysician: { memberId: reported } })
  })

  test('leaves out a number that was forgotten', async () => {
    const timelines = await openTimelines(open)
    const { first } = await twoStays(timelines)
    const headers = await say(timelines, linked(a, b))
    await timelines.adapters.vault.forget(b)
    expect(await pageOf(timelines, b, headers)).toBe(404)
    expect(await pageOf(timelines, a)).toMatchObject({ patientId: a, entries: [{ stayId: first.stayId }] })
  })

  test('is as if nothing had been linked once every link is undone, whatever happened in between', async () => {
    const happenings = [1, 2, 3].map((n): ((timelines: Timelines) => Promise<object>) => {
      const stay = stayOf([a, b, c][n - 1] ?? a, n)
      return (timelines) => timelines.tell([factId(n), moved('PatientAdmitted', stay, { number: 'M1', at: day(n) })])
    })
    happenings.push((timelines) => timelines.join(b))
    const anyPairs = fc.uniqueArray(fc.constantFrom<[string, string]>([a, b], [b, c], [c, a]), { minLength: 1 })
    const untouched = await openTimelines(open)
    let last = {}
    for (const happens of happenings) last = await happens(untouched)
    const expected = await allPages(untouched, last)

    await fc.assert(
      fc.asyncProperty(anyPairs, fc.array(fc.nat({ max: 4 })), async (pairs, moments) => {
        const timelines = await openTimelines(open)
        for (const [index, happens] of happenings.entries()) {
          for (const [n, [one, other]] of pairs.entries())
            if ((moments[n] ?? 0) === index) await say(timelines, linked(one, other))
          await happens(timelines)
        }
        for (const [n, [one, other]] of pairs.entries())
          if ((moments[n] ?? 0) === 4) await say(timelines, linked(one, other))
        let headers = {}
        for (const [one, other] of pairs) headers = await say(timelines, unlinked(other, one))
        expect(await allPages(timelines, headers)).toEqual(expected)
        await timelines.service.stop()
      }),
      { numRuns: 4 },
    )
  })
})
