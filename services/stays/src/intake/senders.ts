import type { Actor } from '@relais/contracts/actor'
import type { Authority } from '@relais/contracts/primitives'
import { z } from 'zod'

const SpokenFor = z.strictObject({
  /** The universal id of the authority (CX-4.2), or its namespace where it has no universal id. */
  id: z.string().min(1),
  /** IANA zone of the facility's clock. HL7 local times carry none. Default: from the FINESS, else Europe/Paris. */
  zone: z.string().refine(isZone, 'expected an IANA zone such as Europe/Paris').optional(),
  /** Codes of its wards; left out, no ward code is doubted. */
  wards: z.array(z.string()).optional(),
})

export const ConfiguredSender = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    /** The address it connects from, or the SHA-256 fingerprint of its certificate (hex, no colons). */
    address: z.string().optional(),
    certificate: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** What it may speak for; `*` (any) exists for demonstrations only. */
    authorities: z.union([z.literal('*'), z.array(SpokenFor).min(1)]),
    /** With `*`: the facilities that are known all the same. */
    facilities: z.array(z.string()).optional(),
    /** `<facility>:<ward>` of units whose stays nobody outside learns of until they are released. */
    sensitiveWards: z.array(z.string().regex(/^[^:]+:[^:]+$/, 'expected <facility>:<ward code>')).optional(),
    /** Organisations whose people tend its quarantined messages; left out, its one authority, or operators only. */
    tendedBy: z.array(z.string()).optional(),
    /** How a quarantined message is answered: AA keeps feeds going that stop at the first AE. */
    quarantineAnswer: z.enum(['AE', 'AA']).default('AE'),
  })
  .refine((sender) => (sender.address === undefined) !== (sender.certificate === undefined), {
    message: 'a sender has either an address or a certificate',
  })
/** A configured sender, or a caller of the HTTP interface, who speaks for his or her own organisation. */
export type Sender = z.infer<typeof ConfiguredSender> & { organisation?: Authority | undefined }

/** The sender that a caller of `POST /hl7v2` is. */
export function callerAsSender(id: string, organisation: Authority): Sender {
  const name = `http-${id.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}`.slice(0, 40)
  return { id: name, address: 'http', authorities: [{ id: organisation }], quarantineAnswer: 'AE', organisation }
}

/** Who connects: what a listener knows of a peer. */
export type Peer = { address: string; certificateFingerprint?: string | undefined }

/** The sender bound to this certificate, else to this address; `undefined` for anybody else. */
export function senderOf(senders: readonly Sender[], peer: Peer): Sender | undefined {
  const fingerprint = peer.certificateFingerprint?.replaceAll(':', '').toLowerCase()
  const address = peer.address.replace(/^::ffff:/, '')
  return senders.find((sender) =>
    sender.certificate === undefined ? sender.address === address : sender.certificate === fingerprint,
  )
}

export function maySpeakFor({ authorities }: Sender, authority: Authority): boolean {
  return authorities === '*' || authorities.some(({ id }) => id === authority)
}

export function knowsFacility({ authorities, facilities }: Sender, facility: Authority): boolean {
  if (authorities === '*') return facilities?.includes(facility) ?? false
  return authorities.some(({ id }) => id === facility)
}

export function knowsWard({ authorities }: Sender, facility: Authority, code: string): boolean {
  if (authorities === '*') return true
  const wards = authorities.find(({ id }) => id === facility)?.wards
  return wards === undefined || wards.includes(code)
}

/** Those that the configuration names: a hospital without a directory has no other place to. */
export function configuredSensitiveWards(senders: readonly Sender[]): ReadonlySet<string> {
  return new Set(senders.flatMap(({ sensitiveWards = [] }) => sensitiveWards))
}

export function configuredZone({ authorities }: Sender, authority: Authority): string | undefined {
  return authorities === '*' ? undefined : authorities.find(({ id }) => id === authority)?.zone
}

/** Whether a place is of another sender's establishment, and not of this one's. */
export function belongsToAnother(senders: readonly Sender[], sender: Sender, facility: Authority): boolean {
  return !maySpeakFor(sender, facility) && senders.some((other) => knowsFacility(other, facility))
}

/**
 * The people of the establishment that a sender speaks for tend its messages; operators tend all. Whoever speaks for
 * several says who tends them: the people of one would otherwise repair what is about the patients of another.
 */
export function mayTendSender({ role, organisation }: Actor, sender: Sender): boolean {
  return role === 'operateur' || (organisation !== undefined && tenders(sender).includes(organisation))
}

function tenders({ tendedBy, authorities, facilities = [] }: Sender): readonly Authority[] {
  if (tendedBy) return tendedBy
  if (authorities === '*') return facilities
  return authorities.length === 1 ? authorities.map(({ id }) => id) : []
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
