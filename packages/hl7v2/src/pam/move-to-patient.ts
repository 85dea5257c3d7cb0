import type { FieldProblem } from '@relais/contracts/messages'
import type { ReportedIdentity } from '@relais/contracts/patients'
import type { OutsideIdentifier } from '@relais/contracts/primitives'
import type { Flag } from '@relais/contracts/movements'
import { dossierAt } from './dossier.ts'
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

/** What an A44 says: a visit, or every visit of a dossier, that was attributed to `from` is that of `patient`. */
export type MoveReport = {
  patient: NamedIdentifier
  from: NamedIdentifier
  /** At least one of them. */
  visit: NamedIdentifier | undefined
  dossier: OutsideIdentifier | undefined
  /** EVN-2, else MSH-7. */
  reportedAt: string
  authorities: AuthorityNames[]
  identity: ReportedIdentity
  flags: Flag[]
  /** Signs of a test identity: the OIDs of every INS in the message, and PID-32 FICT. */
  test: { insOids: string[]; fictitious: boolean }
}

const visitPaths = ['PV1-19', 'MRG-5'] as const

/** Reads an A44: PID is whose the visit is, MRG-1 whose it was said to be. */
export function interpretMove(
  reading: Reading,
  { zoneOf }: Pick<KnownPlaces, 'zoneOf'>,
): { kind: 'move'; report: MoveReport } | { kind: 'problems'; problems: FieldProblem[] } {
  const missing = ['EVN', 'PID', 'MRG'].filter((name) => !hasSegment(reading, name))
  for (const path of missing) report(reading, { path, code: 'segmentMissing', expected: 'segment' })
  const patient = readIpp(reading)
  const from = readFormer(reading, 'required')
  // The number that it had with the wrong patient, where it was given another one.
  const dossier = dossierAt(reading, 'MRG-3') ?? dossierAt(reading, 'PID-18')
  const visit = readVisit(reading, { isRequired: dossier === undefined })
  const zone = zoneOf(patient?.identifier.authority ?? '')
  const reportedAt = reportedTime(reading, zone)
  const problems = reading.problems.filter(({ path }) => !missing.some((name) => path.startsWith(`${name}-`)))
  if (problems.length > 0 || !patient || !from || !reportedAt) return { kind: 'problems', problems }
  const { identity, test } = readIdentity(reading, { ipp: patient.identifier, zone })
  const insOids = [...test.insOids, ...insOidsAt(reading, 'MRG-1')]
  const { flags, authorities } = reading
  const said = { patient, from, visit, dossier, reportedAt, authorities, identity, flags, test: { ...test, insOids } }
  return { kind: 'move', report: said }
}

function readVisit(reading: Reading, { isRequired }: { isRequired: boolean }): NamedIdentifier | undefined {
  const named = visitPaths.find((one) => valueAt(reading, `${one}.1`) !== undefined)
  if (named === undefined && !isRequired) return undefined
  const path = named ?? 'PV1-19'
  return identifierAt(reading, { number: `${path}.1`, namespace: `${path}.4.1`, universalId: `${path}.4.2` })
}
