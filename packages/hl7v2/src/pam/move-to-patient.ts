import type { FieldProblem } from '@relais/contracts/messages'
import type { ReportedIdentity } from '@relais/contracts/patients'
import type { Flag } from '@relais/contracts/stays'
import { readFormer } from './former.ts'
import { readIdentity, readIpp } from './identity.ts'
import { insOidsAt } from './ins.ts'
import type { KnownPlaces } from './places.ts'
import {
  type AuthorityNames,
  hasSegment,
  identifierAt,
  type NamedIdentifier,
  type Reading,
  report,
  reportedTime,
  valueAt,
} from './reading.ts'

/** What an A44 says: a visit that was attributed to `from` is that of `patient`. */
export type MoveReport = {
  patient: NamedIdentifier
  from: NamedIdentifier
  visit: NamedIdentifier
  /** EVN-2, else MSH-7. */
  reportedAt: string
  authorities: AuthorityNames[]
  identity: ReportedIdentity
  flags: Flag[]
  /** Signs of a test identity: the OIDs of every INS in the message, and PID-32 FICT. */
  test: { insOids: string[]; fictitious: boolean }
}

/** Where an A44 may name the visit: the visit itself, else the account that stands for it. */
const visitPaths = ['PV1-19', 'MRG-5', 'MRG-3', 'PID-18'] as const

/** Reads an A44: PID is whose the visit is, MRG-1 whose it was said to be. */
export function interpretMove(
  reading: Reading,
  { zoneOf }: Pick<KnownPlaces, 'zoneOf'>,
): { kind: 'move'; report: MoveReport } | { kind: 'problems'; problems: FieldProblem[] } {
  const missing = ['EVN', 'PID', 'MRG'].filter((name) => !hasSegment(reading, name))
  for (const path of missing) report(reading, { path, code: 'segmentMissing', text: 'this segment is expected' })
  const patient = readIpp(reading)
  const from = readFormer(reading, 'required')
  const visit = readVisit(reading)
  const reportedAt = reportedTime(reading, zoneOf(patient?.identifier.authority ?? ''))
  const problems = reading.problems.filter(({ path }) => !missing.some((name) => path.startsWith(`${name}-`)))
  if (problems.length > 0 || !patient || !from || !visit || !reportedAt) return { kind: 'problems', problems }
  const { identity, test } = readIdentity(reading, patient.identifier)
  const insOids = [...test.insOids, ...insOidsAt(reading, 'MRG-1')]
  const { flags, authorities } = reading
  const said = { patient, from, visit, reportedAt, authorities, identity, flags, test: { ...test, insOids } }
  return { kind: 'move', report: said }
}

function readVisit(reading: Reading): NamedIdentifier | undefined {
  const path = visitPaths.find((one) => valueAt(reading, `${one}.1`) !== undefined) ?? 'PV1-19'
  return identifierAt(reading, { number: `${path}.1`, namespace: `${path}.4.1`, universalId: `${path}.4.2` })
}
