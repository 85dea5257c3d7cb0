import type { Finess } from '@relais/contracts/directory'
import {
  changeIdentity,
  enterResident,
  importResidents,
  listDoubts,
  listResidents,
  matchResident,
  moveResident,
  recordDeath,
  recordExit,
  unmatchResident,
} from '@relais/contracts/resident-routes'
import type { ResidentId, ResidentIdentity } from '@relais/contracts/residents'
import type { Database } from '@relais/database/database'
import type { CommandContext } from '@relais/event-store/command-handler'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { setPosition, waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext, type RequestEnv } from '@relais/http/request-context'
import { requireMediaType } from '@relais/http/validation'
import type { Context } from 'hono'
import type { ResidentState } from '../domain/resident.ts'
import type { ResidentMatchCommand, ResidentMatchRejection } from '../domain/resident-match.ts'
import type { ResidentsImport } from '../imports/residents-import.ts'
import { doubtsOf, residentsOf } from '../projections/register-pages.ts'
import type { ResidentTables } from '../projections/residents.ts'
import type { Register, RegisterRejection, RegisterResult } from '../register.ts'
import { ehpadOf } from './who-may.ts'

const problems = {
  residentUnknown: { code: 'residentUnknown', status: 404, title: 'No such resident on the register of this EHPAD' },
  residentPresent: { code: 'residentPresent', status: 409, title: 'The resident is on the register already' },
  residentLeft: { code: 'residentLeft', status: 409, title: 'The resident has left' },
  residentDied: { code: 'residentDied', status: 409, title: 'The resident has died' },
  residentForgotten: { code: 'residentForgotten', status: 410, title: 'The resident was erased' },
  beforeEntry: { code: 'beforeEntry', status: 422, title: 'This is before the resident entered' },
  beforeExit: { code: 'beforeExit', status: 422, title: 'This is before the resident left the last time' },
  insKeyWrong: { code: 'insKeyWrong', status: 422, title: 'The key of the INS is wrong' },
  insNotAllowed: { code: 'insNotAllowed', status: 422, title: 'This OID is not of an INS that this Relais may know' },
  insMissing: { code: 'insMissing', status: 422, title: 'A qualified identity has its INS' },
  patientNotCandidate: { code: 'patientNotCandidate', status: 409, title: 'Nothing speaks of this patient here' },
  ehpadMissing: { code: 'ehpadMissing', status: 403, title: 'The token names no organisation with a FINESS number' },
  cursorUnknown: { code: 'cursorUnknown', status: 400, title: 'No page ends there' },
} as const satisfies Record<
  RegisterRejection['code'] | ResidentMatchRejection['code'] | 'ehpadMissing' | 'cursorUnknown',
  ProblemKind
>

type Handled = Promise<
  { accepted: true; position: number | undefined } | { accepted: false; rejection: ResidentMatchRejection }
>

export type ResidentRoutesDeps = HttpAppDeps & {
  database: Database<ResidentTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  register: Register
  readIdentity: (documentId: string) => Promise<ResidentIdentity | undefined>
  loadResident: (residentId: ResidentId) => Promise<ResidentState>
  handleMatch: (id: string, command: ResidentMatchCommand, context: CommandContext) => Handled
  importFile: ResidentsImport
  now: () => string
}

type App = ReturnType<typeof httpApp>
type Act = Context<RequestEnv>

/** The register of an EHPAD, for its own people. Somebody else's resident is one that nobody knows here. */
export function residentRoutes(deps: ResidentRoutesDeps) {
  const app = httpApp(deps)
  app.use('/residents/*', requireScope('resident:write'))
  app.use('/residents/*', async function forAnEhpad(c, next) {
    return ehpadOf(c.get('actor')) === undefined ? problem(c, problems.ehpadMissing) : next()
  })
  app.use(importResidents.path, requireMediaType('text/csv'))
  reading(app, deps)
  keeping(app, deps)
  judging(app, deps)
  app.openapi(importResidents, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer())
    const { position, ...imported } = await deps.importFile(bytes, ownEhpad(c), commandContext(c))
    setPosition(c, deps.epoch, position)
    return c.json(imported, 200)
  })
  return app
}

/** Only behind `forAnEhpad`. */
function ownEhpad(c: Act): Finess {
  const ehpad = ehpadOf(c.get('actor'))
  if (ehpad === undefined) throw new Error('A route of residents is reached without an EHPAD')
  return ehpad
}

function reading(app: App, { database, epoch, reaches, readIdentity, log }: ResidentRoutesDeps): void {
  app.openapi(listResidents, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const page = await residentsOf(database, ownEhpad(c), { ...c.req.valid('query'), readIdentity })
    if (page === 'cursorUnknown') return problem(c, problems.cursorUnknown)
    log.info({ actorId: c.get('actor').id, kind: 'residents' }, 'register read')
    return c.json(page, 200)
  })
  app.openapi(listDoubts, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const page = await doubtsOf(database, ownEhpad(c), c.req.valid('query'))
    return page === 'cursorUnknown' ? problem(c, problems.cursorUnknown) : c.json(page, 200)
  })
}

function keeping(app: App, { register, epoch }: ResidentRoutesDeps): void {
  const refused = (c: Act, { rejection }: Extract<RegisterResult, { accepted: false }>) =>
    problem(c, problems[rejection.code])
  app.openapi(enterResident, async (c) => {
    const result = await register.enter({ ...c.req.valid('json'), ehpad: ownEhpad(c) }, commandContext(c))
    if (!result.accepted) return refused(c, result)
    setPosition(c, epoch, result.position)
    return c.json({ warnings: result.warnings }, 200)
  })
  app.openapi(changeIdentity, async (c) => {
    const named = { residentId: c.req.valid('param').residentId, ehpad: ownEhpad(c), identity: c.req.valid('json') }
    const result = await register.changeIdentity(named, commandContext(c))
    if (!result.accepted) return refused(c, result)
    setPosition(c, epoch, result.position)
    return c.json({ warnings: result.warnings }, 200)
  })
  app.openapi(moveResident, async (c) => {
    const named = { residentId: c.req.valid('param').residentId, ehpad: ownEhpad(c) }
    const result = await register.handle({ type: 'MoveResident', ...named, ...c.req.valid('json') }, commandContext(c))
    if (!result.accepted) return refused(c, result)
    setPosition(c, epoch, result.position)
    return c.body(null, 204)
  })
  for (const [route, reason] of [
    [recordExit, 'exit'],
    [recordDeath, 'death'],
  ] as const)
    app.openapi(route, async (c) => {
      const named = { residentId: c.req.valid('param').residentId, ehpad: ownEhpad(c) }
      const command = { type: 'LeaveResident' as const, ...named, reason, ...c.req.valid('json') }
      const result = await register.handle(command, commandContext(c))
      if (!result.accepted) return refused(c, result)
      setPosition(c, epoch, result.position)
      return c.body(null, 204)
    })
}

function judging(app: App, { loadResident, handleMatch, epoch, now }: ResidentRoutesDeps): void {
  for (const [route, type] of [
    [matchResident, 'Match'],
    [unmatchResident, 'Unmatch'],
  ] as const)
    app.openapi(route, async (c) => {
      const { residentId } = c.req.valid('param')
      const ehpad = ownEhpad(c)
      const resident = await loadResident(residentId)
      if (resident.status === 'unknown' || resident.entry.ehpad !== ehpad) return problem(c, problems.residentUnknown)
      if (resident.status !== 'present') return problem(c, problems.residentLeft)
      const { patientId } = c.req.valid('json')
      const command = { type, residentId, ehpad, patientId, by: c.get('actor').id, at: now() }
      const result = await handleMatch(residentId, command, commandContext(c))
      return answerCommand(c, epoch, { result, problems: problems })
    })
}
