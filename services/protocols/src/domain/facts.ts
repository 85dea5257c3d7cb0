import type { CircleRole } from '@relais/contracts/patients'
import type { Instant } from '@relais/contracts/primitives'
import type { Condition, FactTest, ProtocolDefinition, TriggerMoment } from '@relais/contracts/protocols'
import type { Standing } from '@relais/contracts/standing'
import { ageAt, isClosedAhead } from './due.ts'

/** What is known of a stay and of the person whose it is: all that conditions look at. */
export type StayFacts = {
  standing: Standing
  /** It began, or went on, at an emergency department. */
  isEmergency: boolean
  /** The roles that somebody in the circle has now. */
  roles: readonly CircleRole[]
  birthDate?: string | undefined
  /** When the person was hospitalised in other stays that stand. */
  hospitalisations: readonly Instant[]
  /** In this stay or another one. */
  hasDied: boolean
}

/** What the moment and the clock of the territory add. */
type Asked = { at: Instant; department: string }

/** The moment of a stay that protocols start from; `undefined` when it has not come, or did not after all. */
export function momentOf(on: TriggerMoment, { standing, isEmergency }: StayFacts): Instant | undefined {
  const { status, expectedAt, arrivedAt, hospitalisedAt, expectedDischargeAt, dischargedAt } = standing
  if (status === 'withdrawn') return undefined
  switch (on) {
    case 'expected':
      return expectedAt ?? arrivedAt
    case 'arrival':
      return arrivedAt
    case 'emergencyArrival':
      return isEmergency ? arrivedAt : undefined
    case 'hospitalisation':
      return hospitalisedAt
    case 'discharge':
      return dischargedAt
    case 'return':
      return dischargedAt ?? (status === 'expected' ? undefined : expectedDischargeAt)
  }
}

/** Whether every condition holds of a stay, at the moment of the protocol. */
export function allHold(conditions: readonly Condition[], facts: StayFacts, asked: Asked): boolean {
  return conditions.every((condition) => {
    if ('any' in condition) return condition.any.some((test) => holds(test, facts, asked))
    return 'not' in condition ? !holds(condition.not, facts, asked) : holds(condition, facts, asked)
  })
}

/** Whether the age decides, which takes reading an identity: all else that a protocol asks of the stay holds. */
export function needsAge({ trigger, steps, department }: ProtocolDefinition, facts: StayFacts): boolean {
  const at = momentOf(trigger.on, facts)
  if (at === undefined || !asksAge([...trigger.conditions, ...steps.flatMap(({ when = [] }) => when)])) return false
  const others = trigger.conditions.filter((condition) => !asksAge([condition]))
  return allHold(others, facts, { at, department })
}

/** Whether a list of conditions asks for the age. */
export function asksAge(conditions: readonly Condition[]): boolean {
  return conditions.some((condition) => {
    const tests = 'any' in condition ? condition.any : ['not' in condition ? condition.not : condition]
    return tests.some(({ fact }) => fact === 'ageAtLeast')
  })
}

function holds(test: FactTest, { standing, roles, birthDate }: StayFacts, { at, department }: Asked): boolean {
  switch (test.fact) {
    case 'ageAtLeast': {
      const age = birthDate === undefined ? undefined : ageAt(at, birthDate, department)
      return age !== undefined && age >= test.years
    }
    case 'patientClass':
      return standing.patientClass !== undefined && test.in.includes(standing.patientClass)
    case 'facility':
      return test.in.includes(standing.facility)
    case 'ward':
      return standing.wards.some(({ facility, code }) => facility === test.facility && test.in.includes(code))
    case 'exitMode':
      return includes(test.in, standing.discharge?.exitMode)
    case 'destination':
      return includes(test.in, standing.discharge?.destinationKind)
    case 'inCircle':
      return roles.includes(test.role)
    case 'discharged':
      return standing.status === 'discharged'
    case 'stayedAtLeast':
      return standing.arrivedAt !== undefined && hoursBetween(standing.arrivedAt, at) >= test.hours
    case 'closedAhead':
      return isClosedAhead(at, test.after, department)
  }
}

const includes = (codes: readonly string[], code: string | undefined) => code !== undefined && codes.includes(code)
const hoursBetween = (from: Instant, to: Instant) => (Date.parse(to) - Date.parse(from)) / 3_600_000
