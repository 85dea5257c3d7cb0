import type { PatientEvent } from '@relais/contracts/patients'
import { type Instant, PatientId } from '@relais/contracts/primitives'
import { type ResidentEvent, ResidentId } from '@relais/contracts/residents'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { Vault } from '@relais/vault/vault'
import type { ResidentState } from '../domain/resident.ts'
import type { ResidentMatchCommand, ResidentMatchState } from '../domain/resident-match.ts'
import { judge, type Traits } from '../domain/verdict.ts'
import { keysOf, type MatchingIndex } from '../matching-index.ts'

export type MatchResidentsDeps = {
  vault: Pick<Vault, 'blindIndex'>
  index: MatchingIndex
  loadResident: (residentId: ResidentId) => Promise<ResidentState>
  loadMatch: (residentId: ResidentId) => Promise<ResidentMatchState>
  /** What is said of them now; `undefined` when nothing is, or when it was forgotten. */
  residentTraits: (resident: ResidentState) => Promise<Traits | undefined>
  patientTraits: (patientId: PatientId) => Promise<Traits | undefined>
  handleMatch: (id: string, command: ResidentMatchCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

type Present = Extract<ResidentState, { status: 'present' }>
type Step = { deps: MatchResidentsDeps; decoded: Decoded<PatientEvent | ResidentEvent>; at: Instant }

/**
 * Residents and patients find each other, whichever of the two is known first. It looks at what holds now, not at what
 * the event said, so that history told again from the beginning ends where it ended.
 */
export function matchResidents(deps: MatchResidentsDeps) {
  return async function react(decoded: Decoded<PatientEvent | ResidentEvent>): Promise<void> {
    const step = { deps, decoded, at: decoded.metadata.recordedAt }
    const { residentId, patientId } = decoded.routing
    if (residentId !== undefined) await lookAtResident(step, ResidentId.parse(residentId))
    else if (decoded.type === 'IdentityRecorded') await lookAtPatient(step, PatientId.parse(patientId))
  }
}

async function lookAtResident(step: Step, residentId: ResidentId): Promise<void> {
  const { deps } = step
  const resident = await deps.loadResident(residentId)
  const traits = await deps.residentTraits(resident)
  if (resident.status !== 'present' || !traits) return endMatches(step, residentId, resident)
  const keys = keysOf(deps.vault, traits)
  const { pairs, twins } = await deps.loadMatch(residentId)
  const patients = new Set([...(await deps.index.alike('patient', keys)), ...pairs.keys()])
  for (const patientId of patients)
    await assess(step, { residentId, resident, traits }, { patientId: PatientId.parse(patientId) })
  const others = new Set([...(await deps.index.alike('resident', { ...keys, traits: undefined })), ...twins.keys()])
  others.delete(residentId)
  for (const other of others)
    await compare(step, { residentId, resident, traits }, { residentId: ResidentId.parse(other) })
  // MUST come last: what these keys replace is needed again if any of this fails.
  await deps.index.keep('resident', residentId, keys)
}

async function lookAtPatient(step: Step, patientId: PatientId): Promise<void> {
  const { deps } = step
  const traits = await deps.patientTraits(patientId)
  const keys = traits ? keysOf(deps.vault, traits) : { ins: undefined, traits: undefined }
  const before = await deps.index.alike('resident', await deps.index.kept(patientId))
  const residents = new Set(
    [...before, ...(await deps.index.alike('resident', keys))].map((id) => ResidentId.parse(id)),
  )
  for (const residentId of residents) {
    const resident = await deps.loadResident(residentId)
    const ofResident = await deps.residentTraits(resident)
    if (resident.status === 'present' && ofResident)
      await assess(step, { residentId, resident, traits: ofResident }, { patientId, traits })
  }
  if (traits) await deps.index.keep('patient', patientId, keys)
  else await deps.index.remove(patientId)
}

type Known = { residentId: ResidentId; resident: Present; traits: Traits }

async function assess(
  step: Step,
  { residentId, resident, traits }: Known,
  { patientId, ...patient }: { patientId: PatientId; traits?: Traits | undefined },
): Promise<void> {
  const ofPatient = patient.traits ?? (await step.deps.patientTraits(patientId))
  const verdict = ofPatient ? judge(traits, ofPatient) : { is: 'other' as const }
  const about = { residentId, ehpad: resident.entry.ehpad, at: step.at }
  await command(step, { type: 'Assess', ...about, patientId, verdict }, patientId)
}

/** Both entries are told: each register holds the other's person. */
async function compare(step: Step, here: Known, { residentId }: { residentId: ResidentId }): Promise<void> {
  const { deps, at } = step
  const other = await deps.loadResident(residentId)
  const traits = other.status === 'present' ? await deps.residentTraits(other) : undefined
  const isPresent = here.traits.ins !== undefined && here.traits.ins.matricule === traits?.ins?.matricule
  if (other.status === 'unknown') return
  const own = { residentId: here.residentId, ehpad: here.resident.entry.ehpad }
  const twin = { residentId, ehpad: other.entry.ehpad }
  await command(step, { type: 'CompareTwin', ...own, twin, isPresent, at }, residentId)
  await command(step, { type: 'CompareTwin', ...twin, twin: own, isPresent, at }, here.residentId)
}

async function endMatches(step: Step, residentId: ResidentId, resident: ResidentState): Promise<void> {
  const { deps, at } = step
  if (resident.status !== 'unknown') {
    const { twins } = await deps.loadMatch(residentId)
    const own = { residentId, ehpad: resident.entry.ehpad }
    for (const twin of twins.values())
      await command(step, { type: 'CompareTwin', ...twin, twin: own, isPresent: false, at }, residentId)
    await command(step, { type: 'End', ...own, at }, 'end')
  }
  await deps.index.remove(residentId)
}

/** Ids come from the event reacted to, so that a redelivery writes nothing new. */
function command({ deps, decoded }: Step, command: ResidentMatchCommand, part: string): Promise<object> {
  const { $correlationId } = decoded.metadata
  const actor = { id: 'relais:match-residents', role: 'system' }
  return deps.handleMatch(command.residentId, command, {
    metadata: { $correlationId, $causationId: decoded.id, actor },
    eventId: (index) => deps.derivedId(decoded.id, command.residentId, command.type, part, String(index)),
  })
}
