import { createRoute, z } from '@hono/zod-openapi'
import { PatientId } from './primitives.ts'
import { bearer, body, json, problems } from './route-parts.ts'
import { act, flags, OwnPatient, stay, WrittenIdentity } from './stay-routes.ts'

export const StayPatientBody = z.strictObject({ ...act, patient: OwnPatient, identity: WrittenIdentity })
export type StayPatientBody = z.infer<typeof StayPatientBody>

export const reportIdentity = createRoute({
  method: 'post',
  path: '/stays/{stayId}/identity',
  summary: 'Say anew, whole, who the patient of a stay is, as A31 does. An INS that is left out is carried no longer',
  security: bearer,
  request: { params: stay, ...body(StayPatientBody) },
  responses: { 200: json(z.object(flags), 'On record'), default: problems },
})

export const giveToPatient = createRoute({
  method: 'post',
  path: '/stays/{stayId}/patient',
  summary: 'Say that a stay, with all that is on record of it, is another patient’s, as A44 does',
  security: bearer,
  request: { params: stay, ...body(StayPatientBody) },
  responses: { 200: json(z.object({ patientId: PatientId, ...flags }), 'On record'), default: problems },
})

export const stayPatientRoutes = [reportIdentity, giveToPatient] as const
