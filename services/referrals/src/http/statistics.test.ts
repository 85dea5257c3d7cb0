import { FigureEvent, ReferralStatistics } from '@relais/contracts/referral-views'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { asked, colleague, coordinator, gp, nurse, openReferrals, positionIn, request } from '../referrals.fixture.ts'

const november = 'from=2026-11&to=2026-12'
const Behind = z.object({ events: z.array(FigureEvent), next: z.string().optional() })

eachDatabase('statistics', (open) => {
  test('figures say what was asked, what came of it and how long it took; each leads to its facts', async () => {
    const referrals = await openReferrals(open)
    const { clock, as, admit, facts } = referrals
    const stay = await admit()
    const [ward, physician, other, office] = [await as(nurse), await as(gp), await as(colleague), await as(coordinator)]
    const answerBy = '2026-12-24T08:00:00.000Z'
    /** Asked now, and answered so many minutes later. */
    async function answered(who: typeof physician, recipient: string, minutes: number, act: [string, object]) {
      const { referralId } = await request(ward, asked(stay, { receivers: [{ recipient }], answerBy }))
      clock.now = new Date(Date.parse(clock.now) + minutes * 60_000).toISOString()
      const answer = await who(`/referrals/${referralId}/${act[0]}`, { body: act[1] })
      expect(answer.status).toBe(204)
      return { referralId, answer }
    }
    for (const minutes of [10, 20, 30]) await answered(physician, gp.id, minutes, ['accept', {}])
    const refusal = await answered(physician, gp.id, 60, ['decline', { reason: 'full' }])
    await answered(other, colleague.id, 120, ['decline', { reason: 'outOfArea' }])
    clock.now = '2026-12-01T08:00:00.000Z'
    await answered(other, colleague.id, 5, ['accept', {}])
    const waiting = await request(ward, asked(stay, { receivers: [{ recipient: colleague.id }], answerBy }))
    clock.now = '2026-12-03T08:05:00.000Z'
    const headers = positionIn(waiting.answer)

    const read = async (query: string) =>
      ReferralStatistics.parse((await office(`/referrals/statistics?${query}`, { headers })).body)
    const { all, declinedBy, ageing } = await read(november)
    expect(all).toEqual({
      asked: 5,
      accepted: 3,
      declined: 2,
      redirected: 0,
      stoodDown: 0,
      delaySeconds: { median: 1800, p90: 7200 },
    })
    expect(declinedBy).toEqual([
      { reason: 'full', count: 1 },
      { reason: 'outOfArea', count: 1 },
    ])
    expect(ageing.every(({ count }) => count === 0)).toBe(true)

    const both = await read('from=2026-11&to=2027-01&by=month')
    expect(both.groups).toMatchObject([
      { key: '2026-11', asked: 5 },
      { key: '2026-12', asked: 2, accepted: 1, delaySeconds: { median: 300, p90: 300 } },
    ])
    expect(both.ageing).toContainEqual({ age: 'threeDays', count: 1 })
    const own = await read(`${november}&by=recipient&recipient=${gp.id}`)
    expect(own.groups).toMatchObject([{ key: gp.id, asked: 4, accepted: 3, declined: 1 }])

    const behind = async (query: string) =>
      Behind.parse((await office(`/referrals/statistics/events?${query}`, { headers })).body)
    const refused = await behind(`${november}&figure=declined&reason=full`)
    expect(refused.events).toMatchObject([{ referralId: refusal.referralId, recipient: gp.id, reason: 'full' }])
    expect((await facts(refusal.referralId)).some(({ type }) => type === 'ReferralDeclined')).toBe(true)
    const first = await behind(`${november}&figure=asked&limit=3`)
    const rest = await behind(`${november}&figure=asked&limit=3&after=${first.next}`)
    expect([first.events.length, rest.events.length, rest.next]).toEqual([3, 2, undefined])
    const waits = await behind('from=2026-11&to=2027-01&figure=open')
    expect(waits.events).toMatchObject([{ referralId: waiting.referralId, recipient: colleague.id }])
  })

  test('who is released by another one’s acceptance has neither accepted nor declined', async () => {
    const { as, admit } = await openReferrals(open)
    const [ward, physician, office] = [await as(nurse), await as(gp), await as(coordinator)]
    const receivers = [{ recipient: gp.id }, { recipient: colleague.id }]
    const { referralId } = await request(ward, asked(await admit(), { receivers }))
    await physician(`/referrals/${referralId}/accept`, { body: {} })
    const closed = await ward(`/referrals/${referralId}/close`, { body: {} })
    const { body } = await office(`/referrals/statistics?${november}`, { headers: positionIn(closed) })
    expect(ReferralStatistics.parse(body).all).toMatchObject({ asked: 2, accepted: 1, declined: 0, stoodDown: 1 })
  })
})
