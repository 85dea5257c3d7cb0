import type { Announcement, MessageEvent } from '@relais/contracts/messages'
import { PatientId } from '@relais/contracts/primitives'
import type { Flag } from '@relais/contracts/movements'
import type { NamedIdentifier } from '@relais/hl7v2/pam/reading'
import type { IdentityReport } from '@relais/hl7v2/pam/identity-messages'
import type { Vault } from '@relais/vault/vault'
import { type FolderKind, refusedIns } from './folder-kind.ts'
import { keepIdentity } from './record.ts'
import { maySpeakFor, type Sender } from './senders.ts'

/** The patients whom a message of ITI-30 names: the one whose number is kept, and the other. */
export type Named = { patientId: PatientId; otherId?: PatientId }
/** What is on record of any message: how it came, and where its bytes are. */
export type About = Extract<MessageEvent, { type: 'MessageIgnored' }>['data']

type Entitled =
  | { kind: 'identity'; report: IdentityReport }
  | { kind: 'notSpokenFor'; path: string }
  | { kind: 'notAllowedHere'; path: 'PID-3' }

/** Whose number is given up, or linked, and where the message names it. */
function otherOf(report: IdentityReport): { path: string; named: NamedIdentifier } | undefined {
  switch (report.kind) {
    case 'announced':
      return undefined
    case 'merged':
      return { path: 'MRG-1', named: report.other }
    case 'linked':
    case 'unlinked':
      return { path: 'PID[2]-3', named: report.other }
    case 'identifiersChanged':
      return report.former && { path: 'MRG-1', named: report.former }
  }
}

/** A sender speaks for the authorities it was given, for each of the numbers that a message names. */
export function entitledToIdentify(
  report: IdentityReport,
  { sender, kind }: { sender: Sender; kind: FolderKind },
): Entitled {
  if (refusedIns(kind, report.test)) return { kind: 'notAllowedHere', path: 'PID-3' }
  if (!maySpeakFor(sender, report.patient.identifier.authority)) return { kind: 'notSpokenFor', path: 'PID-3' }
  const other = otherOf(report)
  if (other && !maySpeakFor(sender, other.named.identifier.authority)) return { kind: 'notSpokenFor', path: other.path }
  const authorities = report.authorities.filter(({ universalId }) => maySpeakFor(sender, universalId))
  return { kind: 'identity', report: { ...report, authorities } }
}

/**
 * The patients a message names, made on first sight: what comes later, and was said earlier, meets what is said here. A
 * number that nobody knew and that is given up is known from then on, so that nothing under it goes astray.
 */
export async function resolveNamed(vault: Vault, report: IdentityReport): Promise<Named> {
  for (const { namespace, universalId } of report.authorities) await vault.rememberAuthority(namespace, universalId)
  const idOf = async ({ identifier }: NamedIdentifier) =>
    PatientId.parse(await vault.resolveOwner('patient', identifier))
  const patientId = await idOf(report.patient)
  const other = otherOf(report)
  return other ? { patientId, otherId: await idOf(other.named) } : { patientId }
}

type Announced = { report: IdentityReport; named: Named; about: About; flags: readonly Flag[] }

/** The fact that a message leaves; the identity it reports is sealed first. */
export async function announcementOf(vault: Vault, { report, named, about, flags }: Announced): Promise<Announcement> {
  const { patientId, otherId = patientId } = named
  const { reportedAt } = report
  const { authority } = report.patient.identifier
  const said = { ...about, patientId, authority, reportedAt, flags: [...report.flags, ...flags] }
  switch (report.kind) {
    case 'announced':
      return {
        type: 'IdentityAnnounced',
        data: { ...said, announcement: report.announcement, identity: await keepIdentity(vault, patientId, report) },
      }
    case 'merged':
      return {
        type: 'MergeReported',
        data: { ...said, otherId, identity: await keepIdentity(vault, patientId, report) },
      }
    case 'linked':
      return { type: 'LinkReported', data: { ...said, otherId } }
    case 'unlinked':
      return { type: 'UnlinkReported', data: { ...said, otherId } }
    case 'identifiersChanged': {
      const former = named.otherId === undefined ? {} : { formerId: named.otherId }
      const { insDeleted } = report
      return {
        type: 'IdentifiersChanged',
        data: { ...said, insDeleted, ...former, identity: await keepIdentity(vault, patientId, report) },
      }
    }
  }
}
