import { createRoute, z } from '@hono/zod-openapi'
import {
  DirectoryPhone,
  FacilityDetails,
  Finess,
  OnCallId,
  OnCallScope,
  ProfessionalDetails,
  WardCode,
  WardDetails,
} from './directory.ts'
import { Instant, ProfessionalId } from './primitives.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

/** A number whose key is wrong: kept and said, never refused, since test numbers have wrong keys too. */
const Doubts = z.object({ doubts: z.array(z.object({ pointer: z.string(), reason: z.literal('keyDoubtful') })) })
const kept = { 200: json(Doubts, 'Kept; header `relais-position` says from where on'), default: problems }
const gone = { 204: { description: 'Done' }, default: problems }

const facility = z.strictObject({ finess: Finess })
export const FacilityView = FacilityDetails.extend({
  finess: Finess,
  closedAt: Instant.optional(),
  wards: z.array(WardDetails.extend({ code: WardCode })),
})

export const readFacility = createRoute({
  method: 'get',
  path: '/directory/facilities/{finess}',
  summary: 'A facility and its wards',
  security: bearer,
  request: { params: facility, headers: PositionHeaders },
  responses: { 200: json(FacilityView, 'The facility'), default: problems },
})

export const putFacility = createRoute({
  method: 'put',
  path: '/directory/facilities/{finess}',
  summary: 'Say what a facility is. What a person said stands against later national extracts',
  security: bearer,
  request: { params: facility, ...body(FacilityDetails.strict()) },
  responses: kept,
})

export const closeFacility = createRoute({
  method: 'delete',
  path: '/directory/facilities/{finess}',
  summary: 'A facility has closed; it stays readable, and is no longer found by searching',
  security: bearer,
  request: { params: facility },
  responses: gone,
})

const ward = z.strictObject({ finess: Finess, code: WardCode })
export const putWard = createRoute({
  method: 'put',
  path: '/directory/facilities/{finess}/wards/{code}',
  summary: 'Define a ward (unité fonctionnelle) of a facility',
  security: bearer,
  request: { params: ward, ...body(WardDetails.strict()) },
  responses: gone,
})

export const closeWard = createRoute({
  method: 'delete',
  path: '/directory/facilities/{finess}/wards/{code}',
  summary: 'A ward has closed',
  security: bearer,
  request: { params: ward },
  responses: gone,
})

const professional = z.strictObject({ professionalId: ProfessionalId })
export const ProfessionalView = ProfessionalDetails.extend({ professionalId: ProfessionalId })

export const readProfessional = createRoute({
  method: 'get',
  path: '/directory/professionals/{professionalId}',
  summary: 'A professional, and every place of exercise',
  security: bearer,
  request: { params: professional, headers: PositionHeaders },
  responses: { 200: json(ProfessionalView, 'The professional'), default: problems },
})

export const putProfessional = createRoute({
  method: 'put',
  path: '/directory/professionals/{professionalId}',
  summary:
    'Say who a professional is and where he or she works. Admissions may change places of their own facility only',
  security: bearer,
  request: { params: professional, ...body(ProfessionalDetails.strict()) },
  responses: kept,
})

const Found = z.object({
  kind: z.enum(['facility', 'professional']),
  /** A FINESS number, or a professional's id. */
  id: z.string(),
  name: z.string(),
  /** The category of a facility, the profession of a professional. */
  what: z.string(),
  cities: z.array(z.string()),
})
/** A page may hold less than was asked for, nothing even, and still have a next one. */
export const FoundPage = z.object({ found: z.array(Found), next: z.string().optional() })
export type FoundPage = z.infer<typeof FoundPage>

export const searchDirectory = createRoute({
  method: 'get',
  path: '/directory/search',
  summary: 'Facilities and professionals by the beginnings of words of a name, of a city, or by number',
  security: bearer,
  request: {
    query: z.strictObject({
      q: z.string().min(2).max(100),
      kind: Found.shape.kind.optional(),
      /** `next` of the page before. */
      after: z.string().max(600).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    headers: PositionHeaders,
  },
  responses: { 200: json(FoundPage, 'A page'), default: problems },
})

export const OnCallPeriod = z.object({
  onCallId: OnCallId,
  scope: OnCallScope,
  professionalId: ProfessionalId,
  phone: DirectoryPhone,
  from: Instant,
  to: Instant,
})

export const listOnCall = createRoute({
  method: 'get',
  path: '/directory/on-call',
  summary: 'Who is on call for a facility or a territory, now or at another time',
  security: bearer,
  request: { query: z.strictObject({ scope: OnCallScope, at: Instant.optional() }), headers: PositionHeaders },
  responses: { 200: json(z.object({ periods: z.array(OnCallPeriod).max(100) }), 'On call'), default: problems },
})

export const putOnCall = createRoute({
  method: 'put',
  path: '/directory/on-call/{onCallId}',
  summary: 'Put a professional on call for a time',
  security: bearer,
  request: {
    params: z.strictObject({ onCallId: OnCallId }),
    ...body(OnCallPeriod.omit({ onCallId: true }).strict()),
  },
  responses: gone,
})

export const withdrawOnCall = createRoute({
  method: 'delete',
  path: '/directory/on-call/{onCallId}',
  summary: 'Nobody is on call by this line any more',
  security: bearer,
  request: { params: z.strictObject({ onCallId: OnCallId }) },
  responses: gone,
})

export const directoryRoutes = [
  readFacility,
  putFacility,
  closeFacility,
  putWard,
  closeWard,
  readProfessional,
  putProfessional,
  searchDirectory,
  listOnCall,
  putOnCall,
  withdrawOnCall,
] as const
