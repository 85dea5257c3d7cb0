import { expect, test } from 'vitest'
import { actsOfDay } from '../day/acts.ts'
import { addDays } from '../day/calendar.ts'
import { physicians } from './professionals.ts'

const MONDAY = '2026-11-23'

test('each night that is played somebody who is there answers for the territory, not the same two nights in a row', () => {
  const nights = [0, 1, 2, 3, 4, 5, 6].map((days) => {
    const lines = actsOfDay(1, addDays(MONDAY, days)).flatMap((act) =>
      act.kind === 'asked' && act.request.path.startsWith('/directory/on-call/') ? [act.request.body] : [],
    )
    expect(lines).toHaveLength(1)
    return lines[0]
  })
  expect(nights[0]).toMatchObject({
    scope: 'cpts:essai',
    from: '2026-11-23T18:00:00.000Z',
    to: '2026-11-24T07:00:00.000Z',
  })
  const who = nights.map((night) => (night && 'professionalId' in night ? night.professionalId : undefined))
  const known = physicians.map(({ rpps }) => `rpps:${rpps}`)
  expect(who.filter((one) => !known.includes(String(one)))).toEqual([])
  expect(who.filter((one, index) => one === who[index + 1])).toEqual([])
})
