import type { FieldProblem } from '@relais/contracts/messages'
import type { Instant } from '@relais/contracts/primitives'
import type { Flag } from '@relais/contracts/movements'
import { encodeText } from './charset.ts'
import { controlCharacters, type Delimiters, escapeText } from './er7.ts'
import type { MessageHeader } from './header.ts'
import { decodeMessage, field, segments } from './message.ts'

/** AA accepted, AE refused as it is, AR refused for now or for ever without being looked at. */
export type AckCode = 'AA' | 'AE' | 'AR'

/** `code` is one of `FieldProblem`'s, or a receiver's own; `text` is ours and never holds a received value. */
export type AckProblem = { path: string; code: string; text: string }

export type AckInput = {
  header: MessageHeader
  code: AckCode
  problems: readonly AckProblem[]
  warnings: readonly Flag[]
  now: Instant
  /** Of the acknowledgment itself. */
  controlId: string
}

/** HL7 v2.5 allows a control id of 20 characters, an application or a facility of 180. */
const LONGEST_CONTROL_ID = 199
const LONGEST_ECHO = 180

/** HL7 table 0357. */
const conditionNames = {
  '0': 'Message accepted',
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '204': 'Unknown key identifier',
  '205': 'Duplicate key identifier',
  '206': 'Application record locked',
  '207': 'Application internal error',
} as const
type Condition = keyof typeof conditionNames

const problemConditions = new Map<string, Condition>(
  Object.entries({
    segmentMissing: '100',
    structureUnreadable: '100',
    fieldMissing: '101',
    fieldForbidden: '102',
    timestampInvalid: '102',
    encodingUnreadable: '102',
    fieldInvalid: '103',
    triggerMismatch: '103',
    triggerNotSupported: '201',
    movementUnknown: '204',
    movementWithdrawn: '204',
    patientMismatch: '204',
    movementIdReused: '205',
    processingIdRefused: '202',
    recordLocked: '206',
  } satisfies Partial<Record<FieldProblem['code'] | 'processingIdRefused' | 'recordLocked', Condition>>),
)

const warningTexts: Record<Flag['code'], readonly [Condition, string]> = {
  admissionMissing: ['204', 'no admission of this visit is known yet'],
  controlIdReused: ['205', 'this control id came before with another content; both are kept'],
  insKeyWrong: ['102', 'the key of the INS is wrong; taken in without the INS'],
  insNotQualified: ['103', 'the identity is not qualified; taken in without the INS'],
  insOidUnknown: ['103', 'the OID is none of the INS; taken in without it'],
  facilityUnknown: ['204', 'this facility is not configured'],
  wardUnknown: ['204', 'this ward is not configured'],
  finessKeyWrong: ['102', 'the key of the FINESS number is wrong'],
  rppsKeyWrong: ['102', 'the key of the RPPS number is wrong'],
  localTimeDoubled: ['102', 'the clock showed this time twice that day; the first was taken'],
  localTimeSkipped: ['102', 'the clock never showed this time that day; it was moved forward'],
  olderThanWhatItCorrects: ['0', 'a newer correction of this movement is known'],
  movementAlreadyWithdrawn: ['204', 'this movement was withdrawn; nothing was corrected'],
  encodingUnexpected: ['102', 'the bytes are not plainly in the character set announced'],
  dischargeTimeDiffers: ['102', 'this time and ZBE-2 differ; ZBE-2 was taken'],
  classUnexpected: ['103', 'another class is expected with this event; the class as sent was taken'],
  movementDoubled: ['205', 'another movement of this nature takes effect at this time for the same ward'],
}

type Entry = { path: string; condition: Condition; own: string; severity: 'E' | 'W'; text: string }

/**
 * The acknowledgment (HL7 v2.5, chapter 2.9) of a message, broken as it may be: MSH swapped, MSA-2 the received MSH-10,
 * one ERR for each problem (severity E) and warning (W). Written with the sender's delimiters in its character set.
 * A refusal without a problem says 207, application internal error.
 */
export function acknowledge({ header, code, problems, warnings, now, controlId }: AckInput): Uint8Array {
  const { delimiters } = header
  const unexplained = code !== 'AA' && problems.length === 0
  const entries: Entry[] = [
    ...problems.map(problemEntry),
    ...(unexplained
      ? [problemEntry({ path: 'MSH', code: 'notProcessed', text: 'the message was not processed' })]
      : []),
    ...warnings.map(warningEntry),
  ]
  const lines = [
    headerSegment({ header, now, controlId }),
    ['MSA', code, echo(header.controlId, LONGEST_CONTROL_ID)],
    ...entries.map((entry) => errorSegment(entry, delimiters)),
  ]
  const text = lines.map((fields) => `${fields.join(delimiters.field)}\r`).join('')
  // Whatever was read in a character set can be written in it; our own texts are ASCII.
  return encodeText(text, header.readIn) ?? new TextEncoder().encode(text)
}

/** One error of an acknowledgment: where (`ZBE-4`), table 0357, severity, and what it says. */
export type AckError = { path: string; condition: string; severity: string; text: string }
export type Ack = { code: string; controlId: string; errors: AckError[] }

/** Reads an acknowledgment; `undefined` for anything without an MSA. */
export function readAck(bytes: Uint8Array): Ack | undefined {
  const decoded = decodeMessage(bytes)
  if (!decoded.ok) return undefined
  const { message } = decoded
  const code = field(message, 'MSA-1')
  if (!code) return undefined
  const errors = segments(message, 'ERR').map((_, index) => {
    const at = (place: string) => field(message, `ERR[${index + 1}]-${place}`) ?? ''
    return { path: pathOf(at), condition: at('3.1'), severity: at('4'), text: at('8') || at('7') }
  })
  return { code, controlId: field(message, 'MSA-2') ?? '', errors }
}

function pathOf(at: (place: string) => string): string {
  const occurrence = Number(at('2.2') || 1) > 1 ? `[${at('2.2')}]` : ''
  const repetition = Number(at('2.4') || 1) > 1 ? `(${at('2.4')})` : ''
  const component = at('2.5') && `.${at('2.5')}${at('2.6') && `.${at('2.6')}`}`
  return at('2.1') + occurrence + (at('2.3') && `-${at('2.3')}`) + repetition + component
}

function problemEntry({ path, code, text }: AckProblem): Entry {
  const atMsh = path.startsWith('MSH-9.1') ? '200' : path.startsWith('MSH-11') ? '202' : undefined
  return { path, condition: atMsh ?? problemConditions.get(code) ?? '207', own: code, severity: 'E', text }
}

function warningEntry({ code, path }: Flag): Entry {
  const [condition, text] = warningTexts[code]
  return { path, condition, own: code, severity: 'W', text }
}

function headerSegment({ header, now, controlId }: Pick<AckInput, 'header' | 'now' | 'controlId'>): string[] {
  const { component, repetition, escape, subcomponent } = header.delimiters
  const event = header.event ? ['ACK', echo(header.event), 'ACK'] : ['ACK']
  return [
    'MSH',
    component + repetition + escape + subcomponent,
    echo(header.receivingApplication),
    echo(header.receivingFacility),
    echo(header.sendingApplication),
    echo(header.sendingFacility),
    `${now.replace(/[-:T]/g, '').slice(0, 14)}+0000`,
    '',
    event.join(component),
    escapeText(controlId, header.delimiters),
    echo(header.processingId) || 'P',
    echo(header.version) || ['2.5', 'FRA', '2.11'].join(component),
    '',
    '',
    '',
    '',
    'FRA',
    echo(header.charset),
    'FR',
  ]
}

const pathSyntax =
  /^(?<segment>[A-Z0-9]{3})(?:\[(?<occurrence>\d+)\])?(?:-(?<field>\d+)(?:\((?<repetition>\d+)\))?(?:\.(?<component>\d+)(?:\.(?<subcomponent>\d+))?)?)?$/

function errorSegment({ path, condition, own, severity, text }: Entry, delimiters: Delimiters): string[] {
  const place = pathSyntax.exec(path)?.groups ?? {}
  const { segment = '', occurrence = '1', field: number = '', component = '', subcomponent = '' } = place
  const repetition = place['repetition'] ?? (number && '1')
  const location = [segment, occurrence, number, repetition, component, subcomponent].join(delimiters.component)
  const coded = (...parts: string[]) => parts.map((part) => escapeText(part, delimiters)).join(delimiters.component)
  return [
    'ERR',
    '',
    location.replace(new RegExp(`\\${delimiters.component}+$`), ''),
    coded(condition, conditionNames[condition], 'HL70357'),
    severity,
    coded(own, '', 'L'),
    '',
    escapeText(path, delimiters),
    escapeText(text, delimiters),
  ]
}

/** A received value as it was, cut where it is longer, save control characters: a last 0x1C would end the frame. */
function echo(value: string, most = LONGEST_ECHO): string {
  return value.replaceAll(controlCharacters, '').slice(0, most)
}
