import type { RunPlan } from '@relais/contracts/protocol-runs'
import { applicable } from '../domain/applicable.ts'
import type { Holders } from '../domain/owners.ts'
import type { StartedRun } from '../domain/run-state.ts'
import type { FactSource } from './fact-source.ts'
import { holdersFor } from './person-facts.ts'

type PlannedAgain =
  | { outcome: 'planned'; plan: RunPlan; holders: Holders }
  | { outcome: 'runUnknown' | 'versionUnknown' | 'doesNotApply' }

/** What a run would be under another version of its protocol, as its stay stands now. */
export async function plannedAgain(source: FactSource, run: StartedRun, toVersion: number): Promise<PlannedAgain> {
  const { protocolId, patientId, stayId } = run.subject
  const person = await source.personOf(patientId)
  if (person === undefined) return { outcome: 'runUnknown' }
  const versions = (await source.protocols()).flat()
  const version = versions.find((each) => each.protocolId === protocolId && each.version === toVersion)
  if (version === undefined) return { outcome: 'versionUnknown' }
  const { stays, ...people } = await source.factsOf(person.ids)
  const stay = stays.find((each) => each.stayId === stayId)
  if (stay === undefined) return { outcome: 'doesNotApply' }
  const facts = { ...stay.facts, birthDate: await source.birthDateOf(person.ids) }
  const found = applicable(version, { facts, eventId: run.plan.trigger.eventId })
  if (!found.applies) return { outcome: 'doesNotApply' }
  return { outcome: 'planned', plan: found.plan, holders: holdersFor(stay.facts, people, found.plan.coordinator) }
}

/** Who can be asked about the stay of a run now. */
export async function holdersOfRun(source: FactSource, run: StartedRun): Promise<Holders> {
  const { coordinator } = run.plan
  const person = await source.personOf(run.subject.patientId)
  const nobody = { stays: [], members: [], standIns: [] }
  const { stays, ...people } = person ? await source.factsOf(person.ids) : nobody
  const stay = stays.find(({ stayId }) => stayId === run.subject.stayId)
  return stay ? holdersFor(stay.facts, people, coordinator) : { ...people, coordinator }
}
