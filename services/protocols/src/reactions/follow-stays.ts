import type { Instant, PatientId, StayId } from '@relais/contracts/primitives'
import type { RunEnd } from '@relais/contracts/protocol-runs'
import { type ProtocolDefinition, ProtocolId } from '@relais/contracts/protocols'
import { RunId } from '@relais/contracts/work'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { Decoded } from '@relais/event-store/codec'
import { applicable, type Version, versionInForce } from '../domain/applicable.ts'
import { needsAge, type StayFacts } from '../domain/facts.ts'
import type { RunCommand } from '../domain/run.ts'
import { isHeardOfInTime } from '../domain/run-plan.ts'
import type { RunViewEvent } from '../projections/run-view-event.ts'
import type { FactSource, KnownRun } from './fact-source.ts'
import { holdersFor, type KnownStay, type PersonFacts } from './person-facts.ts'
import { hasLeft, reviewOwnersOf } from './review-owners.ts'

export type HandleRun = (
  runId: string,
  command: RunCommand,
  context: CommandContext,
) => Promise<{ accepted: true; position: number | undefined } | { accepted: false }>

export type FollowStaysDeps = {
  source: FactSource
  handleRun: HandleRun
  derivedId: (...parts: string[]) => string
  now: () => Instant
}

type Source = Decoded<RunViewEvent>
/** What a protocol has to do with a stay: a command to its run, unless there is nothing to say. */
type Outcome = { runId: RunId; command: RunCommand } | undefined

/**
 * Whatever is learned of a person, each stay is looked at again as it stands now: the protocols that apply to it have
 * their run, the others have none, and open steps are with who has them. What is read is never older than the event, so
 * that the order in which things were heard of, and hearing of them twice, change nothing.
 */
export function followStays(deps: FollowStaysDeps) {
  const { source, derivedId } = deps
  let written = 0
  const issue = async (decoded: Source, { runId, command }: NonNullable<Outcome>) => {
    const context = contextOf(decoded, (index) => derivedId(decoded.id, runId, command.type, String(index)))
    const result = await deps.handleRun(runId, command, context)
    if (result.accepted) written = Math.max(written, result.position ?? 0)
  }

  return async function react(decoded: Source): Promise<void> {
    const { event } = decoded
    switch (event?.type) {
      case 'StandingChanged':
      case 'IdentityRecorded':
      case 'MemberJoined':
      case 'MemberLeft':
      case 'NoticeReturned':
      case 'PatientsLinked':
      case 'DeathReported':
      case 'DeathDenied':
        await source.seen(Math.max(decoded.position, written))
        return followPerson(decoded, event.data.patientId)
      case 'PatientsUnlinked':
        await source.seen(Math.max(decoded.position, written))
        await followPerson(decoded, event.data.patientId)
        return followPerson(decoded, event.data.otherId)
      case 'StayTakenFromPatient':
        await source.seen(Math.max(decoded.position, written))
        return leaveStay(decoded, event.data)
      case 'AbsenceBegan':
        return reviewAsked(decoded, event.data.professionalId)
      case 'AbsenceEnded':
        return reviewAsked(decoded, event.data.replacement)
      case 'StepOpened':
        // Opened by somebody who may not have known of the last change of the circle.
        await source.seen(Math.max(decoded.position, written))
        return review(decoded, event.data.patientId)
      default:
    }
  }

  async function followPerson(decoded: Source, patientId: string): Promise<void> {
    const protocols = await source.protocols()
    // Every run is one of them: without any, nothing is followed, whatever is known of the person.
    if (protocols.length === 0) return
    const person = await source.personOf(patientId)
    if (person === undefined) return
    const { ids } = person
    const [facts, runs] = await Promise.all([source.factsOf(ids), source.runsOf(ids)])
    let birthDate: Promise<string | undefined> | undefined
    const withAge = async (facts: StayFacts, definition: ProtocolDefinition): Promise<StayFacts> => {
      if (!needsAge(definition, facts)) return facts
      return { ...facts, birthDate: await (birthDate ??= source.birthDateOf(ids)) }
    }
    const followed = new Set<string>()
    for (const stay of facts.stays)
      for (const versions of protocols) {
        const outcome = await outcomeOf({ decoded, stay, versions, runs, people: facts, withAge })
        if (outcome === undefined) continue
        followed.add(outcome.runId)
        await issue(decoded, outcome)
      }
    // A run that was followed has been told who its steps are with, though not who has left the circle for good.
    const others = hasLeft(decoded, facts) ? runs : runs.filter(({ runId }) => !followed.has(runId))
    await reviewOwners(decoded, facts, others)
  }

  type Question = {
    decoded: Source
    stay: KnownStay
    versions: readonly Version[]
    runs: readonly KnownRun[]
    people: Pick<PersonFacts, 'members' | 'standIns'>
    withAge: (facts: StayFacts, definition: ProtocolDefinition) => Promise<StayFacts>
  }

  async function outcomeOf({ decoded, stay, versions, runs, people, withAge }: Question): Promise<Outcome> {
    const [first] = versions
    if (first === undefined) return undefined
    const { protocolId } = first
    const runId = RunId.parse(runIdOf(derivedId, { protocolId, ...stay }))
    const known = runs.find((run) => run.runId === runId)
    const own = versions.find(({ version }) => version === known?.version)
    // A run keeps its version, also where another one is in force at a moment that was corrected.
    const inForce = isOpen(known) ? own : versionInForce(versions, stay.facts)
    const version = inForce ?? own
    if (version === undefined) return undefined
    const { patientId, stayId, revision: stayRevision } = stay
    const at = deps.now()
    const facts = await withAge(stay.facts, version.definition)
    const found = applicable(version, { facts, eventId: decoded.id })
    if (!found.applies) {
      const { because } = found
      return isNews(known, because) ? { runId, command: { type: 'StopRun', because, stayRevision, at } } : undefined
    }
    const { plan } = found
    if (inForce === undefined || isSettled(known) || !(isOpen(known) || isHeardOfInTime(plan, at))) return undefined
    const holders = holdersFor(stay.facts, people, version.definition.coordinator)
    const subject = { runId, patientId, stayId, protocolId }
    return { runId, command: { type: 'FollowStay', subject, plan, holders, stayRevision, at } }
  }

  /** The stay went to another patient: what was followed for this one is withdrawn. */
  async function leaveStay(decoded: Source, { stayId, patientId }: { stayId: StayId; patientId: PatientId }) {
    const runs = (await source.runsOf([patientId])).filter((run) => run.stayId === stayId)
    for (const { runId } of runs) {
      const command = {
        type: 'StopRun',
        because: 'stayWithdrawn',
        stayRevision: decoded.revision,
        at: deps.now(),
      } as const
      await issue(decoded, { runId: RunId.parse(runId), command })
    }
  }

  async function review(decoded: Source, patientId: string): Promise<void> {
    const person = await source.personOf(patientId)
    if (person === undefined) return
    const [facts, runs] = await Promise.all([source.factsOf(person.ids), source.runsOf(person.ids)])
    await reviewOwners(decoded, facts, runs)
  }

  /** Those of whom somebody has an open step, who goes away or stands in no more. */
  async function reviewAsked(decoded: Source, recipient: string | undefined): Promise<void> {
    if (recipient === undefined) return
    await source.seen(Math.max(decoded.position, written))
    for (const patientId of await source.patientsAskedOf(recipient)) await review(decoded, patientId)
  }

  async function reviewOwners(decoded: Source, facts: PersonFacts, runs: readonly KnownRun[]): Promise<void> {
    for (const outcome of reviewOwnersOf(decoded, { facts, runs, at: deps.now() })) await issue(decoded, outcome)
  }
}

const isOpen = (run: KnownRun | undefined) => run !== undefined && run.because === undefined

/** Of a run that has ended, only that what it was for was withdrawn is worth saying. */
function isNews(run: KnownRun | undefined, because: RunEnd): boolean {
  if (run?.because === undefined) return run !== undefined
  return because === 'stayWithdrawn' && run.because !== 'stayWithdrawn'
}

/** People ended it, or did it all: while the stay stands as it does, there is nothing more to say. */
const isSettled = (run: KnownRun | undefined) => run?.because === 'completed' || run?.because === 'person'

/** One run of a protocol for each stay of a patient: a stay that goes to another patient has another one there. */
export function runIdOf(
  derivedId: (...parts: string[]) => string,
  { protocolId, patientId, stayId }: { protocolId: string; patientId: string; stayId: string },
): string {
  return derivedId('run', ProtocolId.parse(protocolId), patientId, stayId)
}

function contextOf({ id, metadata }: Source, eventId: (index: number) => string): CommandContext {
  const actor = { id: 'relais:protocols', role: 'system' }
  return { metadata: { $correlationId: metadata.$correlationId, $causationId: id, actor }, eventId }
}
