import { z } from 'zod'
import { CircleRole } from './patients.ts'
import { Authority, event, type EventFamily, Instant, PlainText, ProfessionalId, Recipient } from './primitives.ts'
import { PatientClass } from './movements.ts'
import { StepId } from './work.ts'

export const ProtocolId = z.uuid().lowercase().brand<'ProtocolId'>()
export type ProtocolId = z.infer<typeof ProtocolId>

/** Whom a step is asked of: somebody of the care circle, the ward of the stay, or the coordination of the territory. */
export const StepRole = z.enum([...CircleRole.options, 'ward', 'coordinateur'])
export type StepRole = z.infer<typeof StepRole>

/**
 * The moment of a stay that a protocol starts from. `return` is the discharge, and until then the day for which it is
 * expected.
 */
export const TriggerMoment = z.enum([
  'expected',
  'arrival',
  'emergencyArrival',
  'hospitalisation',
  'discharge',
  'return',
])
export type TriggerMoment = z.infer<typeof TriggerMoment>

/** A time of the wall clock, `15:00`. */
const TimeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/)
const Code = PlainText.min(1).max(30)
const codes = z.array(Code).min(1).max(20)

/** One thing that may be true of a stay. What is not known does not hold. */
export const FactTest = z.discriminatedUnion('fact', [
  z.strictObject({ fact: z.literal('ageAtLeast'), years: z.int().min(0).max(130) }),
  z.strictObject({ fact: z.literal('patientClass'), in: z.array(PatientClass).min(1) }),
  z.strictObject({ fact: z.literal('facility'), in: z.array(Authority).min(1).max(20) }),
  z.strictObject({ fact: z.literal('ward'), facility: Authority, in: codes }),
  /** ZFM-2, and ZFM-4: where the patient goes. */
  z.strictObject({ fact: z.literal('exitMode'), in: codes }),
  z.strictObject({ fact: z.literal('destination'), in: codes }),
  z.strictObject({ fact: z.literal('inCircle'), role: CircleRole }),
  /** The patient has left: what is only of use before is asked of nobody any more. */
  z.strictObject({ fact: z.literal('discharged') }),
  z.strictObject({ fact: z.literal('stayedAtLeast'), hours: z.int().min(1).max(8760) }),
  /** The Friday rule: the moment is on a closed day, or after this time on the eve of one. */
  z.strictObject({ fact: z.literal('closedAhead'), after: TimeOfDay }),
])
export type FactTest = z.infer<typeof FactTest>

/** Conditions of a list all hold. `any` and `not` go no deeper, so that a coordinator reads them as they are written. */
export const Condition = z.union([
  FactTest,
  z.strictObject({ any: z.array(FactTest).min(1).max(10) }),
  z.strictObject({ not: FactTest }),
])
export type Condition = z.infer<typeof Condition>

const count = z.int().min(1)
const from = { from: z.enum(['trigger', 'stepDone']) }
/** Until when a step is to be done. Days end with the day of the territory; working days are Monday to Friday. */
export const Due = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hours'),
    hours: count.max(8760),
    ...from,
    /** `openHours` counts the hours of unscheduled care only. */
    clock: z.enum(['plain', 'openHours']),
  }),
  z.strictObject({ kind: z.literal('days'), days: count.max(365), ...from }),
  z.strictObject({ kind: z.literal('workingDays'), days: count.max(100), ...from }),
  z.strictObject({ kind: z.literal('beforeArrival'), hours: count.max(240) }),
  /** At this time of the last working day up to the moment that the protocol starts from. */
  z.strictObject({ kind: z.literal('lastWorkingDay'), at: TimeOfDay }),
])
export type Due = z.infer<typeof Due>

export const Escalation = z.strictObject({ afterHours: count.max(720), to: StepRole })
export type Escalation = z.infer<typeof Escalation>

export const Step = z.strictObject({
  stepId: StepId,
  /** Short, and never clinical: inboxes show it. */
  title: PlainText.min(1).max(120),
  /** What to do, for any patient. */
  what: z.string().max(2000).optional(),
  /** The first of these whom the circle knows; the coordinator where it knows none. */
  owners: z.array(StepRole).min(1).max(5),
  after: z.array(StepId).max(10),
  when: z.array(Condition).max(10).optional(),
  due: Due,
  escalation: z.array(Escalation).max(5),
  skippable: z.boolean(),
})
export type Step = z.infer<typeof Step>

export const ProtocolDefinition = z.strictObject({
  title: PlainText.min(1).max(120),
  territory: z.string().regex(/^cpts:[a-z0-9][a-z0-9-]{0,59}$/),
  /** Whose clock and public holidays apply: `44`, `2A`, `974`. */
  department: z.string().regex(/^(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8])$/),
  /** Who answers for the protocol, and does what nobody else is there for: `finess:…` of the CPTS. */
  coordinator: Recipient,
  trigger: z.strictObject({ on: TriggerMoment, conditions: z.array(Condition).max(20) }),
  /** Whoever is hospitalised again is no longer followed at home. */
  endsOnReadmission: z.boolean(),
  steps: z.array(Step).min(1).max(30),
})
export type ProtocolDefinition = z.infer<typeof ProtocolDefinition>

/** What a protocol says is public: one key for all of them. */
export const PROTOCOLS_KEY = 'protocols' as const
const protocol = { keyOwner: z.literal(PROTOCOLS_KEY), protocolId: ProtocolId, version: z.int().min(1) }

export const ProtocolEvent = z.discriminatedUnion('type', [
  /** Applies from `effectiveFrom` until that of the next version. */
  event('ProtocolPublished', {
    ...protocol,
    definition: ProtocolDefinition,
    effectiveFrom: Instant,
    by: ProfessionalId,
    publishedAt: Instant,
  }),
  /** Nothing starts from `at` on; what runs goes on. `version` is the last one published. */
  event('ProtocolRetired', { ...protocol, at: Instant, by: ProfessionalId, retiredAt: Instant }),
])
export type ProtocolEvent = z.infer<typeof ProtocolEvent>

export const protocolEvents = {
  category: 'protocol',
  routing: ['keyOwner', 'protocolId'],
  sealedBy: 'keyOwner',
  schema: ProtocolEvent,
  versions: { ProtocolPublished: 1, ProtocolRetired: 1 },
  upcasts: {},
} satisfies EventFamily<ProtocolEvent>

/** What is wrong with a definition, where, in words for a coordinator. `path` is as in `steps[2].due.hours`. */
export const DefinitionProblem = z.object({ path: z.string(), message: z.string() })
export type DefinitionProblem = z.infer<typeof DefinitionProblem>
