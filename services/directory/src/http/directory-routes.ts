import {
  closeFacility,
  closeWard,
  putFacility,
  putProfessional,
  putWard,
  readFacility,
  readProfessional,
  searchDirectory,
} from '@relais/contracts/directory-routes'
import { type Place, ProfessionalDetails, type ProfessionalEvent, type SourcedPlace } from '@relais/contracts/directory'
import type { ProfessionalId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { CommandContext } from '@relais/event-store/command-handler'
import { finessKeyIsRight, rppsKeyIsRight } from '@relais/hl7v2/checks'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { setPosition, waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { FacilityCommand, FacilityRejection } from '../domain/facility.ts'
import type { ProfessionalCommand, ProfessionalRejection } from '../domain/professional.ts'
import type { WardCommand, WardRejection } from '../domain/ward.ts'
import type { DirectoryTables } from '../projections/directory.ts'
import { loadFacility, loadProfessional } from '../projections/lookup.ts'
import { search } from '../projections/search.ts'
import { facilityStream, professionalStream } from '../streams.ts'
import { mayTendFacility, maySayProfessional } from './who-may.ts'

const problems = {
  facilityUnknown: { code: 'facilityUnknown', status: 404, title: 'No such facility in the directory' },
  facilityClosed: { code: 'facilityClosed', status: 409, title: 'The facility has closed' },
  wardUnknown: { code: 'wardUnknown', status: 404, title: 'The facility has no such ward' },
  professionalUnknown: { code: 'professionalUnknown', status: 404, title: 'No such professional in the directory' },
  placeIdRepeated: { code: 'placeIdRepeated', status: 422, title: 'Two places bear the same id' },
  notYours: {
    code: 'notYours',
    status: 403,
    title: 'This is for the admissions of the facility, or who operates Relais',
  },
  cursorUnknown: { code: 'cursorUnknown', status: 400, title: 'No page ends there' },
} as const satisfies Record<
  | (FacilityRejection | WardRejection | ProfessionalRejection)['code']
  | 'professionalUnknown'
  | 'notYours'
  | 'cursorUnknown',
  ProblemKind
>

type Handled<Rejection> = Promise<
  { accepted: true; position: number | undefined } | { accepted: false; rejection: Rejection }
>
type Handle<Command, Rejection> = (id: string, command: Command, context: CommandContext) => Handled<Rejection>

export type DirectoryRoutesDeps = HttpAppDeps & {
  database: Database<DirectoryTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  handleFacility: Handle<FacilityCommand, FacilityRejection>
  handleWard: Handle<WardCommand, WardRejection>
  handleProfessional: Handle<ProfessionalCommand, ProfessionalRejection>
  loadSaid: (professionalId: ProfessionalId) => Promise<ProfessionalEvent['data']['details'] | undefined>
  now: () => string
}

/** Facilities, wards and professionals: public facts, read by whoever works here. */
export function directoryRoutes(deps: DirectoryRoutesDeps) {
  const app = httpApp(deps)
  app.use('/directory/*', requireScope('directory:read'))
  app.on(['PUT', 'DELETE'], ['/directory/facilities/*', '/directory/professionals/*'], requireScope('directory:write'))
  reading(app, deps)
  tendingFacilities(app, deps)
  app.openapi(putProfessional, async (c) => {
    const { professionalId } = c.req.valid('param')
    const details = c.req.valid('json')
    const before = await deps.loadSaid(professionalId)
    if (!maySayProfessional(c.get('actor'), details, before && withoutSources(before)))
      return problem(c, problems.notYours)
    const command = { type: 'SayProfessional' as const, professionalId, details }
    const result = await deps.handleProfessional(professionalStream(professionalId), command, commandContext(c))
    if (!result.accepted) return problem(c, problems[result.rejection.code])
    setPosition(c, deps.epoch, result.position)
    return c.json({ doubts: doubtsOf(professionalId, details.places) }, 200)
  })
  return app
}

type App = ReturnType<typeof httpApp>

function reading(app: App, { database, epoch, reaches }: DirectoryRoutesDeps): void {
  app.openapi(readFacility, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const found = await loadFacility(database, c.req.valid('param').finess)
    return found ? c.json(found, 200) : problem(c, problems.facilityUnknown)
  })
  app.openapi(readProfessional, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const found = await loadProfessional(database, c.req.valid('param').professionalId)
    return found ? c.json(found, 200) : problem(c, problems.professionalUnknown)
  })
  app.openapi(searchDirectory, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const page = await search(database, c.req.valid('query'))
    return page === 'cursorUnknown' ? problem(c, problems.cursorUnknown) : c.json(page, 200)
  })
}

function tendingFacilities(app: App, deps: DirectoryRoutesDeps): void {
  const { epoch, now } = deps
  app.use('/directory/facilities/:finess/*', async function byItsPeople(c, next) {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!isRead && !mayTendFacility(c.get('actor'), c.req.param('finess'))) return problem(c, problems.notYours)
    return next()
  })
  app.openapi(putFacility, async (c) => {
    const { finess } = c.req.valid('param')
    const details = c.req.valid('json')
    const command = { type: 'SayFacility' as const, finess, details, source: 'person' as const }
    const result = await deps.handleFacility(facilityStream(finess), command, commandContext(c))
    if (!result.accepted) return problem(c, problems[result.rejection.code])
    setPosition(c, epoch, result.position)
    const keys = [
      { pointer: '/finess', isRight: finessKeyIsRight(finess) },
      { pointer: '/legalEntity', isRight: !details.legalEntity || finessKeyIsRight(details.legalEntity) },
    ]
    return c.json({ doubts: keys.filter(({ isRight }) => !isRight).map(doubt) }, 200)
  })
  app.openapi(closeFacility, async (c) => {
    const { finess } = c.req.valid('param')
    const command = { type: 'CloseFacility' as const, finess, at: now() }
    const result = await deps.handleFacility(facilityStream(finess), command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  app.openapi(putWard, async (c) => {
    const { finess, code } = c.req.valid('param')
    const command = { type: 'DefineWard' as const, finess, code, ward: c.req.valid('json') }
    const result = await deps.handleWard(facilityStream(finess), command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  app.openapi(closeWard, async (c) => {
    const { finess, code } = c.req.valid('param')
    const command = { type: 'CloseWard' as const, finess, code, at: now() }
    const result = await deps.handleWard(facilityStream(finess), command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
}

const doubt = ({ pointer }: { pointer: string }) => ({ pointer, reason: 'keyDoubtful' as const })

function doubtsOf(professionalId: ProfessionalId, places: readonly Place[]) {
  const rpps = /^rpps:(?<number>.*)$/.exec(professionalId)?.groups?.['number']
  const ofPlaces = places.map(({ finess }, index) => ({
    pointer: `/places/${index}/finess`,
    isRight: !finess || finessKeyIsRight(finess),
  }))
  const keys = [{ pointer: '/professionalId', isRight: rpps === undefined || rppsKeyIsRight(rpps) }, ...ofPlaces]
  return keys.filter(({ isRight }) => !isRight).map(doubt)
}

/** As a person would say it again. */
function withoutSources({ places, ...details }: { places: readonly SourcedPlace[] } & Record<string, unknown>) {
  return ProfessionalDetails.parse({ ...details, places })
}
