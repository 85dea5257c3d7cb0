import { newStay } from '@relais/runtime/stay-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { describe, expect, test } from 'vitest'
import {
  anyAge,
  caredFor,
  coordinator,
  home,
  nurse,
  openProtocols,
  problemOf,
  PROTOCOL,
  type Protocols,
} from '../protocols.fixture.ts'

const period = { from: '2026-11-03T00:00:00.000Z', to: '2026-11-30T00:00:00.000Z' }
const pathOf = (n: number) => `/protocols/dry-runs/22222222-0000-4000-8000-00000000000${n}`
const path = pathOf(1)

async function tried(protocols: Protocols, definition: object, path = pathOf(1)) {
  const ask = await protocols.as(coordinator)
  const body = { protocolId: PROTOCOL, definition, ...period }
  expect((await ask(path, { method: 'PUT', body })).status).toBe(202)
  return waitUntil(async () => {
    const { body } = await ask(path)
    return body.state === 'running' ? undefined : body
  }, 'the dry run to be over')
}

test('a definition is tried on what really happened: what would start, who would have the steps, what would be late', async () => {
  const protocols = await openProtocols()
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home)
  const answer = await tried(protocols, anyAge)
  expect(answer).toMatchObject({
    state: 'done',
    progress: 1,
    report: {
      would: { runs: 1, steps: 3, late: 3, stepsByRole: { infirmier: 1, pharmacien: 1, 'medecin-traitant': 1 } },
      did: { runs: 0, steps: 0, late: 0, notices: 0, stepsByRole: {} },
      onlyWould: [{ runId: protocols.runOf(stay) }],
      onlyDid: [],
      inBoth: [],
    },
  })
  expect(await protocols.facts()).toEqual([])
})

test('what people did in time is not late under the same deadlines, and is under shorter ones', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home)
  protocols.clock.now = '2026-11-04T10:00:00.000Z'
  const ask = await protocols.as(nurse)
  const body = { requestId: crypto.randomUUID() }
  await ask(`/runs/${protocols.runOf(stay)}/steps/appel/done`, { body })
  await protocols.settled()
  const [call, ...others] = anyAge.steps
  const shorter = { ...anyAge, steps: [{ ...call, due: { ...call.due, hours: 24 } }, ...others] }
  const { report } = await tried(protocols, shorter)
  expect(report.inBoth).toMatchObject([{ runId: protocols.runOf(stay) }])
  expect(report.lateSteps).toContainEqual({
    runId: protocols.runOf(stay),
    stepId: 'appel',
    owner: nurse.id,
    dueAt: '2026-11-04T09:00:00.000Z',
    doneAt: '2026-11-04T10:00:00.000Z',
  })
  const same = (await tried(protocols, anyAge, pathOf(2))).report
  expect(JSON.stringify(same.lateSteps)).not.toContain('appel')
})

test('a stay that a narrower definition leaves out is named', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home)
  const narrower = { ...anyAge, trigger: { on: 'discharge', conditions: [{ fact: 'patientClass', in: ['O'] }] } }
  const { report } = await tried(protocols, narrower)
  expect(report).toMatchObject({
    would: { runs: 0 },
    did: { runs: 1, steps: 3 },
    onlyDid: [{ runId: protocols.runOf(stay) }],
  })
})

test('a discharge that was withdrawn is followed and taken back, as it would have been', async () => {
  const protocols = await openProtocols()
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home, { nature: 'withdrawn' })
  const { report } = await tried(protocols, anyAge)
  expect(report.would).toMatchObject({ runs: 1, late: 0 })
})

describe('a dry run is refused', () => {
  test('to who does not coordinate the protocol', async () => {
    const protocols = await openProtocols()
    const ask = await protocols.as(nurse)
    const body = { protocolId: PROTOCOL, definition: anyAge, ...period }
    expect(problemOf(await ask(path, { method: 'PUT', body }))).toEqual({ status: 403, code: 'notYours' })
  })
  test('over a period that ends before it begins', async () => {
    const protocols = await openProtocols()
    const ask = await protocols.as(coordinator)
    const body = { protocolId: PROTOCOL, definition: anyAge, from: period.to, to: period.from }
    expect(problemOf(await ask(path, { method: 'PUT', body }))).toEqual({ status: 422, code: 'periodReversed' })
  })
  test('of a definition that does not hold together', async () => {
    const protocols = await openProtocols()
    const ask = await protocols.as(coordinator)
    const body = { protocolId: PROTOCOL, definition: { ...anyAge, steps: [] }, ...period }
    expect(problemOf(await ask(path, { method: 'PUT', body }))).toEqual({ status: 422, code: 'definitionInvalid' })
  })
})

test('a dry run is cancelled, and is known to who started it only', async () => {
  const protocols = await openProtocols()
  for (let count = 0; count < 3; count += 1) await protocols.tell(newStay(), home)
  const ask = await protocols.as(coordinator)
  const body = { protocolId: PROTOCOL, definition: anyAge, ...period }
  await ask(path, { method: 'PUT', body })
  expect((await ask(path, { method: 'DELETE' })).status).toBe(204)
  const ended = await waitUntil(async () => {
    const { body } = await ask(path)
    return body.state !== 'running' && body.state
  }, 'the dry run to be over')
  expect(['cancelled', 'done']).toContain(ended)
  const other = await protocols.as({ ...coordinator, id: 'cpts:sam' })
  expect(problemOf(await other(path)).code).toBe('dryRunUnknown')
})
