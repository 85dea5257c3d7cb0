import { explainEntry } from '@relais/contracts/explanation-routes'
import type { Database } from '@relais/database/database'
import { runner } from '@relais/database/statements'
import { httpApp } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { explanation } from '../domain/explanation.ts'
import type { BoardTables } from '../projections/boards.ts'
import type { KnownExchange } from '../projections/exchanges.ts'
import { readSource } from '../projections/source.ts'
import { receiptsOf, toldBecauseOf } from '../projections/told.ts'
import { type PathwayRoutesDeps, patientUnknown } from './pathway-routes.ts'
import { seenPathway, type SeenPathway } from './person-access.ts'

/** `reaches` answers for both views: that of pathways, and that of boards, which knows who was told. */
export type ExplanationRoutesDeps = PathwayRoutesDeps & { boards: Database<BoardTables> }

const entryUnknown = { code: 'entryUnknown', status: 404, title: 'No such entry here, or not yours to see' } as const

/** Why an entry of a pathway is there and who was told, for whoever may see the entry. */
export function explanationRoutes({ keyring, database, boards, epoch, reaches, now, ...deps }: ExplanationRoutesDeps) {
  const app = httpApp(deps)
  const { db } = database
  const run = runner(boards.kind)
  app.use('/pathways/:patientId/entries/:entryId/explanation', requireScope('pathway:read'))
  app.openapi(explainEntry, async (c) => {
    const { patientId, entryId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const asked = { actor: c.get('actor'), patientId, kind: 'explanation' } as const
    const seen = await seenPathway({ db, keyring, now, log: deps.log }, asked)
    if (!seen) return problem(c, patientUnknown)
    const found = entryIn(seen, entryId)
    const source = found && (await readSource(db, { ...found, entryId }))
    if (!source) return problem(c, entryUnknown)
    const { rows } = await run(boards.db, toldBecauseOf, [source.correlationId])
    const told = rows.map((row) => ({
      noticeId: row.notice_id,
      recipient: row.recipient,
      ...(row.role === null ? {} : { role: row.role }),
      receipts: receiptsOf(row),
      subject: row.subject,
    }))
    return c.json(explanation({ ...found, source, told }), 200)
  })
  return app
}

/** The entry, where it may be seen, and under which subjects it is kept. */
function entryIn({ ids, entries, exchanges }: SeenPathway, entryId: string) {
  const entry = entries.find((each) => each.entryId === entryId)
  if (entry) {
    const subjects = [...ids, ...(entry.stayId === undefined ? [] : [entry.stayId])]
    return { table: 'pathway_entry' as const, subjects, entry }
  }
  const exchange = exchanges.find((each) => each.entry.entryId === entryId)
  if (exchange === undefined) return undefined
  const { subject } = exchange
  const version = versionThen(exchanges, exchange)
  return { table: 'exchange_entry' as const, subjects: [subject], entry: exchange.entry, version }
}

/** The version of its protocol that a run followed when something became of it. */
function versionThen(exchanges: readonly KnownExchange[], exchange: KnownExchange): number | undefined {
  const upToThen = exchanges
    .slice(0, exchanges.indexOf(exchange) + 1)
    .filter(({ subject }) => subject === exchange.subject)
  return upToThen.flatMap(({ entry }) => (entry.kind === 'loop' && entry.version) || []).at(-1)
}
