import { AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { eventCodec } from '@relais/events/codec'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { test } from 'vitest'
import { absences } from './absences.ts'

const at = '2026-11-03T08:00:00.000Z'
const times = { declaredAt: at, beganAt: at, endedAt: at, withdrawnAt: at }

const anyFact = fc
  .record({
    absenceId: fc.constantFrom('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'),
    type: fc.constantFrom('AbsenceDeclared', 'AbsenceBegan', 'AbsenceEnded', 'AbsenceWithdrawn'),
    to: fc.constantFrom('2026-11-12T08:00:00.000Z', '2026-11-20T08:00:00.000Z'),
  })
  .map(({ type, absenceId, to }): Recordable => {
    const subject = { keyOwner: 'directory', absenceId, professionalId: 'rpps:10002909371' }
    const event = AbsenceEvent.parse({ type, data: { ...subject, from: '2026-11-10T08:00:00.000Z', to, ...times } })
    return (record) => record(absenceEvents, event, { owner: 'absences' })
  })

eachDatabase('the view of absences', (open) => {
  test('is the same, stopped anywhere and resumed from any earlier checkpoint', async () => {
    const codecs = (keyring: Parameters<typeof eventCodec>[1]) => [eventCodec<AbsenceEvent>(absenceEvents, keyring)]
    await fc.assert(resumesFromAnywhere({ projection: absences, codecs, facts: anyFact, open }), { numRuns: 6 })
  })
})
