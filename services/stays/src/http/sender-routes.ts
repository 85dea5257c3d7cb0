import type { Actor } from '@relais/contracts/actor'
import type { Instant } from '@relais/contracts/primitives'
import { readSenderReport } from '@relais/contracts/sender-routes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { type ProblemKind, problem } from '@relais/http/problems'
import type { Kysely } from 'kysely'
import { callerAsSender, mayTendSender, type Sender } from '../intake/senders.ts'
import { reportOf, type SenderReportTables } from '../projections/sender-report.ts'

const senderUnknown = {
  code: 'senderUnknown',
  status: 404,
  title: 'No such sender here, or not yours to see',
} as const satisfies ProblemKind

type SenderRoutesDeps = HttpAppDeps & {
  senders: readonly Sender[]
  db: Kysely<SenderReportTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => Instant
}

/** What each sender sent, for the people who tend its messages. */
export function senderRoutes({ senders, db, epoch, reaches, now, ...deps }: SenderRoutesDeps) {
  const app = httpApp(deps)
  app.use(readSenderReport.getRoutingPath(), requireScope('quarantine:read'))
  app.openapi(readSenderReport, async (c) => {
    const { senderId } = c.req.valid('param')
    const { day = now().slice(0, 10) } = c.req.valid('query')
    if (!mayReport(senders, c.get('actor'), senderId)) return problem(c, senderUnknown)
    await waitForPosition(c, epoch, reaches)
    return c.json(await reportOf(db, { senderId, day }), 200)
  })
  return app
}

/** Whoever tends a sender's messages. A caller of the HTTP interface is a sender who is configured nowhere. */
function mayReport(senders: readonly Sender[], actor: Actor, senderId: string): boolean {
  const sender = senders.find(({ id }) => id === senderId)
  if (sender) return mayTendSender(actor, sender)
  const { id, organisation } = actor
  const isOwn = organisation !== undefined && callerAsSender(id, organisation).id === senderId
  return isOwn || (actor.role === 'operateur' && senderId.startsWith('http-'))
}
