import { createRoute, z } from '@hono/zod-openapi'
import { AbsenceId, AbsencePeriod } from './absences.ts'
import { ProfessionalId } from './primitives.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

export const AbsenceView = AbsencePeriod.extend({ absenceId: AbsenceId })

const absence = z.strictObject({ absenceId: AbsenceId })
const done = { 204: { description: 'Done; header `relais-position` says from where on' }, default: problems }

export const putAbsence = createRoute({
  method: 'put',
  path: '/absences/{absenceId}',
  summary: 'Say that a professional is away, and who stands in: oneself, or whoever tends the directory there',
  security: bearer,
  request: { params: absence, ...body(AbsencePeriod.strict()) },
  responses: done,
})

export const withdrawAbsence = createRoute({
  method: 'delete',
  path: '/absences/{absenceId}',
  summary: 'The professional is not away after all, or is back',
  security: bearer,
  request: { params: absence, headers: PositionHeaders },
  responses: done,
})

export const listAbsences = createRoute({
  method: 'get',
  path: '/absences',
  summary: 'The absences of a professional that are not over, the first one first',
  security: bearer,
  request: { query: z.strictObject({ professional: ProfessionalId }), headers: PositionHeaders },
  responses: { 200: json(z.object({ absences: z.array(AbsenceView).max(100) }), 'Absences'), default: problems },
})

export const absenceRoutes = [listAbsences, putAbsence, withdrawAbsence] as const
