import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { PathwayView } from '@relais/contracts/pathway'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { moved } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { factId, nurse, openTimelines, stay } from '../timelines.fixture.ts'

eachDatabase('a pathway', (open) => {
  test('shows a death that no stay says, by whom it is said, and that it was denied', async () => {
    const { tell, as, record, at } = await openTimelines(open)
    const { patientId } = stay
    await tell([factId(1), moved('PatientAdmitted', stay, { number: 'M1', at: '2026-11-02T09:00:00.000Z' })])
    const register = { ehpad: '990000028', residentId: crypto.randomUUID() }
    const says = (event: DeathEvent) => record(deathEvents, event, { owner: patientId })
    await says(died(patientId, { diedAt: '2026-11-02T11:40:00.000Z', diedText: '202611021240' }))
    await says(died(patientId, { register, diedAt: '2026-11-02T11:45:00.000Z' }))
    await says(died(patientId, { register, diedAt: '2026-11-02T11:45:00.000Z', again: true }))
    const headers = at(await says(denied(patientId, { reportedAt: '2026-11-02T13:00:00.000Z' })))
    const { body } = await (await as(nurse))(`/pathways/${patientId}`, { headers })
    const [, byMessage, byRegister, denial, ...others] = PathwayView.parse(body).entries
    expect(others).toEqual([])
    const { entryId: supersededBy } = denial ?? {}
    expect([byMessage, byRegister, denial]).toMatchObject([
      { kind: 'deathReported', state: 'withdrawn', supersededBy, death: { diedText: '202611021240' } },
      {
        kind: 'deathReported',
        state: 'current',
        happenedAt: '2026-11-02T11:45:00.000Z',
        death: { ehpad: '990000028' },
      },
      { kind: 'deathDenied', state: 'current', death: {} },
    ])
  })

  test('is shown by a service whose clock is behind that of whoever recorded the admission', async () => {
    const { tell, as, clock } = await openTimelines(open)
    const at = '2026-11-02T09:00:00.000Z'
    const headers = await tell([factId(1), moved('PatientAdmitted', stay, { number: 'M1', at })])
    clock.now = '2026-11-03T07:59:59.995Z'
    const ask = await as(nurse)
    expect((await ask(`/pathways/${stay.patientId}`, { headers })).status).toBe(200)
  })
})
