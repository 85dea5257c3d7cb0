import { natures } from './pam/triggers.ts'

/** One pattern a component. A field has its shape when each of its components, of each repetition, has its own. */
type Shape = readonly RegExp[]

const sequence = /^\d{1,4}$/
/** Neither a birth date of most patients, nor 13 or 15 digits as an INS has them. */
const timestamp = /^20\d{6}(?:\d\d){0,3}(?:[+-]\d{4})?$/
const triggerEvent = /^[A-Z]\d\d$/
const yesOrNo = /^[YN]$/
const acknowledgmentCondition = /^(?:AL|NE|ER|SU)$/
const country = /^[A-Z]{2,3}$/
const charset =
  /^(?:ASCII|8859\/\d{1,2}|ISO.?8859[-/]\d{1,2}|ISO IR\d{1,3}|UNICODE(?: UTF-?(?:8|16|32))?|UTF-?(?:8|16|32)|(?:WINDOWS-|CP)125\d)$/i
/** With a digit, so that no name has it; not as long as an INS. */
const number = /^(?=\D*\d)[A-Za-z0-9._-]{1,30}$/
const anInsAtLength = /^\d{13}(?:\d\d)?$/
const ofOneCharacter = /^[A-Z0-9]$/

const shapes = new Map<string, Shape>(
  Object.entries({
    'MSH-1': [/^[!-/:-@[-`{-~]$/],
    'MSH-7': [timestamp],
    'MSH-9': [/^[A-Z]{3}$/, triggerEvent, /^(?:[A-Z]{3}_[A-Z]\d\d|ACK)$/],
    'MSH-10': [number],
    'MSH-11': [/^[PDT]$/, /^[AIRT]$/],
    'MSH-12': [/^2(?:\.\d){1,2}$/, country, /^\d(?:\.\d{1,2}){1,2}$/],
    'MSH-15': [acknowledgmentCondition],
    'MSH-16': [acknowledgmentCondition],
    'MSH-17': [country],
    'MSH-18': [charset],
    'MSH-19': [/^[A-Z]{2}$/],
    'MSH-21': [/^\d(?:\.\d{1,2}){1,2}$/, /^IHE_[A-Z]{1,20}-\d(?:\.\d{1,2}){1,2}-[A-Z]{3}$/],
    'EVN-1': [triggerEvent],
    'EVN-2': [timestamp],
    'EVN-3': [timestamp],
    'EVN-4': [/^0[1-3]$/],
    'EVN-6': [timestamp],
    'PID-1': [sequence],
    'PV1-1': [sequence],
    'PV1-2': [/^[A-Z]$/],
    'PV1-36': [/^\d{1,2}$/],
    'PV1-51': [/^[AV]$/],
    // HL7 tables 0287 and 0443, and what PAM.fr adds to them.
    'ROL-2': [/^(?:AD|CO|DE|LI|UC|UN|UP)$/],
    'ROL-3': [/^(?:AD|AT|CP|FHCP|MDIR|NS|ODRP|PP|RO|RP|RT|SUBS)$/],
    'ZBE-1': [number, /^[A-Z0-9._-]{1,20}$/, /^\d[\d.]{0,63}$/, /^[A-Z]{1,3}$/],
    'ZBE-2': [timestamp],
    'ZBE-3': [timestamp],
    'ZFD-3': [yesOrNo],
    'ZFD-4': [yesOrNo],
    'ZFD-5': [/^(?:SM|CN|DM)$/],
    'ZFM-1': [ofOneCharacter],
    'ZFM-2': [ofOneCharacter],
    'ZFM-3': [ofOneCharacter],
    'ZFM-4': [ofOneCharacter],
    'ZFM-5': [ofOneCharacter],
  }),
)

/** Wherever they stand in a ZBE, these tell nothing of the patient, and show that it is shifted by a field. */
const zbeWords = new RegExp(`^(?:INSERT|UPDATE|CANCEL|[YNAZ]|[AZ]\\d\\d|${[...natures].join('|')})$`)
const LAST_ZBE_FIELD = 10

export type WrittenField = {
  segment: string
  field: number
  value: string
  component: string
  repetition: string
}

/** Whether a value is what its own field is for: a code of its list, a timestamp or a technical number. */
export function hasOwnShape({ segment, field, value, component, repetition }: WrittenField): boolean {
  // The delimiters, which may hold themselves.
  if (segment === 'MSH' && field === 2) return /^[!-/:-@[-`{-~]{4,5}$/.test(value)
  if (segment === 'ZBE' && field <= LAST_ZBE_FIELD && zbeWords.test(value)) return true
  const shape = shapes.get(`${segment}-${field}`)
  if (!shape) return false
  return value.split(repetition).every((repeated) => {
    const components = repeated.split(component)
    return components.every((part, index) => part === '' || (shape[index]?.test(part) && !anInsAtLength.test(part)))
  })
}

/** The segments of ADT messages, PAM.fr's own included. Any other name may be a word of somebody's text. */
export const segmentNames: ReadonlySet<string> = new Set(
  (
    'MSH SFT EVN PID PD1 ARV ROL NK1 PV1 PV2 DB1 OBX AL1 DG1 DRG PR1 GT1 IN1 IN2 IN3 ACC UB1 UB2 PDA NPU MRG NTE ' +
    'ZBE ZFA ZFD ZFI ZFM ZFP ZFS ZFT ZFU ZFV'
  ).split(' '),
)

const anySegmentName = [...segmentNames].join('|')
const lostLineEnd = new RegExp(`^(?:${anySegmentName})(?![A-Za-z0-9])|(?:${anySegmentName})$`)

/** Whether another segment begins at this value, as it does where the end of the line before it was lost. */
export function beginsSegment(value: string): boolean {
  return lostLineEnd.test(value)
}
