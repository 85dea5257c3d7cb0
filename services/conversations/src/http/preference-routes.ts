import { putPreference, readPreference } from '@relais/contracts/conversation-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { setPosition, waitForPosition } from '@relais/http/position'
import { commandContext } from '@relais/http/request-context'
import type { SetPreference } from '../domain/preference.ts'
import type { Handled } from '../posting.ts'
import type { Reading } from '../reading.ts'
import { preferenceStream } from '../streams.ts'

export type PreferenceRoutesDeps = HttpAppDeps & {
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  reading: Pick<Reading, 'preferenceOf'>
  handlePreference: (id: string, command: SetPreference, context: CommandContext) => Promise<Handled<never>>
  now: () => Instant
}

/** One's own preferences, and nobody else's. */
export function preferenceRoutes({ epoch, reaches, reading, handlePreference, now, ...deps }: PreferenceRoutesDeps) {
  const app = httpApp(deps)
  app.on(['GET', 'PUT'], '/threads/preferences', requireScope('thread:read'))
  app.openapi(readPreference, async (c) => {
    await waitForPosition(c, epoch, reaches)
    return c.json(await reading.preferenceOf(c.get('actor').id), 200)
  })
  app.openapi(putPreference, async (c) => {
    const person = c.get('actor').id
    const { quietHours, ...said } = c.req.valid('json')
    const preference = { ...said, ...(quietHours ? { quietHours } : {}) }
    const command: SetPreference = { type: 'SetPreference', person, preference, at: now() }
    const result = await handlePreference(preferenceStream(person), command, commandContext(c))
    if (result.accepted) setPosition(c, epoch, result.position)
    return c.body(null, 204)
  })
  return app
}
