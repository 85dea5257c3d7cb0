import { PatientId } from '@relais/contracts/primitives'
import { ResidentId } from '@relais/contracts/residents'
import type { Decoded } from '@relais/event-store/codec'
import type { ResidentState } from '../domain/resident.ts'
import { keysOf } from '../matching-index.ts'
import {
  command,
  knownResident,
  lookAtPairs,
  type MatchingEvent,
  type ResidentPairsDeps,
  type Step,
} from '../resident-pairs.ts'

/**
 * Residents and patients find each other, whichever of the two is known first, and under whichever number. It looks at
 * what holds now, not at what the event said, so that history told again from the beginning ends where it ended.
 */
export function matchResidents(deps: ResidentPairsDeps) {
  return async function react(decoded: Decoded<MatchingEvent>): Promise<void> {
    const step = { deps, decoded, at: decoded.metadata.recordedAt }
    const { residentId, patientId, otherId } = decoded.routing
    switch (decoded.type) {
      case 'IdentityRecorded':
        return lookAtPatient(step, PatientId.parse(patientId))
      case 'PatientsLinked':
      case 'PatientsUnlinked':
        return lookAtPersons(step, [patientId, otherId])
      case 'PatientForgotten':
        return forget(step, PatientId.parse(patientId))
      case 'ResidentEntered':
      case 'ResidentIdentityChanged':
      case 'ResidentMoved':
      case 'ResidentLeft':
        return lookAtResident(step, ResidentId.parse(residentId))
      case 'ResidentMatched':
      case 'ResidentUnmatched':
        return isByPerson(decoded.event) ? lookAgain(step, [ResidentId.parse(residentId)]) : undefined
      default:
    }
  }
}

/** What somebody says of one number of a person bears on the others. */
function isByPerson(event: MatchingEvent | undefined): boolean {
  if (event?.type === 'ResidentMatched') return event.data.ground === 'person'
  return event?.type === 'ResidentUnmatched' && event.data.reason === 'person'
}

async function lookAtResident(step: Step, residentId: ResidentId): Promise<void> {
  const { deps } = step
  const known = await knownResident(step, residentId)
  if (!known) return endMatches(step, residentId, await deps.loadResident(residentId))
  await lookAtPairs(step, known)
  // MUST come last: what these keys replace is needed again if any of this fails.
  await deps.index.keep('resident', residentId, keysOf(deps.vault, known.traits))
}

async function lookAtPatient(step: Step, patientId: PatientId): Promise<void> {
  const { index, vault, patientTraits } = step.deps
  const traits = await patientTraits(patientId)
  const keys = traits ? keysOf(vault, traits) : { ins: undefined, traits: undefined }
  const kept = await index.kept(patientId)
  const isKept = kept.ins === keys.ins && kept.traits === keys.traits
  const before = isKept ? [] : await index.alike('resident', kept)
  await lookAgain(step, [...before, ...(await index.alike('resident', keys))], [patientId])
  if (!traits) await index.remove(patientId)
  else if (!isKept) await index.keep('patient', patientId, keys)
}

/** Who is one person has changed: whoever resembles one of the numbers is looked at again under all of them. */
async function lookAtPersons(step: Step, named: readonly (string | undefined)[]): Promise<void> {
  const { index, registers } = step.deps
  await registers.seen(step.decoded.position)
  const ids = (await registers.persons(named.flatMap((id) => id ?? []))).flat()
  const alike = await Promise.all(ids.map(async (id) => index.alike('resident', await index.kept(id))))
  await lookAgain(step, [...alike.flat(), ...(await registers.residentsOf(ids))], ids)
}

async function lookAgain(step: Step, residentIds: readonly string[], also: readonly PatientId[] = []): Promise<void> {
  for (const residentId of new Set(residentIds)) {
    const known = await knownResident(step, ResidentId.parse(residentId))
    if (known) await lookAtPairs(step, known, also)
  }
}

/** The register keeps its resident, who is nobody's patient any more. */
async function forget(step: Step, patientId: PatientId): Promise<void> {
  const { index, registers, loadResident } = step.deps
  await registers.seen(step.decoded.position)
  for (const id of await registers.residentsOf([patientId])) {
    const residentId = ResidentId.parse(id)
    const resident = await loadResident(residentId)
    if (resident.status === 'unknown') continue
    const about = { residentId, ehpad: resident.entry.ehpad, patientId, at: step.at }
    await command(step, { type: 'Forget', ...about }, patientId)
  }
  await index.remove(patientId)
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
