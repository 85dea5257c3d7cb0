import { createRoute, z } from '@hono/zod-openapi'
import { ReportedIdentity } from './patients.ts'
import {
  Instant,
  MovementId,
  OutsideIdentifier,
  PatientId,
  PlainText,
  ProfessionalId,
  StayId,
  Ward,
} from './primitives.ts'
import { bearer, body, json, problems } from './route-parts.ts'
import { type Discharge, Flag, Movement, MovementKind, PatientClass } from './movements.ts'
import { Standing } from './standing.ts'

const Text = PlainText.min(1).max(100)
const Number = OutsideIdentifier.shape.number

/**
 * The caller's own id of this act: the same body under the same id again is the same act, and answered the same. Numbers
 * that are not given are made of it.
 */
export const act = { requestId: z.uuid().lowercase() }

/** A ward of the caller's establishment. */
const OwnWard = Ward.omit({ facility: true }).strict()

const place = {
  /** Who answers for the medicine, and who for the nursing. */
  medicalWard: OwnWard.optional(),
  careWard: OwnWard.optional(),
  room: PlainText.min(1).max(30).optional(),
  bed: PlainText.min(1).max(30).optional(),
}
const said = {
  effectiveAt: Instant,
  expectedDischargeAt: Instant.optional(),
  attendingPhysician: ProfessionalId.optional(),
}
const opening = { ...said, ...place, patientClass: PatientClass }
const WrittenDischarge = z.strictObject({
  circumstances: PlainText.min(1).max(30).optional(),
  exitMode: PlainText.min(1).max(30).optional(),
  destinationKind: PlainText.min(1).max(30).optional(),
  destinationFacility: Text.optional(),
} satisfies Record<keyof z.infer<typeof Discharge>, z.ZodType>)

/** ZFM-2. */
const DEATH = '9'

const opens = [
  z.strictObject({ kind: z.literal('preadmission'), ...opening, plannedAt: Instant.optional() }),
  z.strictObject({ kind: z.literal('registration'), ...opening }),
  z.strictObject({ kind: z.literal('admission'), ...opening }),
] as const
/** A movement as a person says it, of each kind. Where the class is left out it stays what it was. */
export const WrittenMovement = z.discriminatedUnion('kind', [
  ...opens,
  z.strictObject({ kind: z.literal('plannedAdmission'), ...opening, plannedAt: Instant }),
  z.strictObject({ kind: z.literal('transfer'), ...said, ...place, patientClass: PatientClass.optional() }),
  z.strictObject({ kind: z.literal('leave'), effectiveAt: Instant }),
  z.strictObject({ kind: z.literal('return'), ...said, ...place }),
  z.strictObject({
    kind: z.literal('toInpatient'),
    ...said,
    ...place,
    patientClass: PatientClass.extract(['I', 'R', 'V']),
  }),
  z.strictObject({
    kind: z.literal('toOutpatient'),
    ...said,
    ...place,
    patientClass: PatientClass.extract(['E', 'O']),
  }),
  z.strictObject({ kind: z.literal('attendingChange'), effectiveAt: Instant, attendingPhysician: ProfessionalId }),
  z.strictObject({
    kind: z.literal('plannedTransfer'),
    effectiveAt: Instant,
    plannedAt: Instant,
    plannedWard: OwnWard,
  }),
  z.strictObject({
    kind: z.literal('plannedDischarge'),
    effectiveAt: Instant,
    expectedDischargeAt: Instant,
    /** Where to, as far as it is known. */
    discharge: WrittenDischarge.refine(({ exitMode }) => exitMode !== DEATH, {
      path: ['exitMode'],
      message: 'A death is not planned',
    }).optional(),
  }),
  z.strictObject({ kind: z.literal('discharge'), effectiveAt: Instant, discharge: WrittenDischarge.optional() }),
])
export type WrittenMovement = z.infer<typeof WrittenMovement>

/** Who the patient is, as far as the ward knows. What may be carried of it is decided as for a message. */
export const WrittenIdentity = ReportedIdentity.omit({ ipp: true, status: true })
  .extend({
    birthName: Text.optional(),
    usedName: Text.optional(),
    givenName: Text.optional(),
    givenNames: Text.optional(),
    /** `1979`, `1979-03` or `1979-03-28`; not checked against the calendar, for lunar dates exist. */
    birthDate: z
      .string()
      .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
      .optional(),
    birthplaceCog: z
      .string()
      .regex(/^[0-9][0-9AB][0-9]{3}$/)
      .optional(),
    /** HL7 table 0445: PROV, VALI, DOUT, FICT… */
    reliability: z
      .array(z.string().regex(/^[A-Z]{4}$/))
      .min(1)
      .max(6),
    ins: z
      .strictObject({ matricule: z.string().regex(/^[0-9AB]{15}$/), oid: z.string().regex(/^[0-9.]{1,60}$/) })
      .optional(),
  })
  .strict()
export type WrittenIdentity = z.infer<typeof WrittenIdentity>

/** The establishment's number of the patient. */
export const OwnPatient = z.strictObject({ ipp: Number })

export const OpenStayBody = z.strictObject({
  ...act,
  patient: OwnPatient,
  identity: WrittenIdentity,
  visitNumber: Number.optional(),
  movementNumber: Number.optional(),
  movement: z.discriminatedUnion('kind', opens),
  primaryPhysician: ProfessionalId.optional(),
  referringPhysician: ProfessionalId.optional(),
})
export type OpenStayBody = z.infer<typeof OpenStayBody>

export const flags = { flags: z.array(Flag) }

export const openStay = createRoute({
  method: 'post',
  path: '/stays',
  summary: 'Open a stay, or announce one, for a ward without an HL7 feed. The establishment is the caller’s',
  security: bearer,
  request: body(OpenStayBody),
  responses: {
    201: json(
      z.object({ stayId: StayId, patientId: PatientId, movementId: MovementId, ...flags }),
      'On record; header `relais-position` says from where on',
    ),
    default: problems,
  },
})

export const stay = z.strictObject({ stayId: StayId })
const KnownMovementView = z.object({
  kind: MovementKind,
  movement: Movement,
  withdrawnAt: Instant.optional(),
})
export const readStay = createRoute({
  method: 'get',
  path: '/stays/{stayId}',
  summary: 'What a stay is now, and its movements by when they took effect, withdrawn ones included',
  security: bearer,
  request: { params: stay },
  responses: {
    200: json(
      z.object({ stayId: StayId, patientId: PatientId, standing: Standing, movements: z.array(KnownMovementView) }),
      'The stay',
    ),
    default: problems,
  },
})

export const RecordMovementBody = z.strictObject({
  ...act,
  movementNumber: Number.optional(),
  movement: WrittenMovement,
})
export type RecordMovementBody = z.infer<typeof RecordMovementBody>
export const recordMovement = createRoute({
  method: 'post',
  path: '/stays/{stayId}/movements',
  summary: 'Say that a patient was moved, left, came back, or will',
  security: bearer,
  request: { params: stay, ...body(RecordMovementBody) },
  responses: {
    201: json(z.object({ movementId: MovementId, ...flags }), 'On record'),
    default: problems,
  },
})

const movement = z.strictObject({ stayId: StayId, movementId: MovementId })
const acknowledged = { 200: json(z.object(flags), 'On record'), default: problems }

export const CorrectMovementBody = z.strictObject({ ...act, movement: WrittenMovement })
export const correctMovement = createRoute({
  method: 'post',
  path: '/stays/{stayId}/movements/{movementId}/correct',
  summary: 'Say a movement again, whole, as it really was; also one that came by a message',
  security: bearer,
  request: { params: movement, ...body(CorrectMovementBody) },
  responses: acknowledged,
})

export const WithdrawMovementBody = z.strictObject({
  ...act,
  /** Of an admission: that the patient is expected again. Without it the visit is given up. */
  returnsToPreadmission: z.boolean().default(false),
})
export const withdrawMovement = createRoute({
  method: 'post',
  path: '/stays/{stayId}/movements/{movementId}/withdraw',
  summary: 'Say that a movement did not take place; also one that came by a message',
  security: bearer,
  request: { params: movement, ...body(WithdrawMovementBody) },
  responses: acknowledged,
})

export const ConfidentialityBody = z.discriminatedUnion('confidential', [
  z.strictObject({ confidential: z.literal(true), reason: z.enum(['patientRequest', 'sensitiveUnit']) }),
  z.strictObject({ confidential: z.literal(false) }),
])
export const putConfidentiality = createRoute({
  method: 'put',
  path: '/stays/{stayId}/confidentiality',
  summary: 'Say whether anybody outside the establishment may learn of a stay (R1112-45 CSP)',
  security: bearer,
  request: { params: stay, ...body(ConfidentialityBody) },
  responses: { 204: { description: 'So it is; header `relais-position` says from where on' }, default: problems },
})

export const stayRoutes = [
  openStay,
  readStay,
  recordMovement,
  correctMovement,
  withdrawMovement,
  putConfidentiality,
] as const
