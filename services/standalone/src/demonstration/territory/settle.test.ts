import { finessKeyIsRight, insKeyIsRight, rppsKeyIsRight } from '@relais/hl7v2/checks'
import { systemNow } from '@relais/runtime/clock'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test, vi } from 'vitest'
import { keptFile } from '../kept-file.ts'
import { kindsOf, openPlatform, type Platform } from '../platform.fixture.ts'
import { coordination, stepsOfArrival } from './arrival.ts'
import { people } from './people.ts'
import { EHPAD_BRUYERES, EHPAD_TILLEULS, facilities } from './places.ts'
import { physicians, professionals } from './professionals.ts'
import { staff } from './staff.ts'
import { KeptTerritory, settling } from './settle.ts'

// A territory is some four hundred writes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const never = new AbortController().signal

/** A start of the platform on a data folder: what it remembers is in the folder. */
function startOn({ adapters, ask, send }: Platform, folder: string, sending = send) {
  const kept = keptFile(folder, 'territory', KeptTerritory)
  return settling({ kept, ask, send: sending, now: systemNow, log: adapters.log })
}

test('everybody is invented: test INS of their own with right keys, numbers whose keys are right', () => {
  const everybody = people()
  expect(everybody).toEqual(people())
  expect(everybody.map(({ ins }) => ins).filter((ins) => !insKeyIsRight(ins))).toEqual([])
  for (const of of [everybody.map(({ ins }) => ins), everybody.map(({ ipp }) => ipp)])
    expect(new Set(of).size).toBe(everybody.length)
  expect(everybody.filter(({ familyName }) => !familyName.startsWith('TEST-'))).toEqual([])
  expect(
    professionals.map(({ rpps }) => rpps).filter((rpps) => !rppsKeyIsRight(rpps) || !rpps.startsWith('99')),
  ).toEqual([])
  expect(facilities.map(({ finess }) => finess).filter((finess) => !finessKeyIsRight(finess))).toEqual([])
})

test('each resident has a room of his or her own, and everybody a médecin traitant', () => {
  const residences = people().flatMap(({ residence }) => residence ?? [])
  expect(new Set(residences.map(({ ehpad, room }) => `${ehpad} ${room}`)).size).toBe(40)
  expect(new Set(residences.map(({ ehpad }) => ehpad))).toEqual(new Set([EHPAD_BRUYERES, EHPAD_TILLEULS]))
  expect(people().filter(({ physician }) => !physicians.includes(physician))).toEqual([])
})

test('the territory arrives, residents are recognised, and brought in again it changes nothing', async () => {
  const platform = await openPlatform()
  const first = startOn(platform, temporaryFolder())
  expect(first.view()).toMatchObject({ state: 'arriving', done: 0 })
  await first.run(never)
  const { total } = first.view()
  expect(first.view()).toEqual({ state: 'present', done: total, total })
  await platform.settled()
  const once = await platform.events()
  expect(kindsOf(once)).toMatchObject({
    'facility FacilityRegistered.v1': 8,
    'facility WardDefined.v1': 8,
    'professional ProfessionalRegistered.v1': professionals.length + staff.length,
    'resident ResidentEntered.v1': 40,
    'message IdentityAnnounced.v1': people().length,
    'patient IdentityRecorded.v1': people().length,
    'residentMatch ResidentMatched.v1': 40,
    'protocol ProtocolPublished.v1': 3,
    'onCall OnCallSet.v1': 3,
  })
  expect(kindsOf(once)['residentMatch ResidentMatchDoubted.v1']).toBeUndefined()

  const again = startOn(platform, temporaryFolder())
  await again.run(never)
  await platform.settled()
  expect(again.view()).toEqual(first.view())
  expect(await platform.events()).toEqual(once)
})

test('a start after the one that brought it in asks for nothing', async () => {
  const platform = await openPlatform()
  const folder = temporaryFolder()
  await startOn(platform, folder).run(never)
  const nothing = () => Promise.reject(new Error('nothing is to be asked'))
  const later = settling({
    kept: keptFile(folder, 'territory', KeptTerritory),
    ask: nothing,
    send: nothing,
    now: systemNow,
    log: platform.adapters.log,
  })
  await later.run(never)
  expect(later.view().state).toBe('present')
})

test('a territory of before protocols were shipped is given them once, whatever becomes of them', async () => {
  const platform = await openPlatform()
  const folder = temporaryFolder()
  keptFile(folder, 'territory', KeptTerritory).write({ settledAt: '2026-11-01T08:00:00.000Z', count: 400 })
  const kinds = async () => kindsOf(await platform.events())
  await startOn(platform, folder).run(never)
  expect(await kinds()).toMatchObject({ 'protocol ProtocolPublished.v1': 3 })
  const [path] = stepsOfArrival().flatMap((step) => (step.kind === 'protocol' ? [`/protocols/${step.protocolId}`] : []))
  const body = { from: new Date(Date.now() + 60_000).toISOString() }
  const retired = await platform.ask({ as: coordination, method: 'POST', path: `${path}/retire`, body })
  expect(retired.status).toBe(204)
  await startOn(platform, folder).run(never)
  keptFile(folder, 'territory', KeptTerritory).write({ settledAt: '2026-11-01T08:00:00.000Z', count: 400 })
  await startOn(platform, folder).run(never)
  expect(await kinds()).toMatchObject({ 'protocol ProtocolPublished.v1': 3, 'protocol ProtocolRetired.v1': 1 })
})

test('cut short anywhere, the next start ends with what one start would have brought', async () => {
  const whole = await openPlatform()
  await startOn(whole, temporaryFolder()).run(never)
  await whole.settled()
  const platform = await openPlatform()
  const folder = temporaryFolder()
  for (const messagesBeforeTheCut of [0, 1, 60]) {
    const cut = new AbortController()
    let sent = 0
    const interrupted = startOn(platform, folder, async (bytes) => {
      if (sent === messagesBeforeTheCut) cut.abort()
      sent += 1
      return platform.send(bytes)
    })
    await interrupted.run(cut.signal)
    expect(interrupted.view().state).toBe('arriving')
  }
  await startOn(platform, folder).run(never)
  await platform.settled()
  expect(kindsOf(await platform.events())).toEqual(kindsOf(await whole.events()))
})

test('refused, it says so, and the next start goes on', async () => {
  const platform = await openPlatform()
  const folder = temporaryFolder()
  const refused = startOn(platform, folder, async () => 'AR')
  await refused.run(never)
  expect(refused.view().state).toBe('failed')
  expect(platform.lines.filter((line) => line.includes('stepRefused'))).toHaveLength(1)
  const next = startOn(platform, folder)
  await next.run(never)
  expect(next.view().state).toBe('present')
})
