import { AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { circleEvents } from '@relais/contracts/patients'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { home, nurse, openProtocols, otherNurse, pharmacist, physician, type Protocols } from './protocols.fixture.ts'

/** What the directory says of an absence. */
async function away({ record, clock }: Protocols, type: AbsenceEvent['type'], of: { id: string }, by: { id: string }) {
  const absenceId = '00000000-0000-4000-8000-000000000001'
  const said = { keyOwner: 'directory', absenceId, professionalId: of.id, replacement: by.id }
  const event = AbsenceEvent.parse({ type, data: { ...said, beganAt: clock.now, endedAt: clock.now } })
  await record(absenceEvents, event, { owner: absenceId })
}

/** A stay from which a nurse, and whoever else, has steps. */
async function discharged(protocols: Protocols) {
  const stay = newStay()
  await protocols.publish()
  await protocols.joins(stay, nurse, 'infirmier')
  await protocols.joins(stay, pharmacist, 'pharmacien')
  await protocols.joins(stay, physician, 'medecin-traitant')
  await protocols.tell(stay, home)
  return stay
}
/** Who has which open step, by its first word. */
async function owners({ as, runOf }: Protocols, stay: Awaited<ReturnType<typeof discharged>>) {
  const { body } = await (await as(pharmacist))(`/runs/${runOf(stay)}`)
  type Step = { stepId: string; status: string; owner?: string }
  const open = (body.steps as Step[]).filter(({ status }) => status === 'open')
  return Object.fromEntries(open.map(({ stepId, owner }) => [stepId, owner]))
}

let opened = 0
eachDatabase('an absence', (open) => {
  const openHere = () => {
    opened += 1
    const suffix = opened
    return openProtocols({ openViews: (schema) => open(`${schema}_away_${suffix}`) })
  }

  test('open steps go to whoever stands in, and come back', async () => {
    const protocols = await openHere()
    const stay = await discharged(protocols)
    const before = await owners(protocols, stay)
    const own = Object.keys(before).filter((stepId) => before[stepId] === nurse.id)
    expect(own).toHaveLength(1)

    await away(protocols, 'AbsenceBegan', nurse, otherNurse)
    await protocols.until('StepReassigned', 1)
    const [moved] = await protocols.named('StepReassigned')
    expect(moved?.data).toMatchObject({ from: nurse.id, to: otherNurse.id, role: 'infirmier', because: 'absence' })
    const during = await owners(protocols, stay)
    expect(during).toEqual({ ...before, [own[0] ?? '']: otherNurse.id })

    await away(protocols, 'AbsenceEnded', nurse, otherNurse)
    await protocols.until('StepReassigned', 2)
    expect(await owners(protocols, stay)).toEqual(before)
  })

  test('what opens during an absence is asked of whoever stands in at once', async () => {
    const protocols = await openHere()
    await away(protocols, 'AbsenceBegan', nurse, otherNurse)
    const stay = await discharged(protocols)
    const found = Object.values(await owners(protocols, stay))
    expect(found).toContain(otherNurse.id)
    expect(found).not.toContain(nurse.id)
  })

  test('who is in the circle in place of the nurse takes nothing of the médecin traitant', async () => {
    const protocols = await openHere()
    const stay = await discharged(protocols)
    await away(protocols, 'AbsenceBegan', nurse, otherNurse)
    await protocols.until('StepReassigned', 1)
    const said = { ground: 'exchange', joinedAt: protocols.clock.now, source: 'reported', replaces: nurse.id }
    const data = { patientId: stay.patientId, memberId: otherNurse.id, role: 'remplacant', ...said }
    const joined = circleEvents.schema.parse({ type: 'MemberJoined', data })
    await protocols.record(circleEvents, joined, { owner: stay.patientId })
    await protocols.settled()
    await away(protocols, 'AbsenceEnded', nurse, otherNurse)
    await protocols.leaves(stay, otherNurse, 'remplacant')
    await protocols.until('StepReassigned', 2)
    const moves = await protocols.named('StepReassigned')
    expect(moves.map(({ data: { from, to } }) => [from, to])).toEqual([
      [nurse.id, otherNurse.id],
      [otherNurse.id, nurse.id],
    ])
  })
})
