import { circleEvents } from '@relais/contracts/patients'
import { moved } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { GP, letIn, openBoards, returned, sent } from '../boards.fixture.ts'
import { factId, stay } from '../timelines.fixture.ts'

const path = `/pathways/${stay.patientId}`

eachDatabase('a pathway', (open) => {
  test('closes to who says “not my patient” from that position on, in whatever role, until let in again', async () => {
    const { tell, notice, record, at, as } = await openBoards(open)
    await tell([factId(1), moved('PatientAdmitted', stay)])
    const join = async (role: string) =>
      at(await record(circleEvents, letIn(stay.patientId, GP, role), { owner: stay.patientId }))
    await join('medecin-traitant')
    const ask = await as({ id: GP, role: 'medecin' })
    expect((await ask(path, { headers: await join('medecin') })).status).toBe(200)
    const told = sent(stay)
    expect((await ask(path, { headers: await notice(told.event) })).status).toBe(200)
    expect((await ask(path, { headers: await notice(returned(told)) })).status).toBe(404)
    expect((await ask(path, { headers: await join('medecin-traitant') })).status).toBe(200)
  })
})
