import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { z } from 'zod'
import { keptFile } from '../kept-file.ts'
import { performing } from '../performing.ts'
import { kindsOf, openPlatform } from '../platform.fixture.ts'
import { physicians } from '../territory/professionals.ts'
import { KeptTerritory, settling } from '../territory/settle.ts'
import { actsOfDay } from './acts.ts'
import { messagesOfDay } from './day.ts'

// A territory and a day are some five hundred writes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

const Receivers = z.looseObject({ receivers: z.array(z.looseObject({ recipient: z.string() })) })

const day = '2026-11-23'
const never = new AbortController().signal
const inText = (seed: number) =>
  actsOfDay(seed, day).map((act) => ({ ...act, request: act.kind === 'ofPatient' ? act.request('p') : undefined }))

test('a seed and a day always give the same acts, in order, on that day', () => {
  expect(JSON.stringify(inText(3))).toBe(JSON.stringify(inText(3)))
  expect(JSON.stringify(inText(3))).not.toBe(JSON.stringify(inText(4)))
  const times = actsOfDay(3, day).map(({ at }) => at)
  expect(times).toEqual(times.toSorted())
  expect(times.filter((at) => at < '2026-11-23T00:00' || at > '2026-11-23T23:00')).toEqual([])
})

test('each physician who is there finds a request and a word in the evening', () => {
  const evening = actsOfDay(1, day).flatMap((act) => (act.kind === 'ofPatient' ? [act.request('p')] : []))
  const asked = evening.flatMap(({ body }) => Receivers.safeParse(body).data?.receivers ?? [])
  for (const { rpps } of physicians.slice(0, 4))
    expect(asked.map(({ recipient }) => recipient)).toContain(`rpps:${rpps}`)
})

test('on a day people do steps, ask each other, refuse, accept, answer and write; done again, nothing changes', async () => {
  const platform = await openPlatform({ withPeople: true })
  const { ask, send, adapters, clock } = platform
  const kept = keptFile(temporaryFolder(), 'territory', KeptTerritory)
  clock.now = '2026-11-22T18:00:00.000Z'
  await settling({ kept, ask, send, now: () => clock.now, log: adapters.log }).run(never)
  await platform.settled()
  const perform = performing({ ask, log: adapters.log })
  const items = [...messagesOfDay(1, day), ...actsOfDay(1, day)]
  for (const item of items.toSorted((one, other) => (one.at < other.at ? -1 : 1))) {
    clock.now = item.at
    if ('bytes' in item) await send(item.bytes)
    else {
      await platform.settled()
      await perform(item, never)
    }
  }
  const happened = kindsOf(await platform.events())
  for (const kind of [
    'absence AbsenceDeclared.v1',
    'onCall OnCallSet.v1',
    'protocolRun StepDone.v1',
    'referral ReferralRequested.v1',
    'referral ReferralDeclined.v1',
    'referral ReferralAccepted.v1',
    'referral ReferralAnswered.v1',
    'referral AppointmentScheduled.v1',
    'post MessagePosted.v1',
  ])
    expect([kind, happened[kind] ?? 0]).toEqual([kind, expect.toSatisfy((count: number) => count > 0)])
  expect(platform.lines.filter((line) => line.includes('an act of the day'))).toEqual([])

  await platform.settled()
  const before = kindsOf(await platform.events())
  const done = (kinds: Record<string, number>) =>
    Object.fromEntries(Object.entries(kinds).filter(([kind]) => /^(referral|post|thread|absence|onCall) /.test(kind)))
  for (const act of actsOfDay(1, day)) if (act.kind !== 'steps') await perform(act, never)
  expect(done(kindsOf(await platform.events()))).toEqual(done(before))
})
