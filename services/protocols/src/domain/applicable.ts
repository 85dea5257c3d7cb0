import type { RunEnd, RunPlan } from '@relais/contracts/protocol-runs'
import type { Instant } from '@relais/contracts/primitives'
import type { ProtocolDefinition, ProtocolId } from '@relais/contracts/protocols'
import { withoutResponsibility } from '@relais/contracts/pathway'
import { countsFromTrigger, dueAt } from './due.ts'
import { allHold, momentOf, type StayFacts } from './facts.ts'

/** A version as it was published, and until when it applies. */
export type Version = {
  protocolId: ProtocolId
  version: number
  definition: ProtocolDefinition
  effectiveFrom: Instant
  /** When the next version, or the retirement, takes over. */
  until?: Instant | undefined
}

/** What a protocol has to do with a stay as it stands: a run with this plan, or none, and why. */
export type Applicable =
  | { applies: true; plan: RunPlan }
  | { applies: false; because: Exclude<RunEnd, 'completed' | 'person'> }

type Asked = { facts: StayFacts; eventId: string }

/** Of the versions of one protocol, the one in force at the moment that it starts from. */
export function versionInForce(versions: readonly Version[], facts: StayFacts): Version | undefined {
  return versions.find(({ definition, effectiveFrom, until }) => {
    const moment = momentOf(definition.trigger.on, facts)
    return moment !== undefined && effectiveFrom <= moment && (until === undefined || moment < until)
  })
}

/** Whether a version applies to a stay as it stands, and what is then to be done: the same answer in whatever order the stay was heard of. */
export function applicable({ version, definition }: Pick<Version, 'version' | 'definition'>, asked: Asked): Applicable {
  const { facts, eventId } = asked
  const { standing } = facts
  const { trigger, department, coordinator, title, endsOnReadmission } = definition
  const at = momentOf(trigger.on, facts)
  if (facts.hasDied) return none('died')
  if (at === undefined) return none('stayWithdrawn')
  if (standing.confidential) return none('confidential')
  if (!allHold(trigger.conditions, facts, { at, department })) return none('noLongerApplies')
  if (endsOnReadmission && facts.hospitalisations.some((since) => since > at)) return none('superseded')
  const steps = plannedSteps(definition, facts, at)
  if (steps.length === 0) return none('noLongerApplies')
  const { facility } = standing
  const wards = standing.wards.map(withoutResponsibility)
  const common = { version, title, coordinator, department, facility, wards, steps }
  return { applies: true, plan: { ...common, trigger: { on: trigger.on, at, eventId } } }
}

const none = (because: Exclude<RunEnd, 'completed' | 'person'>): Applicable => ({ applies: false, because })

/** The steps whose own conditions hold; one that is left out is no prerequisite of another. */
function plannedSteps({ steps, department }: ProtocolDefinition, facts: StayFacts, at: Instant): RunPlan['steps'] {
  const planned = steps.filter(({ when = [] }) => allHold(when, facts, { at, department }))
  const ids = new Set(planned.map(({ stepId }) => stepId))
  return planned.map(({ stepId, title, what, owners, after, due, escalation, skippable }) => ({
    stepId,
    title,
    ...(what === undefined ? {} : { what }),
    owners,
    after: after.filter((id) => ids.has(id)),
    due,
    ...(countsFromTrigger(due) ? { dueAt: dueAt(due, at, department) } : {}),
    escalation,
    skippable,
  }))
}
