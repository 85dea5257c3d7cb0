import type { ForgettingEvent } from '@relais/contracts/forgetting'
import type { LinkEvent, PatientEvent } from '@relais/contracts/patients'
import type { Instant, PatientId } from '@relais/contracts/primitives'
import { type ResidentEvent, ResidentId, type ResidentMatchEvent } from '@relais/contracts/residents'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { Vault } from '@relais/vault/vault'
import type { ResidentState } from './domain/resident.ts'
import type { ResidentMatchCommand, ResidentMatchState } from './domain/resident-match.ts'
import { judge, type Traits, type Verdict } from './domain/verdict.ts'
import { keysOf, type MatchingIndex } from './matching-index.ts'
import type { RegisterView } from './register-view.ts'

export type ResidentPairsDeps = {
  vault: Pick<Vault, 'blindIndex'>
  index: MatchingIndex
  registers: RegisterView
  loadResident: (residentId: ResidentId) => Promise<ResidentState>
  loadMatch: (residentId: ResidentId) => Promise<ResidentMatchState>
  /** What is said of them now; `undefined` when nothing is, or when it was forgotten. */
  residentTraits: (resident: ResidentState) => Promise<Traits | undefined>
  patientTraits: (patientId: PatientId) => Promise<Traits | undefined>
  handleMatch: (id: string, command: ResidentMatchCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

export type MatchingEvent = PatientEvent | LinkEvent | ForgettingEvent | ResidentEvent | ResidentMatchEvent
export type Step = { deps: ResidentPairsDeps; decoded: Decoded<MatchingEvent>; at: Instant }
type Present = Extract<ResidentState, { status: 'present' }>
export type KnownResident = { residentId: ResidentId; resident: Present; traits: Traits }

/** Somebody who is on a register, and of whom something is said. */
export async function knownResident({ deps }: Step, residentId: ResidentId): Promise<KnownResident | undefined> {
  const resident = await deps.loadResident(residentId)
  const traits = await deps.residentTraits(resident)
  return resident.status === 'present' && traits ? { residentId, resident, traits } : undefined
}

/**
 * Which patients a resident is, by all the numbers of each, and whether another entry is the same person. `also` are
 * patients whom the index does not lead to yet.
 */
export async function lookAtPairs(step: Step, known: KnownResident, also: readonly PatientId[] = []): Promise<void> {
  const { index, vault, registers, loadMatch } = step.deps
  const { residentId, traits } = known
  const keys = keysOf(vault, traits)
  const before = await loadMatch(residentId)
  const patients = new Set<string>([...(await index.alike('patient', keys)), ...before.pairs.keys(), ...also])
  for (const person of await registers.persons(patients)) await assess(step, known, person)

  const { pairs, twins } = await loadMatch(residentId)
  const persons = (await registers.persons(matchedIn(pairs))).flat()
  const alike = await Promise.all(persons.map(async (id) => index.alike('resident', await index.kept(id))))
  const others = new Set<string>([
    ...(await index.alike('resident', { ...keys, traits: undefined })),
    ...twins.keys(),
    ...alike.flat(),
  ])
  others.delete(residentId)
  for (const other of others) await compare(step, known, { residentId: ResidentId.parse(other), persons })
}

function matchedIn(pairs: ResidentMatchState['pairs']): PatientId[] {
  return [...pairs].flatMap(([patientId, pair]) => (pair.is === 'matched' ? [patientId] : []))
}

async function assess(step: Step, known: KnownResident, person: readonly PatientId[]): Promise<void> {
  const { residentId, resident, traits } = known
  const patients = await Promise.all(
    person.map(async (patientId) => {
      const ofPatient = await step.deps.patientTraits(patientId)
      const verdict: Verdict = ofPatient ? judge(traits, ofPatient) : { is: 'other' }
      return { patientId, verdict }
    }),
  )
  const about = { residentId, ehpad: resident.entry.ehpad, at: step.at }
  await command(step, { type: 'Assess', ...about, patients }, person[0] ?? '')
}

/**
 * Both entries are told: each register holds the other's person, by INS, or because they were matched with one patient.
 */
async function compare(
  step: Step,
  here: KnownResident,
  { residentId, persons }: { residentId: ResidentId; persons: readonly PatientId[] },
): Promise<void> {
  const { deps, at } = step
  const other = await deps.loadResident(residentId)
  if (other.status === 'unknown') return
  const traits = await deps.residentTraits(other)
  const isOfOnePatient = async () =>
    matchedIn((await deps.loadMatch(residentId)).pairs).some((id) => persons.includes(id))
  const hasSameIns = here.traits.ins !== undefined && here.traits.ins.matricule === traits?.ins?.matricule
  const isPresent = other.status === 'present' && (hasSameIns || (await isOfOnePatient()))
  const own = { residentId: here.residentId, ehpad: here.resident.entry.ehpad }
  const twin = { residentId, ehpad: other.entry.ehpad }
  await command(step, { type: 'CompareTwin', ...own, twin, isPresent, at }, residentId)
  await command(step, { type: 'CompareTwin', ...twin, twin: own, isPresent, at }, here.residentId)
}

/** Ids come from the event reacted to, so that a redelivery writes nothing new. */
export function command({ deps, decoded }: Step, command: ResidentMatchCommand, part: string): Promise<object> {
  const { $correlationId } = decoded.metadata
  const actor = { id: 'relais:match-residents', role: 'system' }
  return deps.handleMatch(command.residentId, command, {
    metadata: { $correlationId, $causationId: decoded.id, actor },
    eventId: (index) => deps.derivedId(decoded.id, command.residentId, command.type, part, String(index)),
  })
}
