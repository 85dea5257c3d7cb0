import { createRoute, z } from '@hono/zod-openapi'
import { Motive } from './patients.ts'
import { PatientId } from './primitives.ts'
import { bearer, body, problems } from './route-parts.ts'

export const forgetPatient = createRoute({
  method: 'post',
  path: '/patients/{patientId}/forget',
  summary: 'Erase a person, under every id that is known to be of him or her, for ever',
  description:
    'Destroys the keys, the documents and the outside identifiers. Nothing here knows legal retention or holds: whoever ' +
    'decides answers for them, and says why.',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId }), ...body(z.strictObject({ motive: Motive })) },
  responses: { 204: { description: 'Forgotten, or forgotten already' }, default: problems },
})
