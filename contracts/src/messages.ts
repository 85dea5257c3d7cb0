import { z } from 'zod'
import {
  Authority,
  DocumentRef,
  event,
  type EventFamily,
  Instant,
  MessageId,
  OutsideIdentifier,
  PatientId,
  PlainText,
  StayId,
} from './primitives.ts'
import { Flag } from './movements.ts'

/** What is expected in the place of a problem. `values` are those that it names, in their order; never what was received. */
export const Expected = z.object({
  code: z.enum([
    'segment',
    'onePatient',
    'twoPatients',
    'oneMovement',
    'formerIdentifier',
    'ipp',
    'identifier',
    'authority',
    'messageType',
    'triggerEvent',
    'handledTrigger',
    'noOriginalEvent',
    'originalEvent',
    'actionOfTrigger',
    'emptyField',
    'oneOf',
    'statusChange',
    'noControlCharacter',
    'length',
    'timestamp',
    'effectiveTime',
    'recordedTime',
    'plannedDischarge',
    'attendingPhysician',
    'facility',
    'wardCode',
    'controlId',
    'header',
    'characterSet',
    'segmentName',
    'size',
    'knownMovement',
    'newMovement',
    'standingMovement',
    'sameKind',
    'samePatient',
    'settledStay',
    'knownVisit',
    'entitledSender',
    'sameWorld',
    'recordable',
  ]),
  values: z.array(z.string()),
})
export type Expected = z.infer<typeof Expected>

/** Why a message waits: the place in HL7 notation (`ZBE-4`) and a stable code; never a value. */
export const FieldProblem = z.object({
  /** Segment and field, such as `ZBE-4` or `PID-3(2).4.2`; a bare segment name when the whole is missing. */
  path: z.string(),
  code: z.enum([
    'segmentMissing',
    'fieldMissing',
    'fieldForbidden',
    'fieldInvalid',
    'timestampInvalid',
    'movementUnknown',
    'movementIdReused',
    'triggerNotSupported',
    'triggerMismatch',
    'movementWithdrawn',
    'patientMismatch',
    'encodingUnreadable',
    'structureUnreadable',
  ]),
  /** English, for a person; says what is expected, never what was received. */
  text: z.string(),
  /** The same as a code, for other languages; older messages have none. */
  expected: Expected.optional(),
})
export type FieldProblem = z.infer<typeof FieldProblem>

/** One edit of a repair, applied in order to the original bytes. Removing a field shifts the following ones left. */
export const RepairEdit = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('set'),
    path: z.string().regex(/^[A-Z][A-Z0-9]{2}(\[\d{1,4}\])?-\d{1,3}$/),
    value: z.string().max(2000),
  }),
  z.strictObject({ op: z.literal('removeField'), path: z.string().regex(/^[A-Z][A-Z0-9]{2}(\[\d{1,4}\])?-\d{1,3}$/) }),
  z.strictObject({
    op: z.literal('insertField'),
    path: z.string().regex(/^[A-Z][A-Z0-9]{2}(\[\d{1,4}\])?-\d{1,3}$/),
    value: z.string().max(2000),
  }),
])
export type RepairEdit = z.infer<typeof RepairEdit>

const received = {
  messageId: MessageId,
  /** Whose vault key seals this event: the patient where one is resolved, else `sender:<id>:<yyyy-mm-dd>`. */
  keyOwner: z.string(),
  senderId: z.string(),
  receivedAt: Instant,
  raw: DocumentRef,
  /** MSH-9 as written, such as `ADT^A03^ADT_A03`. */
  trigger: PlainText,
  controlId: z.string(),
  /** Over HTTP: the organisation of the caller, for which alone it may speak. */
  organisation: Authority.optional(),
}

const identified = { messageId: MessageId, keyOwner: z.string(), senderId: z.string() }

/** What replays a message by itself: that a movement arrives; without one, that the stay goes to another patient (A44). */
const Awaiting = z.object({ stayId: StayId, patientId: PatientId, movement: OutsideIdentifier.optional() })
export type Awaiting = z.infer<typeof Awaiting>

/** What a message of ITI-30 says of who somebody is: it bears on no stay, so it is on record with the message. */
const announced = {
  ...received,
  patientId: PatientId,
  /** Who gave the patient's number (the IPP). */
  authority: Authority,
  /** EVN-2, else MSH-7: when the hospital's software said it. */
  reportedAt: Instant,
  flags: z.array(Flag),
}
const announcedOfTwo = { ...announced, otherId: PatientId }

/** Why nothing of a message was kept. */
export const RefusalReason = z.enum([
  'senderNotEntitled',
  'processingIdRefused',
  /** A frame larger than the listener takes, or cut before its end. */
  'frameTooLarge',
  'frameTruncated',
])
export type RefusalReason = z.infer<typeof RefusalReason>

export const MessageEvent = z.discriminatedUnion('type', [
  event('MessageQuarantined', {
    ...received,
    problems: z.array(FieldProblem).min(1),
    awaiting: Awaiting.optional(),
  }),
  event('MessageRepaired', { ...identified, edits: z.array(RepairEdit).min(1), raw: DocumentRef, repairedAt: Instant }),
  event('MessageReplayed', {
    ...identified,
    replayedAt: Instant,
    /** A person asked, or what it waited for arrived. */
    cause: z.enum(['person', 'arrival']),
    outcome: z.enum(['accepted', 'quarantined']),
    problems: z.array(FieldProblem),
    awaiting: Awaiting.optional(),
    stayId: StayId.optional(),
    patientId: PatientId.optional(),
  }),
  event('MessageViewed', { ...identified, viewedAt: Instant }),
  event('MessageIgnored', received),
  /** Answered AR: that it came is all that is known of it. Unnamed: it was too broken to tell even its control id. */
  event('MessageRefused', { ...identified, receivedAt: Instant, reason: RefusalReason, isNamed: z.boolean() }),
  /** It said again, under another control id, what is on record: nothing else tells that it came. */
  event('MessageRepeated', { ...identified, receivedAt: Instant }),
  /** A44: every visit of a dossier that was attributed to `fromPatientId` is that of `patientId`. */
  event('DossierMoved', {
    ...received,
    patientId: PatientId,
    fromPatientId: PatientId,
    /** PID-18, or MRG-3 where it had another number: what became of it is the concern of each of its stays. */
    dossier: OutsideIdentifier,
    reportedAt: Instant,
    identity: DocumentRef,
    flags: z.array(Flag),
  }),
  /** A28, A31: who the patient is. */
  event('IdentityAnnounced', { ...announced, identity: DocumentRef, announcement: z.enum(['created', 'updated']) }),
  /** A40: the number of `otherId` is no longer used, `patientId` survives. */
  event('MergeReported', { ...announcedOfTwo, identity: DocumentRef }),
  /** A24, A37: two numbers of one person, or no longer. */
  event('LinkReported', announcedOfTwo),
  event('UnlinkReported', announcedOfTwo),
  /** A47. `formerId` is who bore the number that this one replaces. */
  event('IdentifiersChanged', {
    ...announced,
    identity: DocumentRef,
    insDeleted: z.boolean(),
    formerId: PatientId.optional(),
  }),
])
export type MessageEvent = z.infer<typeof MessageEvent>

const announcements = [
  'IdentityAnnounced',
  'MergeReported',
  'LinkReported',
  'UnlinkReported',
  'IdentifiersChanged',
] as const satisfies readonly MessageEvent['type'][]
/** The facts that a message of ITI-30 leaves. */
export type Announcement = Extract<MessageEvent, { type: (typeof announcements)[number] }>

export function isAnnouncement(event: MessageEvent): event is Announcement {
  return announcements.some((type) => type === event.type)
}

export const messageEvents = {
  category: 'message',
  routing: ['messageId', 'keyOwner', 'senderId'],
  sealedBy: 'keyOwner',
  schema: MessageEvent,
  versions: {
    MessageQuarantined: 1,
    MessageRepaired: 1,
    MessageReplayed: 1,
    MessageViewed: 1,
    MessageIgnored: 1,
    MessageRefused: 1,
    MessageRepeated: 1,
    DossierMoved: 1,
    IdentityAnnounced: 1,
    MergeReported: 1,
    LinkReported: 1,
    UnlinkReported: 1,
    IdentifiersChanged: 1,
  },
  upcasts: {},
} satisfies EventFamily<MessageEvent>
