import { Problem } from '@relais/contracts/http'
import { ClockView, DayView, TerritoryView } from '@relais/contracts/demonstration-routes'
import { asking, openTestAdapters, person } from '@relais/runtime/adapters.fixture'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { openDataFolder } from '../data-folder.ts'
import { demonstrationClock } from './clock.ts'
import { openDemonstration } from './demonstration.ts'
import { keptFile } from './kept-file.ts'
import { KeptDay, player } from './player.ts'
import { demonstrationRoutes } from './routes.ts'
import { nobody } from './territory/settle.ts'

const NOON = '2026-11-22T12:00:00.000Z'

/** The routes over a clock that only they move, and a hospital whose messages are all taken in. */
async function openRoutes() {
  const { adapters, tokenFor, close } = await openTestAdapters()
  afterTestFile(close)
  const folder = temporaryFolder()
  const clock = demonstrationClock(folder, () => NOON)
  const { log, verifier } = adapters
  const kept = keptFile(folder, 'day', KeptDay)
  const days = player({ kept, clock, send: async () => 'AA', perform: async () => {}, settled: Promise.resolve(), log })
  afterTestFile(() => days.stop())
  const app = new Hono().route('/', demonstrationRoutes({ verifier, log, clock, player: days, territory: nobody.view }))
  const as = async (scopes: readonly string[]) =>
    asking(app, await tokenFor(person({ role: 'operateur', scopes })), JSON.parse)
  return { as, ask: await as(['demonstration']) }
}

const codeOf = ({ status, body }: { status: number; body: unknown }) => ({
  status,
  code: Problem.parse(body).type.replace('urn:relais:problem:', ''),
})

test('the clock is read, and moved forward by so many seconds or to an instant', async () => {
  const { ask } = await openRoutes()
  expect((await ask('/demonstration/clock')).body).toEqual({ now: NOON, aheadSeconds: 0 })
  const moved = await ask('/demonstration/clock', { body: { advanceSeconds: 90 } })
  expect(ClockView.parse(moved.body)).toEqual({ now: '2026-11-22T12:01:30.000Z', aheadSeconds: 90 })
  const to = { to: '2026-11-23T12:00:00.000Z' }
  expect((await ask('/demonstration/clock', { body: to })).body).toEqual({ now: to.to, aheadSeconds: 86_400 })
  expect((await ask('/demonstration/clock', { body: to })).status).toBe(200)
})

test('moved backwards, or too far ahead, it is refused and stays where it is', async () => {
  const { ask } = await openRoutes()
  await ask('/demonstration/clock', { body: { advanceSeconds: 3600 } })
  const refusals = [
    [{ to: NOON }, 409, 'clockBackwards'],
    [{ to: '2046-11-22T12:00:00.000Z' }, 422, 'clockTooFarAhead'],
    [{ advanceSeconds: -60 }, 400, 'invalidBody'],
    [{ advanceSeconds: 0 }, 400, 'invalidBody'],
    [{ to: 'yesterday' }, 400, 'invalidBody'],
    [{}, 400, 'invalidBody'],
  ] as const
  for (const [body, status, code] of refusals)
    expect(codeOf(await ask('/demonstration/clock', { body }))).toEqual({ status, code })
  expect((await ask('/demonstration/clock')).body).toEqual({ now: '2026-11-22T13:00:00.000Z', aheadSeconds: 3600 })
})

test('a day is played, looked at, stopped and gone on with', async () => {
  const { ask } = await openRoutes()
  const path = '/demonstration/day'
  expect(codeOf(await ask(path))).toEqual({ status: 404, code: 'dayUnknown' })
  expect(codeOf(await ask(path, { method: 'DELETE' }))).toEqual({ status: 404, code: 'dayUnknown' })
  const begun = await ask(path, { body: { speed: 1, seed: 5 } })
  expect(begun).toMatchObject({ status: 202, body: { state: 'playing', day: '2026-11-23', seed: 5, sent: 0 } })
  expect(codeOf(await ask(path, { body: { speed: 1 } }))).toEqual({ status: 409, code: 'dayPlaying' })
  expect((await ask(path, { method: 'DELETE' })).body).toMatchObject({ state: 'stopped', sent: 0 })
  expect(codeOf(await ask(path, { body: { speed: 1, seed: 6 } }))).toEqual({ status: 409, code: 'dayUnfinished' })
  expect(codeOf(await ask(path, { body: { speed: 0.5 } }))).toEqual({ status: 400, code: 'invalidBody' })
  await ask(path, { body: { speed: 86_400 } })
  const over = () => ask(path).then(({ body }) => DayView.parse(body).state === 'done')
  expect(await waitUntil(over, 'the day to be over')).toBe(true)
  expect(DayView.parse((await ask(path)).body)).toMatchObject({ seed: 5, refused: 0 })
})

test('whether a territory is there is told', async () => {
  const { ask } = await openRoutes()
  expect(TerritoryView.parse((await ask('/demonstration/territory')).body)).toEqual({
    state: 'absent',
    done: 0,
    total: 0,
  })
})

test('only whoever operates the demonstration may ask', async () => {
  const ask = await (await openRoutes()).as(['operate', 'pathway:read'])
  for (const path of ['/demonstration/clock', '/demonstration/day', '/demonstration/territory'])
    expect(codeOf(await ask(path))).toEqual({ status: 403, code: 'scopeMissing' })
  const moving = await ask('/demonstration/clock', { body: { advanceSeconds: 60 } })
  expect(codeOf(moving)).toEqual({ status: 403, code: 'scopeMissing' })
})

test('a production folder has no demonstration', async () => {
  const { adapters, close } = await openTestAdapters({ mode: 'production' })
  afterTestFile(close)
  const folder = openDataFolder(temporaryFolder(), 'production', () => NOON)
  const opening = () => openDemonstration({ folder, hasTerritory: true, log: adapters.log })
  expect(opening).toThrow('There is no demonstration in a production folder')
})
