import type { FieldProblem } from '@relais/contracts/messages'
import { readHeader } from '@relais/hl7v2/header'
import { decodeMessage, field, type Message } from '@relais/hl7v2/message'
import { interpretPam, type MovementReport } from '@relais/hl7v2/pam/interpret'
import { zoneOfFiness } from '@relais/hl7v2/local-time'
import type { IdentityReport } from '@relais/hl7v2/pam/identity-messages'
import type { MoveReport } from '@relais/hl7v2/pam/move-to-patient'
import { problemAt } from '@relais/hl7v2/problem-at'
import { type FolderKind, refusedIns, refusedProcessing } from './folder-kind.ts'
import { entitledToIdentify } from './identity.ts'
import { belongsToAnother, configuredZone, knowsFacility, knowsWard, maySpeakFor, type Sender } from './senders.ts'

export type Interpretation =
  | { kind: 'movement'; report: MovementReport }
  | { kind: 'move'; report: MoveReport }
  | { kind: 'identity'; report: IdentityReport }
  | { kind: 'quarantine'; problems: readonly FieldProblem[] }
  | { kind: 'ignored' }
  | { kind: 'notSpokenFor'; path: string }
  /** A real identity in a demonstration, or a test in production. */
  | { kind: 'notAllowedHere'; path: 'MSH-11' | 'PID-3' }

/** Who sends, among whom, and into which kind of folder. */
export type Origin = { sender: Sender; senders: readonly Sender[]; kind: FolderKind }

/** What these bytes mean, coming from there. Pure: nothing is written, nobody is looked up. */
export function interpret(bytes: Uint8Array, origin: Origin): Interpretation {
  const decoded = decodeMessage(bytes)
  if (!decoded.ok) return { kind: 'quarantine', problems: [decoded.problem] }
  const { message } = decoded
  if (refusedProcessing(origin.kind, field(message, 'MSH-11.1') ?? ''))
    return { kind: 'notAllowedHere', path: 'MSH-11' }
  const unnamed = readHeader(bytes).controlId === '' ? [controlIdMissing] : []
  const meaning = meaningOf(message, origin)
  switch (meaning.kind) {
    case 'movement':
    case 'move':
    case 'identity':
      return unnamed.length > 0 ? { kind: 'quarantine', problems: unnamed } : meaning
    case 'quarantine':
      return { kind: 'quarantine', problems: [...unnamed, ...meaning.problems] }
    case 'ignored':
    case 'notSpokenFor':
    case 'notAllowedHere':
      return meaning
  }
}

function meaningOf(message: Message, origin: Origin): Interpretation {
  const { sender } = origin
  const result = interpretPam(message, {
    zoneOf: (authority) => configuredZone(sender, authority) ?? zoneOfFiness(authority),
    knowsFacility: (authority) => knowsFacility(sender, authority),
    knowsWard: (facility, code) => knowsWard(sender, facility, code),
  })
  switch (result.kind) {
    case 'movement':
      return entitled(result.report, origin)
    case 'move':
      return entitledToMove(result.report, origin)
    case 'identity':
      return entitledToIdentify(result.report, origin)
    case 'problems':
      return { kind: 'quarantine', problems: result.problems }
    case 'notSupported': {
      const problem = problemAt({ path: 'MSH-9', code: 'triggerNotSupported', expected: 'handledTrigger' })
      return { kind: 'quarantine', problems: [problem] }
    }
    case 'unknownTrigger':
      return { kind: 'ignored' }
  }
}

/** Two messages without a control id cannot be told apart, nor can their acknowledgments. */
const controlIdMissing = problemAt({ path: 'MSH-10', code: 'fieldMissing', expected: 'controlId' })

/** A sender speaks for its own authorities, and puts nobody into the wards of another establishment. */
function entitled(report: MovementReport, { sender, senders, kind }: Origin): Interpretation {
  const { patient, visit, movement, test } = report
  if (refusedIns(kind, test)) return { kind: 'notAllowedHere', path: 'PID-3' }
  if (!maySpeakFor(sender, patient.identifier.authority)) return { kind: 'notSpokenFor', path: 'PID-3' }
  if (!maySpeakFor(sender, visit.identifier.authority)) return { kind: 'notSpokenFor', path: 'PV1-19' }
  const places = [
    ['PV1-3', movement.facility],
    ['ZBE-7', movement.medicalWard?.facility],
    ['ZBE-8', movement.careWard?.facility],
    ['PV1-42', movement.plannedWard?.facility],
  ] as const
  for (const [path, facility] of places)
    if (facility !== undefined && belongsToAnother(senders, sender, facility)) return { kind: 'notSpokenFor', path }
  const authorities = report.authorities.filter(({ universalId }) => maySpeakFor(sender, universalId))
  // A dossier that another establishment numbers says nothing here.
  const dossier = report.dossier && maySpeakFor(sender, report.dossier.authority) ? report.dossier : undefined
  return { kind: 'movement', report: { ...report, dossier, authorities } }
}

function entitledToMove(report: MoveReport, { sender, kind }: Origin): Interpretation {
  const { patient, from, visit, dossier, test } = report
  if (refusedIns(kind, test)) return { kind: 'notAllowedHere', path: 'PID-3' }
  const named = [
    ['PID-3', patient.identifier],
    ['MRG-1', from.identifier],
    ['PV1-19', visit?.identifier],
    ['PID-18', dossier],
  ] as const
  for (const [path, identifier] of named)
    if (identifier && !maySpeakFor(sender, identifier.authority)) return { kind: 'notSpokenFor', path }
  const authorities = report.authorities.filter(({ universalId }) => maySpeakFor(sender, universalId))
  return { kind: 'move', report: { ...report, authorities } }
}
