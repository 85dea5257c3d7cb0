import { maySortFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import {
  listProtocols,
  type ProtocolView,
  publishProtocol,
  readProtocol,
  retireProtocol,
  validateProtocol,
} from '@relais/contracts/protocol-routes'
import type { ProtocolDefinition, ProtocolId } from '@relais/contracts/protocols'
import type { CommandContext } from '@relais/event-store/command-handler'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { setPosition, waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import { checkedDefinition } from '../definition-shape.ts'
import type { ProtocolCommand, ProtocolRejection, ProtocolState } from '../domain/protocol.ts'
import type { KnownVersion, LoadProtocols } from '../projections/protocol-tables.ts'

export const protocolProblems = {
  protocolUnknown: { code: 'protocolUnknown', status: 404, title: 'No such protocol' },
  notYours: { code: 'notYours', status: 403, title: 'This is for who coordinates the protocol' },
  versionPublished: {
    code: 'versionPublished',
    status: 409,
    title: 'This version was published, and says something else',
  },
  versionSkipped: { code: 'versionSkipped', status: 409, title: 'Versions follow one another' },
  definitionInvalid: { code: 'definitionInvalid', status: 422, title: 'The definition does not hold together' },
  effectiveInPast: {
    code: 'effectiveInPast',
    status: 422,
    title: 'It cannot apply before it is published',
    pointer: '/effectiveFrom',
  },
  retiredInPast: { code: 'retiredInPast', status: 422, title: 'It cannot end before it is said', pointer: '/from' },
  effectiveOverlaps: {
    code: 'effectiveOverlaps',
    status: 422,
    title: 'It has to apply later than the version before',
    pointer: '/effectiveFrom',
  },
} as const satisfies Record<ProtocolRejection['code'] | 'notYours', ProblemKind>

export type ProtocolRoutesDeps = HttpAppDeps & {
  loadProtocols: LoadProtocols
  loadProtocol: (protocolId: ProtocolId) => Promise<ProtocolState>
  handleProtocol: (
    id: string,
    command: ProtocolCommand,
    context: CommandContext,
  ) => Promise<{ accepted: true; position: number | undefined } | { accepted: false; rejection: ProtocolRejection }>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => string
}

/** Whoever operates Relais, and the people of the coordination that a definition names. */
export function mayCoordinate(actor: Actor, { coordinator }: Pick<ProtocolDefinition, 'coordinator'>): boolean {
  return actor.role === 'operateur' || maySortFor(actor, coordinator)
}

/** The protocols of a territory: public to those who work in it, written by its coordination. */
export function protocolRoutes(deps: ProtocolRoutesDeps) {
  const app = httpApp(deps)
  app.use('/protocols', requireScope('protocol:read'))
  app.use('/protocols/*', requireScope('protocol:read'))
  app.use('/protocols/:protocolId/versions/:version', requireScope('protocol:write'))
  app.use('/protocols/:protocolId/retire', requireScope('protocol:write'))
  reading(app, deps)
  writing(app, deps)
  return app
}

type App = ReturnType<typeof httpApp>

function reading(app: App, { loadProtocols, epoch, reaches }: ProtocolRoutesDeps): void {
  app.openapi(listProtocols, async (c) => {
    await waitForPosition(c, epoch, reaches)
    return c.json({ protocols: (await loadProtocols()).flatMap((versions) => viewOf(versions) ?? []) }, 200)
  })
  app.openapi(validateProtocol, (c) => {
    const { problems = [] } = checkedDefinition(c.req.valid('json').definition)
    return c.json({ problems }, 200)
  })
  app.openapi(readProtocol, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const [versions] = await loadProtocols(c.req.valid('param').protocolId)
    const view = versions && viewOf(versions)
    return view ? c.json(view, 200) : problem(c, protocolProblems.protocolUnknown)
  })
}

function writing(app: App, { loadProtocol, handleProtocol, epoch, now }: ProtocolRoutesDeps): void {
  app.openapi(publishProtocol, async (c) => {
    const { protocolId, version } = c.req.valid('param')
    const { definition: written, effectiveFrom } = c.req.valid('json')
    const { definition, problems } = checkedDefinition(written)
    if (!definition) return problem(c, protocolProblems.definitionInvalid, { problems })
    const actor = c.get('actor')
    const last = (await loadProtocol(protocolId)).versions.at(-1)
    // Whoever takes a protocol over is let in by who coordinates it.
    if (![definition, last?.definition ?? definition].every((each) => mayCoordinate(actor, each)))
      return problem(c, protocolProblems.notYours)
    const said = { protocolId, by: actor.id, at: now() }
    const command = { type: 'Publish', version, definition, effectiveFrom, ...said } as const
    const result = await handleProtocol(protocolId, command, commandContext(c))
    if (!result.accepted) return refused(c, result.rejection)
    setPosition(c, epoch, result.position)
    return c.body(null, 204)
  })
  app.openapi(retireProtocol, async (c) => {
    const { protocolId } = c.req.valid('param')
    const { from } = c.req.valid('json')
    const actor = c.get('actor')
    const last = (await loadProtocol(protocolId)).versions.at(-1)
    if (last === undefined) return problem(c, protocolProblems.protocolUnknown)
    if (!mayCoordinate(actor, last.definition)) return problem(c, protocolProblems.notYours)
    const command = { type: 'Retire', protocolId, from, by: actor.id, at: now() } as const
    const result = await handleProtocol(protocolId, command, commandContext(c))
    if (!result.accepted) return refused(c, result.rejection)
    setPosition(c, epoch, result.position)
    return c.body(null, 204)
  })
}

function refused(c: Parameters<typeof problem>[0], { code, ...details }: ProtocolRejection) {
  return problem(c, protocolProblems[code], details)
}

function viewOf(versions: readonly KnownVersion[]): ProtocolView | undefined {
  const last = versions.at(-1)
  if (last === undefined) return undefined
  const { protocolId, retiredFrom } = last
  return {
    protocolId,
    ...(retiredFrom === undefined ? {} : { retiredFrom }),
    versions: versions.map(({ version, definition, effectiveFrom, until, by, publishedAt }) => ({
      version,
      definition,
      effectiveFrom,
      ...(until === undefined ? {} : { until }),
      by,
      publishedAt,
    })),
  }
}
