import { createRoute, z } from '@hono/zod-openapi'
import { absenceRoutes } from './absence-routes.ts'
import { Scope } from './actor.ts'
import { issueTicket, signOut } from './channel-routes.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { demonstrationRoutes } from './demonstration-routes.ts'
import { directoryRoutes } from './directory-routes.ts'
import { importRoutes } from './import-routes.ts'
import { explainEntry } from './explanation-routes.ts'
import { forgetPatient } from './forgetting-routes.ts'
import { linkPatients, listLinkDoubts, readLinks, settleLinkDoubt, undoLink } from './link-routes.ts'
import {
  closeMisdirection,
  getEhpadBoard,
  getInbox,
  getWardBoard,
  listMisdirections,
  recordReceipt,
  returnNotice,
} from './notice-routes.ts'
import { listProjections, readJob, startJob } from './operations-routes.ts'
import { PathwayView } from './pathway.ts'
import { CircleRole, IdentityView, LegalGround } from './patients.ts'
import { Authority, Instant, PatientId, ProfessionalId } from './primitives.ts'
import { protocolRoutes } from './protocol-routes.ts'
import { listQuarantine, repairQuarantined, replayQuarantined, showQuarantined } from './quarantine-routes.ts'
import { referralRoutes } from './referral-routes.ts'
import { residentRoutes } from './resident-routes.ts'
import { portalRoutes } from './portal-routes.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'
import { runRoutes } from './run-routes.ts'
import { readSenderReport } from './sender-routes.ts'
import { stayPatientRoutes } from './stay-patient-routes.ts'
import { stayRoutes } from './stay-routes.ts'

export { listAbsences, putAbsence, withdrawAbsence } from './absence-routes.ts'
export { issueTicket, signOut } from './channel-routes.ts'
export { advanceClock, playDay, readClock, readDay, readTerritory, stopDay } from './demonstration-routes.ts'
export {
  addThreadMember,
  closeThread,
  listThreads,
  markThread,
  openThread,
  putPreference,
  readPreference,
  readThread,
  removeThreadMember,
  renameThread,
  searchThreads,
} from './conversation-routes.ts'
export {
  editMessage,
  listPosts,
  postMessage,
  readAttachment,
  readPost,
  sendAttachment,
  withdrawMessage,
} from './post-routes.ts'
export { readSession, signOutOfPortal } from './portal-routes.ts'
export { explainEntry } from './explanation-routes.ts'
export { forgetPatient } from './forgetting-routes.ts'
export { linkPatients, listLinkDoubts, readLinks, settleLinkDoubt, undoLink } from './link-routes.ts'
export { Job, JobKind, listProjections, ProjectionStatus, readJob, startJob } from './operations-routes.ts'
export { POSITION_HEADER, Problem } from './route-parts.ts'
export {
  closeMisdirection,
  getEhpadBoard,
  getInbox,
  getWardBoard,
  listMisdirections,
  recordReceipt,
  returnNotice,
} from './notice-routes.ts'
export {
  closeFacility,
  closeWard,
  listOnCall,
  putFacility,
  putOnCall,
  putProfessional,
  putWard,
  readFacility,
  readProfessional,
  searchDirectory,
  withdrawOnCall,
} from './directory-routes.ts'
export {
  cancelDryRun,
  listProtocols,
  publishProtocol,
  readDryRun,
  readProtocol,
  retireProtocol,
  startDryRun,
  validateProtocol,
} from './protocol-routes.ts'
export {
  completeStep,
  endRun,
  listLateSteps,
  listPatientRuns,
  listProtocolRuns,
  listStepNotes,
  migrateRun,
  readRun,
  reassignStep,
  skipStep,
} from './run-routes.ts'
export { openImport, readImport, sendImportPart } from './import-routes.ts'
export {
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
} from './resident-routes.ts'
export {
  acceptReferral,
  answerQuestion,
  answerReferral,
  askOthers,
  askQuestion,
  cancelReferral,
  closeReferral,
  declineReferral,
  listFigureEvents,
  listReferrals,
  readReferral,
  readReferralDocument,
  readReferralStatistics,
  recordNoShow,
  recordSeen,
  redirectReferral,
  releaseReferral,
  requestReferral,
  scheduleReferral,
  takeReferral,
  sendReferralFile,
} from './referral-routes.ts'
export {
  listQuarantine,
  QuarantineStatus,
  type QuarantineSummary,
  repairQuarantined,
  replayQuarantined,
  showQuarantined,
} from './quarantine-routes.ts'
export { readSenderReport } from './sender-routes.ts'
export { giveToPatient, reportIdentity } from './stay-patient-routes.ts'
export {
  correctMovement,
  openStay,
  putConfidentiality,
  readStay,
  recordMovement,
  withdrawMovement,
} from './stay-routes.ts'

export const getPathway = createRoute({
  method: 'get',
  path: '/pathways/{patientId}',
  summary: 'The pathway of a patient, by when things happened',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId }), headers: PositionHeaders },
  responses: { 200: json(PathwayView, 'The pathway'), default: problems },
})

export const lookUpPatient = createRoute({
  method: 'post',
  path: '/patients/lookup',
  summary: 'The patient a facility knows by this number. In a body, so that no identifier reaches a URL',
  security: bearer,
  request: body(z.strictObject({ authority: Authority, number: z.string().min(1).max(100) })),
  responses: {
    200: json(z.object({ patientId: PatientId }), 'Known, and the actor may see the patient'),
    default: problems,
  },
})

export const readIdentities = createRoute({
  method: 'post',
  path: '/patients/identities',
  summary: 'The identities of up to 100 patients; those whom the actor may not know are left out',
  security: bearer,
  request: body(z.strictObject({ patientIds: z.array(PatientId).min(1).max(100) })),
  responses: {
    200: json(z.object({ identities: z.array(IdentityView) }), 'Identities'),
    default: problems,
  },
})

const CircleMember = z.object({
  memberId: ProfessionalId,
  role: CircleRole,
  ground: LegalGround,
  source: z.enum(['reported', 'declared']),
  joinedAt: Instant,
  leftAt: Instant.optional(),
})

export const readCircle = createRoute({
  method: 'get',
  path: '/patients/{patientId}/circle',
  summary: 'The care circle, past members included',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId }), headers: PositionHeaders },
  responses: { 200: json(z.object({ members: z.array(CircleMember) }), 'The circle'), default: problems },
})

/** The team of an establishment and an emergency open access on facts of their own, never on somebody's word. */
const DeclaredGround = LegalGround.extract(['exchange', 'recognisedTeam', 'organisedTeam', 'consent'])
export const DeclareMemberBody = z.strictObject({
  memberId: ProfessionalId,
  role: CircleRole,
  ground: DeclaredGround.default('exchange'),
})
export const declareMember = createRoute({
  method: 'post',
  path: '/patients/{patientId}/circle',
  summary: 'Declare that a professional takes part in the care of a patient',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId }), ...body(DeclareMemberBody) },
  responses: { 204: { description: 'In the circle; header `relais-position` says from where on' }, default: problems },
})

export const removeMember = createRoute({
  method: 'delete',
  path: '/patients/{patientId}/circle/{memberId}/{role}',
  summary: 'End a membership; open channels of the member are cut at once',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId, memberId: ProfessionalId, role: CircleRole }) },
  responses: { 204: { description: 'No longer in the circle' }, default: problems },
})

const ER7 = z.string().describe('An HL7 v2 message in ER7, in the character set that MSH-18 names')
export const sendMessage = createRoute({
  method: 'post',
  path: '/hl7v2',
  summary: 'The same message as over MLLP; answers with the same acknowledgment (AA, AE or AR)',
  security: bearer,
  request: { body: { required: true, content: { 'application/hl7-v2': { schema: ER7 } } } },
  responses: {
    200: { content: { 'application/hl7-v2': { schema: z.string() } }, description: 'The acknowledgment' },
    default: problems,
  },
})

export const TokenRequest = z.strictObject({
  id: ProfessionalId,
  role: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  organisation: Authority.optional(),
  wards: z.array(z.string().min(1).max(30)).default([]),
  scopes: z.array(Scope).optional(),
  expiresInSeconds: z.int().min(1).max(86_400).default(28_800),
})
export const issueToken = createRoute({
  method: 'post',
  path: '/tokens',
  summary: 'A token for a person of the demonstration. Exists in demonstration folders only; asks for the operator key',
  security: [{ operatorKey: [] }],
  request: body(TokenRequest),
  responses: { 201: json(z.object({ token: z.string(), expiresAt: Instant }), 'A signed token'), default: problems },
})

export const readJwks = createRoute({
  method: 'get',
  path: '/jwks',
  summary: 'The public keys that verify the tokens of the built-in issuer',
  responses: { 200: json(z.object({ keys: z.array(z.record(z.string(), z.unknown())) }), 'JWKS') },
})

/** Every route of the platform, by the service that answers it: the source of `contracts/generated/openapi.json`. */
export const routes = {
  timelines: [getPathway, explainEntry, getInbox, getWardBoard, getEhpadBoard],
  patients: [
    lookUpPatient,
    readIdentities,
    readCircle,
    declareMember,
    removeMember,
    readLinks,
    linkPatients,
    undoLink,
    forgetPatient,
    listLinkDoubts,
    settleLinkDoubt,
  ],
  stays: [
    sendMessage,
    listQuarantine,
    showQuarantined,
    repairQuarantined,
    replayQuarantined,
    ...stayRoutes,
    ...stayPatientRoutes,
    readSenderReport,
  ],
  channels: [recordReceipt, returnNotice, listMisdirections, closeMisdirection, issueTicket, signOut],
  directory: [...directoryRoutes, ...absenceRoutes, ...importRoutes, ...residentRoutes],
  conversations: conversationRoutes,
  protocols: [...protocolRoutes, ...runRoutes],
  referrals: referralRoutes,
  identity: [issueToken, readJwks],
  portal: portalRoutes,
  standalone: demonstrationRoutes,
  everyService: [listProjections, startJob, readJob],
} as const
