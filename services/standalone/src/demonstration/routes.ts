import {
  advanceClock,
  playDay,
  readClock,
  readDay,
  readTerritory,
  stopDay,
  type TerritoryView,
} from '@relais/contracts/demonstration-routes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { problem, type ProblemKind } from '@relais/http/problems'
import type { ClockRefusal, DemonstrationClock } from './clock.ts'
import type { Player, PlayRefusal } from './player.ts'

const problems = {
  clockBackwards: { code: 'clockBackwards', status: 409, title: 'The clock of a demonstration never goes back' },
  clockTooFarAhead: { code: 'clockTooFarAhead', status: 422, title: 'The clock goes ten years ahead at most' },
  dayPlaying: { code: 'dayPlaying', status: 409, title: 'A day is being played: stop it first' },
  dayUnfinished: {
    code: 'dayUnfinished',
    status: 409,
    title: 'Another day was stopped: play it to its end first, without a seed',
  },
  dayUnknown: { code: 'dayUnknown', status: 404, title: 'No day was played yet' },
} as const satisfies Record<ClockRefusal | PlayRefusal | 'dayUnknown', ProblemKind>

type DemonstrationRoutesDeps = HttpAppDeps & {
  clock: DemonstrationClock
  player: Player
  territory: () => TerritoryView
}

/** The clock, the day that is played and the territory of a demonstration, for whoever operates it. */
export function demonstrationRoutes({ clock, player, territory, ...deps }: DemonstrationRoutesDeps) {
  const app = httpApp(deps)
  app.use('/demonstration/*', requireScope('demonstration'))
  const time = () => ({ now: clock.now(), aheadSeconds: clock.aheadMilliseconds() / 1000 })

  app.openapi(readClock, (c) => c.json(time(), 200))
  app.openapi(advanceClock, (c) => {
    const wish = c.req.valid('json')
    const refusal = 'to' in wish ? clock.advanceTo(wish.to) : clock.advanceBy(wish.advanceSeconds * 1000)
    return refusal ? problem(c, problems[refusal]) : c.json(time(), 200)
  })
  app.openapi(playDay, (c) => {
    const played = player.play(c.req.valid('json'))
    return typeof played === 'string' ? problem(c, problems[played]) : c.json(played, 202)
  })
  app.openapi(readDay, (c) => {
    const view = player.view()
    return view ? c.json(view, 200) : problem(c, problems.dayUnknown)
  })
  app.openapi(stopDay, async (c) => {
    await player.stop()
    const view = player.view()
    return view ? c.json(view, 200) : problem(c, problems.dayUnknown)
  })
  app.openapi(readTerritory, (c) => c.json(territory(), 200))
  return app
}
