import type { FieldProblem } from '@relais/contracts/messages'
import { readHeader } from '@relais/hl7v2/header'
import { decodeMessage } from '@relais/hl7v2/message'
import { interpretPam, type MovementReport } from '@relais/hl7v2/pam/interpret'
import { zoneOfFiness } from '@relais/hl7v2/local-time'
import { configuredZone, knowsFacility, knowsWard, maySpeakFor, type Sender } from './senders.ts'

export type Interpretation =
  | { kind: 'movement'; report: MovementReport }
  | { kind: 'quarantine'; problems: readonly FieldProblem[] }
  | { kind: 'ignored' }
  | { kind: 'notSpokenFor'; path: string }

/** What these bytes mean, coming from this sender. Pure: nothing is written, nobody is looked up. */
export function interpret(bytes: Uint8Array, sender: Sender): Interpretation {
  const decoded = decodeMessage(bytes)
  if (!decoded.ok) return { kind: 'quarantine', problems: [decoded.problem] }
  const result = interpretPam(decoded.message, {
    zoneOf: (authority) => configuredZone(sender, authority) ?? zoneOfFiness(authority),
    knowsFacility: (authority) => knowsFacility(sender, authority),
    knowsWard: (facility, code) => knowsWard(sender, facility, code),
  })
  const unnamed = readHeader(bytes).controlId === '' ? [controlIdMissing] : []
  switch (result.kind) {
    case 'movement': {
      const spoken = spokenFor(result.report, sender)
      return spoken.kind === 'movement' && unnamed.length > 0 ? { kind: 'quarantine', problems: unnamed } : spoken
    }
    case 'problems':
      return { kind: 'quarantine', problems: [...unnamed, ...result.problems] }
    case 'notSupported': {
      const text = 'this trigger event is part of PAM.fr but is not handled yet; the message waits'
      return { kind: 'quarantine', problems: [{ path: 'MSH-9', code: 'triggerNotSupported', text }] }
    }
    case 'unknownTrigger':
      return { kind: 'ignored' }
  }
}

/** Two messages without a control id cannot be told apart, nor can their acknowledgments. */
const controlIdMissing: FieldProblem = {
  path: 'MSH-10',
  code: 'fieldMissing',
  text: 'a control id, different for each message, is expected',
}

function spokenFor(report: MovementReport, sender: Sender): Interpretation {
  if (!maySpeakFor(sender, report.patient.identifier.authority)) return { kind: 'notSpokenFor', path: 'PID-3' }
  if (!maySpeakFor(sender, report.visit.identifier.authority)) return { kind: 'notSpokenFor', path: 'PV1-19' }
  const authorities = report.authorities.filter(({ universalId }) => maySpeakFor(sender, universalId))
  return { kind: 'movement', report: { ...report, authorities } }
}
