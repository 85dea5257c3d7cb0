import { z } from 'zod'
import { event, type EventFamily, Instant, PlainText, ProfessionalId } from './primitives.ts'

/** Nine characters, as the national register writes them. A wrong key is a doubt, never a refusal. */
export const Finess = z.string().regex(/^[0-9][0-9AB][0-9]{7}$/)
export type Finess = z.infer<typeof Finess>

/** FINESS: `EJ` is the legal entity, `EG` a place that receives people. */
export const FacilityEntity = z.enum(['EJ', 'EG'])

/** What is said of the directory is public: one key for all of it, so that nothing is special about its events. */
const keyOwner = { keyOwner: z.literal('directory') }
export const DIRECTORY_KEY = 'directory' as const

/** Who said it: the national extract, or a person, whose word stands until a person says otherwise. */
export const DirectorySource = z.enum(['extract', 'person'])
export type DirectorySource = z.infer<typeof DirectorySource>

export const DirectoryPhone = z.string().regex(/^\+?[0-9][0-9 .()/-]{2,29}$/)
const Name = PlainText.min(1).max(200)

export const Address = z.object({
  /** Everything above the postcode, as it is written on an envelope. */
  lines: z.array(PlainText.min(1).max(200)).max(6),
  postcode: z
    .string()
    .regex(/^[0-9A-Z][0-9A-Z ]{1,9}$/)
    .optional(),
  /** INSEE code of the commune (code officiel géographique). */
  cog: z
    .string()
    .regex(/^[0-9][0-9AB][0-9]{3}$/)
    .optional(),
  city: PlainText.max(100),
})
export type Address = z.infer<typeof Address>

/** An IANA zone: local times of this facility are read in it. */
const Zone = z.string().regex(/^[A-Z][A-Za-z_]+\/[A-Z][A-Za-z_]+$/)

export const FacilityDetails = z.object({
  entity: FacilityEntity,
  legalEntity: Finess.optional(),
  /** FINESS category: 355 CH, 500 EHPAD, 620 pharmacie… */
  category: z.string().regex(/^[0-9]{3,4}$/),
  name: Name,
  address: Address,
  zone: Zone,
  phone: DirectoryPhone.optional(),
})
export type FacilityDetails = z.infer<typeof FacilityDetails>

export const WardCode = PlainText.min(1).max(30)
export const WardDetails = z.object({
  label: Name,
  discipline: PlainText.min(1).max(100).optional(),
  phone: DirectoryPhone.optional(),
  /** Stays in this ward are shown to the establishment's own team only. */
  confidential: z.boolean(),
})
export type WardDetails = z.infer<typeof WardDetails>

const facility = { ...keyOwner, finess: Finess }
const facilityData = { ...facility, details: FacilityDetails, source: DirectorySource }

export const FacilityEvent = z.discriminatedUnion('type', [
  event('FacilityRegistered', facilityData),
  event('FacilityChanged', facilityData),
  event('FacilityClosed', { ...facility, closedAt: Instant }),
  event('WardDefined', { ...facility, code: WardCode, ward: WardDetails }),
  event('WardClosed', { ...facility, code: WardCode, closedAt: Instant }),
])
export type FacilityEvent = z.infer<typeof FacilityEvent>

export const facilityEvents = {
  category: 'facility',
  routing: ['keyOwner', 'finess'],
  sealedBy: 'keyOwner',
  schema: FacilityEvent,
  versions: { FacilityRegistered: 1, FacilityChanged: 1, FacilityClosed: 1, WardDefined: 1, WardClosed: 1 },
  upcasts: {},
} satisfies EventFamily<FacilityEvent>

/** A box of the MSSanté space of trust. Its address is what tells it from others. */
export const MssanteBox = z.object({
  address: z
    .string()
    .max(254)
    .regex(/^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/),
  kind: z.enum(['PER', 'ORG', 'APP', 'CAB']),
})

/** One place where a professional works. */
export const Place = z.object({
  placeId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$/),
  finess: Finess.optional(),
  siret: z
    .string()
    .regex(/^[0-9]{14}$/)
    .optional(),
  name: PlainText.max(200),
  address: Address,
  phone: DirectoryPhone.optional(),
  mssante: z.array(MssanteBox).max(10).optional(),
  /** As what: `Libéral`, `Salarié`… */
  role: PlainText.max(100).optional(),
})
export type Place = z.infer<typeof Place>

export const ProfessionalDetails = z.object({
  familyName: Name,
  givenName: PlainText.max(200).optional(),
  /** In the words of the register: `Médecin`, `Infirmier`… */
  profession: PlainText.min(1).max(100),
  specialty: PlainText.min(1).max(200).optional(),
  places: z.array(Place).max(200),
})
export type ProfessionalDetails = z.infer<typeof ProfessionalDetails>

const SourcedPlace = Place.extend({ source: DirectorySource })
export type SourcedPlace = z.infer<typeof SourcedPlace>
const professionalData = {
  ...keyOwner,
  professionalId: ProfessionalId,
  details: ProfessionalDetails.extend({ places: z.array(SourcedPlace).max(200) }),
}

export const ProfessionalEvent = z.discriminatedUnion('type', [
  event('ProfessionalRegistered', professionalData),
  event('ProfessionalChanged', professionalData),
])
export type ProfessionalEvent = z.infer<typeof ProfessionalEvent>

export const professionalEvents = {
  category: 'professional',
  routing: ['keyOwner', 'professionalId'],
  sealedBy: 'keyOwner',
  schema: ProfessionalEvent,
  versions: { ProfessionalRegistered: 1, ProfessionalChanged: 1 },
  upcasts: {},
} satisfies EventFamily<ProfessionalEvent>

export const OnCallId = z.uuid().lowercase().brand<'OnCallId'>()
export type OnCallId = z.infer<typeof OnCallId>

/** For whom somebody is on call: `finess:990000010`, or a territory such as `cpts:rives-de-loire`. */
export const OnCallScope = z.string().regex(/^(finess:[0-9][0-9AB][0-9]{7}|cpts:[a-z0-9][a-z0-9-]{0,59})$/)
export type OnCallScope = z.infer<typeof OnCallScope>

const onCall = { ...keyOwner, onCallId: OnCallId, scope: OnCallScope }

export const OnCallEvent = z.discriminatedUnion('type', [
  event('OnCallSet', { ...onCall, professionalId: ProfessionalId, phone: DirectoryPhone, from: Instant, to: Instant }),
  event('OnCallWithdrawn', { ...onCall, withdrawnAt: Instant }),
])
export type OnCallEvent = z.infer<typeof OnCallEvent>

export const onCallEvents = {
  category: 'onCall',
  routing: ['keyOwner', 'onCallId'],
  sealedBy: 'keyOwner',
  schema: OnCallEvent,
  versions: { OnCallSet: 1, OnCallWithdrawn: 1 },
  upcasts: {},
} satisfies EventFamily<OnCallEvent>
