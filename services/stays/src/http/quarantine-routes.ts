import type { Actor } from '@relais/contracts/actor'
import { listQuarantine, repairQuarantined, replayQuarantined, showQuarantined } from '@relais/contracts/http'
import { MessageId } from '@relais/contracts/primitives'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { type ProblemKind, problem } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import { setPosition, waitForPosition } from '@relais/http/position'
import type { QuarantineDesk } from '../quarantine-desk.ts'

const problems = {
  messageUnknown: { code: 'messageUnknown', status: 404, title: 'No such message in quarantine' },
  messageForgotten: { code: 'messageForgotten', status: 410, title: 'The message was erased' },
  messageResolved: { code: 'messageResolved', status: 409, title: 'The message was already replayed and accepted' },
  repairNotAllowed: {
    code: 'repairNotAllowed',
    status: 422,
    title: 'A repair moves no message to another patient or visit, nor to real or test identities',
  },
  repairNotApplicable: { code: 'repairNotApplicable', status: 422, title: 'An edit names a segment the message lacks' },
} as const satisfies Record<string, ProblemKind>

type QuarantineRoutesDeps = HttpAppDeps & {
  desk: QuarantineDesk
  mayTend: (actor: Actor, messageId: MessageId) => Promise<boolean>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
}

/** The quarantine, for the people of the sender's establishment: look, repair, replay. */
export function quarantineRoutes({ desk, mayTend, epoch, reaches, ...deps }: QuarantineRoutesDeps) {
  const app = httpApp(deps)
  app.use(listQuarantine.path, requireScope('quarantine:read'))
  app.use('/quarantine/*', requireScope('quarantine:read'))
  for (const act of ['repairs', 'replays']) app.use(`/quarantine/:messageId/${act}`, requireScope('quarantine:repair'))
  app.use('/quarantine/:messageId/*', async function tendedByItsPeople(c, next) {
    const id = MessageId.safeParse(c.req.param('messageId'))
    if (id.success && !(await mayTend(c.get('actor'), id.data))) return problem(c, problems.messageUnknown)
    return next()
  })
  app.openapi(listQuarantine, async (c) => {
    await waitForPosition(c, epoch, reaches)
    return c.json({ messages: await desk.list(c.req.valid('query'), c.get('actor')) }, 200)
  })
  app.openapi(showQuarantined, async (c) => {
    const shown = await desk.show(c.req.valid('param').messageId, commandContext(c))
    return 'refusal' in shown ? problem(c, problems[shown.refusal.code]) : c.json(shown.message, 200)
  })
  app.openapi(repairQuarantined, async (c) => {
    const { messageId } = c.req.valid('param')
    const repaired = await desk.repair(messageId, c.req.valid('json').edits, commandContext(c))
    if ('refusal' in repaired) return problem(c, problems[repaired.refusal.code])
    setPosition(c, epoch, repaired.position)
    return c.json({ problems: [...repaired.problems] }, 200)
  })
  app.openapi(replayQuarantined, async (c) => {
    const { messageId } = c.req.valid('param')
    const result = await desk.replay(messageId, 'person', commandContext(c))
    if ('refusal' in result) return problem(c, problems[result.refusal.code])
    setPosition(c, epoch, result.position)
    const { replay } = result
    if (replay.outcome === 'quarantined')
      return c.json({ outcome: replay.outcome, problems: [...replay.problems] }, 200)
    return c.json({ outcome: 'accepted' as const, problems: [] }, 200)
  })
  return app
}
