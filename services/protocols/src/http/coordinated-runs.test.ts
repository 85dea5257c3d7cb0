import { expect, test } from 'vitest'
import { caredFor, coordinator, home, nurse, openProtocols, positionIn, PROTOCOL } from '../protocols.fixture.ts'

const path = `/protocols/${PROTOCOL}/runs`

test('who coordinates a protocol finds its runs, without who the patients are', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  const stays = [await caredFor(protocols), await caredFor(protocols)]
  for (const stay of stays) await protocols.tell(stay, home)
  const runIds = stays.map((stay) => protocols.runOf(stay)).toSorted()
  const ask = await protocols.as(coordinator)
  const { body } = await ask(path, { headers: await protocols.shown() })
  expect(body.runs.map(({ runId }: { runId: string }) => runId).toSorted()).toEqual(runIds)
  expect(body.runs[0]).toMatchObject({ protocolId: PROTOCOL, status: 'running' })
  expect(JSON.stringify(body)).not.toContain('patientId')

  const first = await ask(`${path}?limit=1`)
  const second = await ask(`${path}?limit=1&after=${encodeURIComponent(first.body.next)}`)
  const found = [first, second].map((page) => page.body.runs[0].runId)
  expect(new Set(found)).toEqual(new Set(runIds))
})

test('a run that has ended is among those that have', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  const stay = await caredFor(protocols)
  await protocols.tell(stay, home)
  const ask = await protocols.as(coordinator)
  const ended = await ask(`/runs/${protocols.runOf(stay)}/end`, { body: { because: 'person' } })
  expect((await ask(path, { headers: positionIn(ended) })).body).toEqual({ runs: [] })
  expect((await ask(`${path}?status=ended`)).body).toMatchObject({ runs: [{ because: 'person' }] })
})

test('somebody with a step of a run is not who coordinates it', async () => {
  const protocols = await openProtocols()
  await protocols.publish()
  await protocols.tell(await caredFor(protocols), home)
  const ask = await protocols.as(nurse)
  expect((await ask(path, { headers: await protocols.shown() })).body).toEqual({ runs: [] })
  expect((await ask(`${path}?after=nowhere`)).status).toBe(400)
})
