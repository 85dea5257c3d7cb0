import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test, vi } from 'vitest'
import { openLogIn } from './embedded-log.fixture.ts'
import { openStays, type Stays } from './stays.fixture.ts'

const typesIn = async (stays: Stays) => (await stays.facts()).map(({ type }) => type)

test('what was acknowledged is in the durable log, and known after a restart', async () => {
  const folder = temporaryFolder()
  const log = await openLogIn(folder)
  const before = await openStays({ folder, store: log.store })
  const admission = await before.send({ ward: '4103' })
  const waiting = await before.send({ trigger: 'A13', movement: 'M2' })
  expect([admission.code, waiting.code]).toEqual(['AA', 'AE'])
  await before.close()
  await log.close()

  const { store } = await openLogIn(folder)
  const after = await openStays({ folder, store })
  const types = ['PatientAdmitted', 'IdentityReported', 'StandingChanged', 'MessageQuarantined']
  expect(await typesIn(after)).toEqual(types)
  expect(await after.send({ ward: '4103' })).toMatchObject({ code: 'AA', errors: admission.errors })
  expect(await after.send({ trigger: 'A13', movement: 'M2' })).toMatchObject({ code: 'AE', errors: waiting.errors })
  expect(await typesIn(after)).toEqual(types)
  await after.send({ trigger: 'A03', movement: 'M2', effective: '20261103100000' })
  await after.settled()
  expect(await typesIn(after)).toContain('MovementWithdrawn')
})

test('it says which parts it is made of, and whether they are ready', async () => {
  const { service } = await openStays()
  expect(service.readiness()).toEqual([
    { name: 'quarantine-1', ready: true, detail: 'live' },
    { name: 'sender-report-1', ready: true, detail: 'live' },
    { name: 'known-stays-1', ready: true, detail: 'live' },
    { name: 'what-follows-1', ready: true, detail: 'live' },
  ])
})

test('its projections are seen and rebuilt by who operates it, and by nobody else', async () => {
  const stays = await openStays()
  const ask = await stays.ask({ role: 'operateur', scopes: ['operate'] })
  const { body } = await ask('/operations/stays/projections')
  expect(body.projections).toMatchObject([
    { name: 'quarantine-1', state: 'live' },
    { name: 'sender-report-1', state: 'live' },
    { name: 'known-stays-1', state: 'live' },
  ])
  const others = await stays.ask({ role: 'admissions' })
  expect((await others('/operations/stays/projections')).status).toBe(403)
})

test('a purge comes first at the start; one that fails is logged, and tried again an hour later', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    let purges = 0
    const purge = async () => {
      purges += 1
      throw new Error('no')
    }
    const stays = await openStays({ adapt: (adapters) => ({ ...adapters, vault: { ...adapters.vault, purge } }) })
    vi.advanceTimersByTime(2 * 3_600_000)
    expect(purges).toBe(3)
    await waitUntil(() => stays.lines.join('').includes('expired messages could not be purged'), 'the log line')
    await stays.close()
  } finally {
    vi.useRealTimers()
  }
})
