import { AbsenceId } from '@relais/contracts/absences'
import { listAbsences, putAbsence, withdrawAbsence } from '@relais/contracts/absence-routes'
import type { ProfessionalDetails } from '@relais/contracts/directory'
import { ProfessionalId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { CommandContext } from '@relais/event-store/command-handler'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { AbsenceCommand, AbsenceRejection } from '../domain/absence.ts'
import type { AbsenceViewTables } from '../projections/absences.ts'
import { absencesStream } from '../streams.ts'
import { maySayAbsence } from './who-may.ts'

const problems = {
  absenceUnknown: { code: 'absenceUnknown', status: 404, title: 'No such absence' },
  absenceIdReused: { code: 'absenceIdReused', status: 409, title: 'This id belongs to an absence of somebody else' },
  absenceOverlaps: {
    code: 'absenceOverlaps',
    status: 409,
    title: 'Somebody else stands in during a part of that time',
  },
  absenceOver: { code: 'absenceOver', status: 422, title: 'The absence is over already' },
  replacedByOneself: { code: 'replacedByOneself', status: 422, title: 'Nobody stands in for himself or herself' },
  periodReversed: { code: 'periodReversed', status: 422, title: 'The absence ends before it begins' },
  notYours: { code: 'notYours', status: 403, title: 'This is for whoever is away, and who tends the directory there' },
} as const satisfies Record<AbsenceRejection['code'] | 'absenceIdReused' | 'notYours', ProblemKind>

export type HandleAbsence = (
  id: string,
  command: AbsenceCommand,
  context: CommandContext,
) => Promise<{ accepted: true; position: number | undefined } | { accepted: false; rejection: AbsenceRejection }>

export type AbsenceRoutesDeps = HttpAppDeps & {
  database: Database<AbsenceViewTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  handleAbsence: HandleAbsence
  loadSaid: (professionalId: ProfessionalId) => Promise<Pick<ProfessionalDetails, 'places'> | undefined>
  now: () => string
}

/** Who is away, and who stands in. */
export function absenceRoutes(deps: AbsenceRoutesDeps) {
  const app = httpApp(deps)
  app.use(listAbsences.path, requireScope('directory:read'))
  app.on(['PUT', 'DELETE'], '/absences/*', requireScope('absence:write', 'directory:write'))
  reading(app, deps)
  writing(app, deps)
  return app
}

type App = ReturnType<typeof httpApp>

function writing(app: App, { database, epoch, reaches, handleAbsence, loadSaid, now }: AbsenceRoutesDeps): void {
  const { db } = database
  const ownerOf = async (absenceId: AbsenceId) => {
    const row = await db
      .selectFrom('declared_absence')
      .selectAll()
      .where('absence_id', '=', absenceId)
      .executeTakeFirst()
    return row && ProfessionalId.parse(row.professional_id)
  }
  app.openapi(putAbsence, async (c) => {
    const { absenceId } = c.req.valid('param')
    const period = c.req.valid('json')
    const { professionalId } = period
    const owner = await ownerOf(absenceId)
    if (!maySayAbsence(c.get('actor'), period, await loadSaid(professionalId))) return problem(c, problems.notYours)
    if (owner !== undefined && owner !== professionalId) return problem(c, problems.absenceIdReused)
    const command = { type: 'DeclareAbsence', absenceId, period, at: now() } as const
    const result = await handleAbsence(absencesStream(professionalId), command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  app.openapi(withdrawAbsence, async (c) => {
    const { absenceId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const professionalId = await ownerOf(absenceId)
    if (professionalId === undefined) return problem(c, problems.absenceUnknown)
    if (!maySayAbsence(c.get('actor'), { professionalId }, await loadSaid(professionalId)))
      return problem(c, problems.notYours)
    const command = { type: 'WithdrawAbsence', absenceId, professionalId, at: now() } as const
    const result = await handleAbsence(absencesStream(professionalId), command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
}

function reading(app: App, { database, epoch, reaches, now }: AbsenceRoutesDeps): void {
  const { db } = database
  app.openapi(listAbsences, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const { professional } = c.req.valid('query')
    const known = db.selectFrom('declared_absence').selectAll().where('professional_id', '=', professional)
    const rows = await known.where('to_at', '>', now()).orderBy('from_at').limit(100).execute()
    const absences = rows.map(({ absence_id, from_at: from, to_at: to, replacement }) => ({
      absenceId: AbsenceId.parse(absence_id),
      professionalId: professional,
      from,
      to,
      ...(replacement === null ? {} : { replacement: ProfessionalId.parse(replacement) }),
    }))
    return c.json({ absences }, 200)
  })
}
