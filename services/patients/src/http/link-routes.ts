import { linksAround } from '@relais/access/links'
import type { Actor } from '@relais/contracts/actor'
import { linkPatients, listLinkDoubts, readLinks, settleLinkDoubt, undoLink } from '@relais/contracts/link-routes'
import { LinkId } from '@relais/contracts/patients'
import { type Authority, PatientId } from '@relais/contracts/primitives'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { setPosition, waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { LinkRejection, LinkState } from '../domain/link.ts'
import type { LinkDesk } from '../link-desk.ts'
import { doubtsFor } from './link-doubts.ts'
import { namedPerson, type PatientAccessDeps, patientUnknown } from './patient-access.ts'

const problems = {
  linkUnknown: { code: 'linkUnknown', status: 404, title: 'These patients were never linked, or are not yours to see' },
  doubtUnknown: { code: 'doubtUnknown', status: 404, title: 'No such doubt here' },
  samePatient: { code: 'samePatient', status: 422, title: 'A patient is linked to another one, not to itself' },
  linkContradicts: { code: 'linkContradicts', status: 409, title: 'Merged the other way round: undo that first' },
  linkCycle: { code: 'linkCycle', status: 409, title: 'Other links lead back from the one to keep: undo one of them' },
  identitiesContradict: {
    code: 'identitiesContradict',
    status: 409,
    title: 'What is known of the two cannot be true of one person: have it corrected first',
  },
  doubtSettled: { code: 'doubtSettled', status: 409, title: 'Somebody has decided otherwise' },
  nothingToUnlink: { code: 'nothingToUnlink', status: 409, title: 'There is no link to undo' },
} as const satisfies Record<LinkRejection['code'], ProblemKind>

type LinkRoutesDeps = HttpAppDeps &
  PatientAccessDeps & {
    desk: LinkDesk
    epoch: string
    reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  }

/**
 * Which patients are one person, for those who coordinate both, or whose numbers both are. What messages said of it and was not done is for the
 * admissions of the establishment whose number it is, and for operators.
 */
export function linkRoutes(deps: LinkRoutesDeps) {
  const { desk, epoch, reaches, database } = deps
  const app = httpApp(deps)
  app.use('/patients/:patientId/links', requireScope('pathway:read'))
  for (const path of ['/patients/links', '/patients/links/*', '/patients/link-doubts', '/patients/link-doubts/*'])
    app.use(path, requireScope('link:write'))

  app.openapi(readLinks, async (c) => {
    const { patientId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const person = await namedPerson(deps, c.get('actor'), patientId)
    if (!person) return problem(c, patientUnknown)
    const links = (await linksAround(database.db, person.ids)).map((link) => ({
      linkId: LinkId.parse(link.linkId),
      patientId: PatientId.parse(link.patientId),
      otherId: PatientId.parse(link.otherId),
      reason: link.reason,
    }))
    const patientIds = person.ids.map((id) => PatientId.parse(id))
    return c.json({ canonicalId: PatientId.parse(person.canonicalId), patientIds, links }, 200)
  })
  app.openapi(linkPatients, async (c) => {
    const pair = c.req.valid('json')
    for (const patientId of [pair.patientId, pair.otherId])
      if (!(await namedPerson(deps, c.get('actor'), patientId))) return problem(c, patientUnknown)
    const result = await desk.link(pair, commandContext(c))
    if (!result.accepted) {
      const { code, ...details } = result.rejection
      return problem(c, problems[code], details)
    }
    setPosition(c, epoch, result.position)
    return c.json({ linkId: result.linkId }, 200)
  })
  app.openapi(undoLink, async (c) => {
    const { linkId } = c.req.valid('param')
    const patients = patientsIn(await desk.load(linkId))
    const seen = await Promise.all(patients.map((id) => namedPerson(deps, c.get('actor'), id)))
    if (seen.length === 0 || seen.includes(undefined)) return problem(c, problems.linkUnknown)
    const result = await desk.undo(linkId, c.req.valid('json').motive, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  app.openapi(listLinkDoubts, async (c) => {
    await waitForPosition(c, epoch, reaches)
    return c.json({ doubts: await doubtsFor(deps, c.get('actor'), c.req.valid('query')) }, 200)
  })
  app.openapi(settleLinkDoubt, async (c) => {
    const { linkId } = c.req.valid('param')
    const { messageId, outcome } = c.req.valid('json')
    const doubt = (await desk.load(linkId)).doubts.find((one) => one.messageId === messageId)
    if (!doubt || !mayDecide(c.get('actor'), doubt.authority)) return problem(c, problems.doubtUnknown)
    const result = await desk.settle({ linkId, messageId, outcome }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  return app
}

function patientsIn({ standing, ended }: LinkState): PatientId[] {
  const pair = standing ?? ended
  return pair ? [pair.patientId, pair.otherId] : []
}

function mayDecide({ role, organisation }: Actor, authority: Authority): boolean {
  return role === 'operateur' || (role === 'admissions' && organisation === authority)
}
