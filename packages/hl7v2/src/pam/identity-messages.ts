import type { FieldProblem } from '@relais/contracts/messages'
import type { ReportedIdentity } from '@relais/contracts/patients'
import type { Flag } from '@relais/contracts/movements'
import { type Message, segments } from '../message.ts'
import { readIdentity, readIpp } from './identity.ts'
import { deletesIns, insOidsAt } from './ins.ts'
import { readFormer } from './former.ts'
import { type AuthorityNames, type NamedIdentifier, type Reading, reportedTime, valueAt } from './reading.ts'
import { problemAt } from '../problem-at.ts'

/** What a message of ITI-30 says of who somebody is. `patient` is the one whose number is kept. */
export type IdentityReport = {
  patient: NamedIdentifier
  /** EVN-2, else MSH-7. */
  reportedAt: string
  /** Authorities that the message names by namespace and universal id at once. */
  authorities: AuthorityNames[]
  flags: Flag[]
  /** Signs of a test identity: the OIDs of every INS in the message, and PID-32 FICT. */
  test: { insOids: string[]; fictitious: boolean }
} & (
  | { kind: 'announced'; announcement: 'created' | 'updated'; identity: ReportedIdentity }
  | { kind: 'merged'; identity: ReportedIdentity; other: NamedIdentifier }
  | { kind: 'linked' | 'unlinked'; other: NamedIdentifier }
  /** `former` bore the number that this one replaces; `insDeleted`, that no INS of the patient holds any longer. */
  | {
      kind: 'identifiersChanged'
      identity: ReportedIdentity
      insDeleted: boolean
      former: NamedIdentifier | undefined
    }
)

export type IdentityInterpretation =
  | { kind: 'identity'; report: IdentityReport }
  | { kind: 'problems'; problems: FieldProblem[] }

const meanings = {
  A28: 'created',
  A31: 'updated',
  A40: 'merged',
  A47: 'identifiersChanged',
  A24: 'linked',
  A37: 'unlinked',
} as const
type Meaning = (typeof meanings)[keyof typeof meanings]

/** The events of ITI-30 that are read. */
export const identityTriggers: ReadonlyMap<string, Meaning> = new Map(Object.entries(meanings))

/** The segments each must have, and those it must have once: one patient, or one pair of them, a message. */
const expected: Record<Meaning, readonly [name: string, times: number][]> = {
  created: [['PID', 1]],
  updated: [['PID', 1]],
  merged: [
    ['PID', 1],
    ['MRG', 1],
  ],
  identifiersChanged: [
    ['PID', 1],
    ['MRG', 1],
  ],
  linked: [['PID', 2]],
  unlinked: [['PID', 2]],
}

/** Reads a message of ITI-30 (PAM.fr 2.11, IHE ITI TF-2 §3.30). Pure, like `interpretPam`. */
export function interpretIdentity(
  message: Message,
  { zoneOf }: { zoneOf: (authority: string) => string },
): IdentityInterpretation {
  const reading: Reading = { message, problems: [], flags: [...message.flags], authorities: [] }
  const meaning = identityTriggers.get(valueAt(reading, 'MSH-9.2') ?? '') ?? 'updated'
  const structure = structureProblems(reading, meaning)
  const patient = readIpp(reading)
  const facility = valueAt(reading, 'MSH-4.2') ?? valueAt(reading, 'MSH-4.1') ?? patient?.identifier.authority
  const zone = zoneOf(facility ?? '')
  const reportedAt = reportedTime(reading, zone)
  const said = patient && whatIsSaid(reading, meaning, { patient, zone })
  const problems = [...structure, ...reading.problems.filter(({ path }) => !isOfAny(structure, path))]
  if (problems.length > 0 || !patient || !reportedAt || !said) return { kind: 'problems', problems }
  const { flags, authorities } = reading
  const { test, ...report } = said
  const insOids = [...test.insOids, ...otherInsOids(reading)]
  return {
    kind: 'identity',
    report: { patient, reportedAt, authorities, flags, test: { ...test, insOids }, ...report },
  }
}

function whatIsSaid(reading: Reading, meaning: Meaning, { patient, zone }: { patient: NamedIdentifier; zone: string }) {
  const { identity, test } = readIdentity(reading, { ipp: patient.identifier, zone })
  switch (meaning) {
    case 'created':
    case 'updated':
      return { kind: 'announced' as const, announcement: meaning, identity, test }
    case 'merged': {
      const other = readFormer(reading, 'required')
      return other && { kind: meaning, identity, other, test }
    }
    case 'linked':
    case 'unlinked': {
      const other = readIpp(reading, 'PID[2]')
      return other && { kind: meaning, other, test }
    }
    case 'identifiersChanged':
      return identifiersChanged(reading, patient, { identity, test })
  }
}

/** A deletion takes every INS away, also one that stands beside the deleted one; the status is that of PID-32. */
function identifiersChanged(
  reading: Reading,
  patient: NamedIdentifier,
  { identity, test }: ReturnType<typeof readIdentity>,
) {
  const named = readFormer(reading, 'optional')
  const isSame = named && sameIdentifier(named, patient)
  const insDeleted = deletesIns(reading)
  return {
    kind: 'identifiersChanged' as const,
    identity: insDeleted ? withoutIns(identity) : identity,
    insDeleted,
    former: isSame ? undefined : named,
    test,
  }
}

function withoutIns(reported: ReportedIdentity): ReportedIdentity {
  const { ins: _, ...identity } = reported
  const statuses = { qualified: 'validated', retrieved: 'provisional' } as const
  const { status } = identity
  return { ...identity, status: status === 'qualified' || status === 'retrieved' ? statuses[status] : status }
}

function sameIdentifier({ identifier: one }: NamedIdentifier, { identifier: other }: NamedIdentifier): boolean {
  return one.number === other.number && one.authority === other.authority
}

function structureProblems(reading: Reading, meaning: Meaning): FieldProblem[] {
  const required: readonly [string, number][] = [['EVN', 1], ...expected[meaning]]
  return required.flatMap(([name, times]): FieldProblem[] => {
    const count = segments(reading.message, name).length
    const path = times > 1 && count > 0 ? `${name}[${times}]` : name
    if (count < times) return [problemAt({ path, code: 'segmentMissing', expected: 'segment' })]
    if (count === times || name === 'EVN') return []
    return [
      problemAt({ path: name, code: 'structureUnreadable', expected: times === 1 ? 'onePatient' : 'twoPatients' }),
    ]
  })
}

/** What a segment lacks is told once, not again for each of its fields. */
function isOfAny(structure: readonly FieldProblem[], path: string): boolean {
  return structure.some((problem) => path === problem.path || path.startsWith(`${problem.path}-`))
}

/** Of the INS that stand elsewhere than in the first PID. */
function otherInsOids(reading: Reading): string[] {
  return ['PID[2]-3', 'MRG-1'].flatMap((path) => insOidsAt(reading, path))
}
