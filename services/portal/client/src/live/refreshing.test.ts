import { expect, test } from 'vitest'
import { refreshing } from './refreshing.ts'

/** A clock that is moved by hand. */
function watched() {
  let now = 0
  let timers: { at: number; run(): void }[] = []
  const asked: [number, boolean][] = []
  const known = refreshing({
    run: (isLast) => void asked.push([now, isLast]),
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
  })
  return {
    ...known,
    asked,
    moveTo(instant: number) {
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= instant).toSorted((a, b) => a.at - b.at)
        if (!next) break
        timers = timers.filter((one) => one !== next)
        now = next.at
        next.run()
      }
      now = instant
    },
  }
}

test('what comes together is asked for once, and twice more when all is quiet', () => {
  const page = watched()
  page.heard()
  page.heard()
  page.moveTo(60_000)
  expect(page.asked).toEqual([
    [150, false],
    [2000, true],
    [10_000, true],
  ])
})

test('however much comes, it is asked for about once a second', () => {
  const page = watched()
  for (let at = 0; at < 5000; at += 20) {
    page.moveTo(at)
    page.heard()
  }
  page.moveTo(20_000)
  expect(page.asked.filter(([, isLast]) => !isLast).length).toBe(7)
  expect(page.asked.filter(([, isLast]) => isLast)).toEqual([
    [6980, true],
    [14_980, true],
  ])
})

test('nothing is asked for a page that is gone', () => {
  const page = watched()
  page.heard()
  page.stop()
  page.moveTo(10_000)
  expect(page.asked).toEqual([])
})
