import { z } from 'zod'

/** UTC with milliseconds: one spelling per instant, so string order is time order. */
export const Instant = z.iso.datetime({ precision: 3 })
export type Instant = z.infer<typeof Instant>

export const PatientId = z.uuid().lowercase().brand<'PatientId'>()
export type PatientId = z.infer<typeof PatientId>
export const StayId = z.uuid().lowercase().brand<'StayId'>()
export type StayId = z.infer<typeof StayId>
export const MessageId = z.uuid().lowercase().brand<'MessageId'>()
export type MessageId = z.infer<typeof MessageId>
export const MovementId = z.uuid().lowercase().brand<'MovementId'>()
export type MovementId = z.infer<typeof MovementId>

/** `rpps:10002909371` for a professional with an RPPS, else `<issuer>:<id>` (an establishment's own number). */
export const ProfessionalId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9._/-]{1,64}$/)
  .brand<'ProfessionalId'>()
export type ProfessionalId = z.infer<typeof ProfessionalId>

export const Recipient = ProfessionalId.describe(
  'Who is told: a professional, or a queue whose people share one inbox, `finess:990000028` or `uf:990000010/2104`',
)
export type Recipient = z.infer<typeof Recipient>

/**
 * One line of text: no control character of ASCII. PostgreSQL keeps no NUL. C1 is what the quotes of windows-1252 become
 * where a sender calls them 8859/1, and means nothing else here.
 */
export const PlainText = z.string().regex(/^[\P{Cc}\u0080-\u009F]*$/u)

/** An assigning authority: its universal id (CX-4.2) where there is one, else its namespace (CX-4.1). */
export const Authority = PlainText.min(1).max(100)
export type Authority = z.infer<typeof Authority>

/** A number as its assigning authority gave it: an IPP, a visit number, a movement number. */
export const OutsideIdentifier = z.object({ authority: Authority, number: PlainText.min(1).max(100) })
export type OutsideIdentifier = z.infer<typeof OutsideIdentifier>

/** A ward (unité fonctionnelle): its code means something only inside its facility. */
export const Ward = z.object({
  facility: Authority,
  code: PlainText.min(1).max(30),
  label: PlainText.max(200).optional(),
})
export type Ward = z.infer<typeof Ward>

/** A position in the log, opaque outside it: `<log epoch>:<n>`. Commands return one, reads accept one. */
export const LogPosition = z.string().regex(/^[0-9a-f-]{36}:\d{1,16}$/)
export type LogPosition = z.infer<typeof LogPosition>

/** A sealed document in the vault. The hash is that of the clear bytes. */
export const DocumentRef = z.object({
  documentId: z.uuid().lowercase(),
  size: z.int().nonnegative(),
  mediaType: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type DocumentRef = z.infer<typeof DocumentRef>

/** One event of a family: a name and a body; nothing cleverer. */
export function event<const Type extends string, Shape extends z.ZodRawShape>(type: Type, data: Shape) {
  return z.object({ type: z.literal(type), data: z.object(data) })
}

/**
 * What a contract says of the events of one category. `routing` names the fields that stay clear in the log; the codec
 * of `@relais/events` seals every other one with the key of the owner named by the routing field `sealedBy`.
 */
export type EventFamily<Event extends { type: string; data: object } = { type: string; data: object }> = {
  category: string
  routing: readonly string[]
  sealedBy: string
  schema: z.ZodType<Event>
  versions: Readonly<Record<Event['type'], number>>
  upcasts: Readonly<Record<string, z.ZodType>>
}
