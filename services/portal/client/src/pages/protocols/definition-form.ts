import type { PatientClass } from '@relais/contracts/movements'
import type { CircleRole } from '@relais/contracts/patients'
import type {
  Condition,
  Due,
  FactTest,
  ProtocolDefinition,
  Step,
  StepRole,
  TriggerMoment,
} from '@relais/contracts/protocols'

export type Fact = FactTest['fact']

/** One thing that may be true of a stay, as fields: those that the chosen fact has no use for keep what was typed. */
export type TestForm = {
  key: string
  fact: Fact
  years: string
  hours: string
  classes: PatientClass[]
  facilities: string
  codes: string
  role: CircleRole
  time: string
}
export type ConditionForm = { key: string; kind: 'is' | 'not' | 'any'; tests: TestForm[] }
export type DueForm = {
  kind: Due['kind']
  amount: string
  from: 'trigger' | 'stepDone'
  clock: 'plain' | 'openHours'
  time: string
}
export type RungForm = { key: string; afterHours: string; to: StepRole }
export type StepForm = {
  key: string
  /** Of a step that was published: runs know it by it. A new one is named after its title. */
  stepId: string
  title: string
  what: string
  owners: { key: string; role: StepRole }[]
  /** The keys of the steps that come before: names may still change. */
  after: string[]
  when: ConditionForm[]
  due: DueForm
  escalation: RungForm[]
  skippable: boolean
}
export type DefinitionForm = {
  title: string
  territory: string
  department: string
  coordinator: string
  on: TriggerMoment
  conditions: ConditionForm[]
  endsOnReadmission: boolean
  steps: StepForm[]
}

const newKey = () => crypto.randomUUID()

export function newTest(fact: Fact = 'ageAtLeast'): TestForm {
  return {
    key: newKey(),
    fact,
    years: '75',
    hours: '24',
    classes: ['I'],
    facilities: '',
    codes: '',
    role: 'ehpad',
    time: '12:00',
  }
}
export const newCondition = (): ConditionForm => ({ key: newKey(), kind: 'is', tests: [newTest()] })
export const newOwner = (role: StepRole) => ({ key: newKey(), role })
export const newRung = (): RungForm => ({ key: newKey(), afterHours: '24', to: 'coordinateur' })
export const newStep = (): StepForm => ({
  key: newKey(),
  stepId: '',
  title: '',
  what: '',
  owners: [newOwner('medecin-traitant')],
  after: [],
  when: [],
  due: { kind: 'hours', amount: '48', from: 'trigger', clock: 'plain', time: '15:00' },
  escalation: [],
  skippable: true,
})

type Coordination = Pick<DefinitionForm, 'territory' | 'department' | 'coordinator'>
export const newDefinition = (coordination: Coordination): DefinitionForm => ({
  title: '',
  ...coordination,
  on: 'discharge',
  conditions: [],
  endsOnReadmission: true,
  steps: [newStep()],
})

/** The form of a definition that was published. */
export function formOf(definition: ProtocolDefinition): DefinitionForm {
  const { title, territory, department, coordinator, trigger, endsOnReadmission } = definition
  const steps = definition.steps.map((step) => ({ step, key: newKey() }))
  const keyOf = (stepId: string) => steps.find(({ step }) => step.stepId === stepId)?.key ?? []
  return {
    title,
    territory,
    department,
    coordinator,
    on: trigger.on,
    conditions: trigger.conditions.map(conditionForm),
    endsOnReadmission,
    steps: steps.map(({ step, key }) => ({ ...stepForm(step), key, after: step.after.flatMap(keyOf) })),
  }
}

function stepForm({ stepId, title, what = '', owners, when = [], due, escalation, skippable }: Step) {
  return {
    stepId,
    title,
    what,
    owners: owners.map(newOwner),
    when: when.map(conditionForm),
    due: dueForm(due),
    escalation: escalation.map(({ afterHours, to }) => ({ key: newKey(), afterHours: String(afterHours), to })),
    skippable,
  }
}

function conditionForm(condition: Condition): ConditionForm {
  const key = newKey()
  if ('any' in condition) return { key, kind: 'any', tests: condition.any.map(testForm) }
  if ('not' in condition) return { key, kind: 'not', tests: [testForm(condition.not)] }
  return { key, kind: 'is', tests: [testForm(condition)] }
}

function testForm(test: FactTest): TestForm {
  const form = newTest(test.fact)
  switch (test.fact) {
    case 'ageAtLeast':
      return { ...form, years: String(test.years) }
    case 'patientClass':
      return { ...form, classes: test.in }
    case 'facility':
      return { ...form, facilities: test.in.join(' ') }
    case 'ward':
      return { ...form, facilities: test.facility, codes: test.in.join(' ') }
    case 'exitMode':
    case 'destination':
      return { ...form, codes: test.in.join(' ') }
    case 'inCircle':
      return { ...form, role: test.role }
    case 'discharged':
      return form
    case 'stayedAtLeast':
      return { ...form, hours: String(test.hours) }
    case 'closedAhead':
      return { ...form, time: test.after }
  }
}

function dueForm(due: Due): DueForm {
  const form: DueForm = { kind: due.kind, amount: '1', from: 'trigger', clock: 'plain', time: '15:00' }
  switch (due.kind) {
    case 'hours':
      return { ...form, amount: String(due.hours), from: due.from, clock: due.clock }
    case 'days':
    case 'workingDays':
      return { ...form, amount: String(due.days), from: due.from }
    case 'beforeArrival':
      return { ...form, amount: String(due.hours) }
    case 'lastWorkingDay':
      return { ...form, time: due.at }
  }
}
