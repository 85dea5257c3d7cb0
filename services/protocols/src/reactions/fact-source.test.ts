import { setImmediate } from 'node:timers/promises'
import { circleEvents } from '@relais/contracts/patients'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import type { RunViewTables } from '../projections/protocol-runs.ts'
import { nurse, openProtocols, otherNurse, physician } from '../protocols.fixture.ts'
import { factSource } from './fact-source.ts'

const COMINGS = 40

eachDatabase('what is known of a person', (openDatabase) => {
  test('is of one moment: whoever comes for the nurse is never taken for the médecin traitant’s', async () => {
    const protocols = await openProtocols({ openViews: (schema) => openDatabase(`${schema}_moment`) })
    const { adapters, record, joins, clock } = protocols
    const stay = newStay()
    await joins(stay, nurse, 'infirmier')
    await joins(stay, physician, 'medecin-traitant')
    const { db } = await adapters.openViews<RunViewTables>('protocols')
    const view = {
      reaches: async () => true,
      status: () => ({ state: 'live' as const, lagMilliseconds: 0, hasCaughtUp: true }),
    } as const
    const source = factSource({ db, vault: adapters.vault, view, loadProtocols: async () => [] })

    const { patientId } = stay
    const member = { patientId, memberId: otherNurse.id, role: 'remplacant' }
    const said = { ground: 'exchange', joinedAt: clock.now, source: 'reported', replaces: nurse.id }
    let isOver = false
    const comesAndGoes = async () => {
      for (let coming = 0; coming < COMINGS; coming += 1)
        for (const fact of [
          { type: 'MemberJoined', data: { ...member, ...said } },
          { type: 'MemberLeft', data: { ...member, leftAt: clock.now, reason: 'departed' } },
        ])
          await record(circleEvents, circleEvents.schema.parse(fact), { owner: patientId })
      await protocols.settled()
      isOver = true
    }
    const absent = new Set<string>()
    const looks = async () => {
      while (!isOver) {
        for (const { of } of (await source.factsOf([patientId])).standIns) absent.add(of)
        await setImmediate()
      }
    }
    await Promise.all([comesAndGoes(), looks(), looks()])
    expect([...absent].filter((of) => of !== nurse.id)).toEqual([])
  })
})
