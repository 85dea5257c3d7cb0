import type { MessageEvent } from '@relais/contracts/messages'
import { PatientId, StayId } from '@relais/contracts/primitives'
import type { StayEvent } from '@relais/contracts/stays'
import {
  type CommandContext,
  type CommandResult,
  ConcurrencyExhausted,
  loadState,
} from '@relais/event-store/command-handler'
import type { MoveReport } from '@relais/hl7v2/pam/move-to-patient'
import type { Vault } from '@relais/vault/vault'
import type { MessageCommand } from '../domain/message.ts'
import { historyFor } from '../domain/ownership.ts'
import { type MoveToPatient, stay, type StayRejection } from '../domain/stay.ts'
import type { About } from './identity.ts'
import { awaitingMove, distinct, keepIdentity, problemOf, type RecordDeps, type RecordResult } from './record.ts'

/** Whom an A44 names, and the visit where it names one. */
export type Moved = { patientId: PatientId; fromPatientId: PatientId; stayId?: StayId }
type DossierMoved = Extract<MessageEvent, { type: 'DossierMoved' }>['data']

/** The patients and the stay of an A44, made on first sight: what was said of them may come later. */
export async function resolveMoved(vault: Vault, report: MoveReport): Promise<Moved> {
  const { authorities, patient, from, visit } = report
  for (const { namespace, universalId } of authorities) await vault.rememberAuthority(namespace, universalId)
  const patientId = PatientId.parse(await vault.resolveOwner('patient', patient.identifier))
  const fromPatientId = PatientId.parse(await vault.resolveOwner('patient', from.identifier))
  if (!visit) return { patientId, fromPatientId }
  const { stayId } = await vault.resolveSubject(patient.identifier, visit.identifier)
  return { patientId, fromPatientId, stayId: StayId.parse(stayId) }
}

type MoveDeps = RecordDeps & {
  handleMessage: (
    id: string,
    command: MessageCommand,
    context: CommandContext,
  ) => Promise<{ accepted: true; position: number | undefined } | { accepted: false }>
}

/** Gives the stay that an A44 names to the right patient, and puts on record that the whole dossier is that one's. */
export async function recordMove(
  deps: MoveDeps,
  { report, moved, about }: { report: MoveReport; moved: Moved; about: About },
  context: CommandContext,
): Promise<RecordResult> {
  const { patientId, fromPatientId, stayId } = moved
  const { reportedAt, dossier } = report
  const { messageId } = about
  const identity = await keepIdentity(deps.vault, patientId, report)
  const said = { patientId, fromPatientId, messageId, reportedAt, identity }
  const ofStay = stayId && (await moveStay(deps, { ...said, stayId }, context))
  if (ofStay?.accepted === false) {
    const { rejection } = ofStay
    const awaiting = stayId && awaitingMove(rejection, { stayId, patientId })
    return { outcome: 'refused', problems: [problemOf(rejection)], awaiting }
  }
  const flags = distinct(report.flags)
  if (!dossier) return { outcome: 'accepted', flags, position: ofStay?.position, isRepeat: ofStay?.events.length === 0 }
  const data: DossierMoved = { ...about, ...said, dossier, flags }
  const announcement = { type: 'DossierMoved' as const, data }
  const recorded = await deps.handleMessage(messageId, { type: 'Announce', announcement }, context)
  const position = recorded.accepted ? recorded.position : undefined
  return { outcome: 'accepted', flags, position, isRepeat: false }
}

const ATTEMPTS = 5

/**
 * Gives a stay, with all that is on record of it, to the right patient, whose forgetting takes its number along from then
 * on. Doing it twice is doing it once.
 * @throws ConcurrencyExhausted when something else is recorded of the stay each time
 */
export async function moveStay(
  deps: Pick<RecordDeps, 'vault' | 'store' | 'stays' | 'handleStay'>,
  said: Omit<MoveToPatient, 'type' | 'history'>,
  context: CommandContext,
): Promise<CommandResult<StayEvent, StayRejection>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const history = await readHistory(deps, said)
    const result = await deps.handleStay(said.stayId, { type: 'MoveToPatient', ...said, history }, context)
    if (result.accepted) await giveNumber(deps, said.stayId)
    if (result.accepted || result.rejection.code !== 'historyIncomplete') return result
  }
  throw new ConcurrencyExhausted(`Something was recorded ${ATTEMPTS} times while a stay was moved.`)
}

type StayReading = Pick<RecordDeps, 'vault' | 'store' | 'stays'>

async function readHistory(
  { store, stays }: StayReading,
  { stayId, patientId }: Pick<MoveToPatient, 'stayId' | 'patientId'>,
) {
  const recorded: Parameters<typeof historyFor>[1][number][] = []
  for await (const one of store.readStream(`${stays.category}-${stayId}`)) {
    const decoded = await stays.decode(one)
    if (decoded?.event) recorded.push({ id: one.id, recordedAt: decoded.metadata.recordedAt, event: decoded.event })
  }
  return historyFor(patientId, recorded)
}

/** MUST look again afterwards, because another A44 may have given the stay on meanwhile. */
async function giveNumber({ vault, store, stays }: StayReading, stayId: StayId): Promise<void> {
  const ownership = async () => (await loadState(stay, { store, codec: stays }, stayId)).state
  for (let given: PatientId | undefined; ;) {
    const { patientId, formerly } = await ownership()
    if (patientId === undefined || patientId === given) return
    await vault.giveStay(stayId, { from: formerly.map((one) => one.patientId), to: patientId })
    given = patientId
  }
}
