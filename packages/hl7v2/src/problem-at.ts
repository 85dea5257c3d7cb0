import type { Expected, FieldProblem } from '@relais/contracts/messages'

type Sentence = (values: readonly string[]) => string

/** English, for whoever has no words of their own for what is expected. */
const sentences: Record<Expected['code'], Sentence> = {
  segment: () => 'this segment is expected',
  onePatient: () => 'one is expected: one patient a message',
  twoPatients: () => 'two are expected: two patients a message',
  oneMovement: () => 'one ZBE segment is expected: one movement a message',
  formerIdentifier: () => 'the identifier that is given up is expected',
  ipp: () => 'a repetition of type PI (the IPP) is expected',
  identifier: () => 'an identifier is expected',
  authority: () => 'the authority that assigned the identifier is expected',
  messageType: () => 'a message type is expected',
  triggerEvent: () => 'a trigger event is expected',
  handledTrigger: () => 'this trigger event is part of PAM.fr but is not handled yet; the message waits',
  noOriginalEvent: () => 'no original event is expected with INSERT',
  originalEvent: (values) => `the event of the movement is expected: ${values.join(', ')}`,
  actionOfTrigger: ([action = '']) => `${action} is expected with this trigger event`,
  emptyField: () => 'PAM.fr forbids this field; what follows may be shifted by one field',
  oneOf: (values) => `one of ${values.join(', ')} is expected`,
  statusChange: () => 'C is expected on a Z99 over A01, A04 or A05 only',
  noControlCharacter: () => 'no control character is expected',
  length: ([most = '']) => `at most ${most} characters are expected`,
  timestamp: ([format = '']) => `${format} is expected`,
  effectiveTime: () => 'when the movement takes effect is expected',
  recordedTime: () => 'when the event was recorded is expected',
  plannedDischarge: () => 'when the discharge is planned is expected',
  attendingPhysician: () => 'the physician who answers from now on is expected',
  facility: () => 'the facility is expected in ZBE-7.6, PV1-3.4 or MSH-4',
  wardCode: () => 'the code of the ward is expected',
  controlId: () => 'a control id, different for each message, is expected',
  header: () => 'a message begins with MSH and five different delimiters',
  characterSet: () => 'the bytes are not in a character set that MSH-18 may name here',
  segmentName: () => 'a line after it does not begin with a segment name',
  size: ([segments = '', repetitions = '']) =>
    `at most ${segments} segments and ${repetitions} repetitions of a field are read`,
  knownMovement: () => 'no movement of this stay has this identifier yet; the message waits for it',
  newMovement: () => 'another movement of this stay already has this identifier',
  standingMovement: () => 'this movement was withdrawn; it can no longer be corrected',
  sameKind: () => 'the movement with this identifier is of another kind',
  samePatient: () => 'this visit number belongs to another patient',
  settledStay: () => 'the stay keeps changing; the message has to be replayed',
  knownVisit: () => 'nothing is known of this visit yet',
  entitledSender: () => 'the sender may not speak for this assigning authority',
  sameWorld: () => 'real identities and tests do not mix: this is not for here',
  recordable: () => 'the message says more, or other, than can be recorded; a person has to look',
}

export type Problem = Pick<FieldProblem, 'path' | 'code'> & { expected: Expected['code']; values?: readonly string[] }

/** What is wrong in a place, with what is expected there: as a code, and in English. */
export function problemAt({ path, code, expected, values = [] }: Problem): FieldProblem {
  return { path, code, text: sentences[expected](values), expected: { code: expected, values: [...values] } }
}
