import { expect, test } from 'vitest'
import { nurse, openPatients } from '../patients.fixture.ts'

test('the circle is shown by a service whose clock is behind that of whoever recorded the admission', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  patients.clock.now = '2026-11-03T07:59:59.995Z'
  const ask = await patients.as(nurse)
  expect((await ask(`/patients/${patientId}/circle`)).status).toBe(200)
})
