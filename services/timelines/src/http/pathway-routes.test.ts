import { moved } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { factId, nurse, openTimelines, stay } from '../timelines.fixture.ts'

eachDatabase('a pathway', (open) => {
  test('is shown by a service whose clock is behind that of whoever recorded the admission', async () => {
    const { tell, as, clock } = await openTimelines(open)
    const at = '2026-11-02T09:00:00.000Z'
    const headers = await tell([factId(1), moved('PatientAdmitted', stay, { number: 'M1', at })])
    clock.now = '2026-11-03T07:59:59.995Z'
    const ask = await as(nurse)
    expect((await ask(`/pathways/${stay.patientId}`, { headers })).status).toBe(200)
  })
})
