import { DryRunReport } from '@relais/contracts/protocol-routes'
import type { ProtocolId } from '@relais/contracts/protocols'
import { waitUntil } from '@relais/testkit/wait-until'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyAge, coordinator, PROTOCOL } from '../protocols.fixture.ts'
import { ehpadToEmergency } from '../shipped/ehpad-to-emergency.ts'
import { returnToEhpad } from '../shipped/return-to-ehpad.ts'
import { aMonth, type Happening, openTerritory } from './month.fixture.ts'

type Territory = Awaited<ReturnType<typeof openTerritory>>

type Shipped = { protocolId: ProtocolId; definition: object }
/** Of any age, so that no identity is needed. */
const published: Shipped[] = [{ protocolId: PROTOCOL, definition: anyAge }, returnToEhpad, ehpadToEmergency]

/** What a dry run of a definition that was in force says of a period. */
async function tried({ protocols }: Territory, shipped: Shipped, period: { from: string; to: string }) {
  const ask = await protocols.as(coordinator)
  const path = `/protocols/dry-runs/${crypto.randomUUID()}`
  const { status } = await ask(path, { method: 'PUT', body: { ...shipped, ...period } })
  expect(status).toBe(202)
  const { report } = await waitUntil(async () => {
    const { body } = await ask(path)
    return body.state === 'running' ? undefined : body
  }, 'the dry run to be over')
  return DryRunReport.parse(report)
}

type Late = { runId: string; stepId: string; owner: string; dueAt: string }
const lateLine = ({ runId, stepId, owner, dueAt }: Late) => `${runId} ${stepId} ${owner} ${dueAt}`

/** The steps that were late in a period, as they were last. */
async function late({ protocols }: Territory, protocolId: string, from: string) {
  const said = (await protocols.named('StepLate')).map(({ data }) => data)
  const own = said.filter((data) => data.protocolId === protocolId && data.lateAt > from)
  return [...new Map(own.map((data) => [`${data.runId} ${data.stepId}`, lateLine(data)])).values()].toSorted()
}

async function happened(happenings: readonly Happening[], before: number) {
  const territory = await openTerritory()
  const { protocols, happens, pass } = territory
  for (const { protocolId, definition } of published)
    expect((await protocols.publish(definition, { id: protocolId })).status).toBe(204)
  for (const happening of happenings.slice(0, before)) await happens(happening)
  const from = await pass(1)
  for (const happening of happenings.slice(before)) await happens(happening)
  return { territory, period: { from, to: await pass(1) } }
}

test(
  'a dry run of what was in force finds the runs that there were, who had their steps, and what was late',
  { timeout: 240_000 },
  () =>
    fc.assert(
      fc.asyncProperty(aMonth, fc.nat(40), async (happenings, before) => {
        const { territory, period } = await happened(happenings, before)
        for (const shipped of published) {
          const { would, did, onlyWould, onlyDid, lateSteps } = await tried(territory, shipped, period)
          expect([would, onlyWould, onlyDid]).toEqual([did, [], []])
          expect(lateSteps.map(lateLine).toSorted()).toEqual(await late(territory, shipped.protocolId, period.from))
          expect(lateSteps).toHaveLength(did.late)
        }
        await territory.protocols.close()
      }),
      { numRuns: 3, endOnFailure: true },
    ),
)
