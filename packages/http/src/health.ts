import { Hono } from 'hono'

/** One thing that must be so for the service to answer well. `detail` is a word for an operator, never a value. */
export type Check = { name: string; ready: boolean; detail?: string }

/**
 * `GET /livez` answers as long as the process does; `GET /readyz` answers 200 when every check is ready, else 503. Both
 * are open: they tell names of parts, not their content.
 */
export function healthRoutes({ checks }: { checks: () => readonly Check[] }): Hono {
  return new Hono()
    .get('/livez', (c) => c.json({ alive: true }, 200, uncached))
    .get('/readyz', (c) => {
      const all = checks()
      const ready = all.every((check) => check.ready)
      return c.json({ ready, checks: all }, ready ? 200 : 503, uncached)
    })
}

const uncached = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
