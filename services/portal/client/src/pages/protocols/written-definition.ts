import type { ConditionForm, DefinitionForm, DueForm, StepForm, TestForm } from './definition-form.ts'

/** Of the shape of a definition; what was typed wrongly stays as it was typed, for the platform to say what is wrong. */
export type WrittenDefinition = Record<string, unknown>

/** What a form says, as it is published. */
export function writtenOf(form: DefinitionForm): WrittenDefinition {
  const ids = stepIdsOf(form.steps)
  return {
    title: form.title.trim(),
    territory: form.territory.trim(),
    department: form.department.trim(),
    coordinator: form.coordinator.trim(),
    trigger: { on: form.on, conditions: form.conditions.map(condition) },
    endsOnReadmission: form.endsOnReadmission,
    steps: form.steps.map((step) => stepOf(step, ids)),
  }
}

function stepOf(step: StepForm, ids: ReadonlyMap<string, string>) {
  const what = step.what.trim()
  return {
    stepId: ids.get(step.key),
    title: step.title.trim(),
    ...(what === '' ? {} : { what }),
    owners: step.owners.map(({ role }) => role),
    after: step.after.flatMap((key) => ids.get(key) ?? []),
    ...(step.when.length === 0 ? {} : { when: step.when.map(condition) }),
    due: due(step.due),
    escalation: step.escalation.map(({ afterHours, to }) => ({ afterHours: numberOf(afterHours), to })),
    skippable: step.skippable,
  }
}

function condition({ kind, tests }: ConditionForm) {
  if (kind === 'any') return { any: tests.map(factOf) }
  const [first] = tests.map(factOf)
  return kind === 'not' ? { not: first } : first
}

function factOf({ fact, years, hours, classes, facilities, codes, role, time }: TestForm) {
  switch (fact) {
    case 'ageAtLeast':
      return { fact, years: numberOf(years) }
    case 'patientClass':
      return { fact, in: classes }
    case 'facility':
      return { fact, in: wordsOf(facilities) }
    case 'ward':
      return { fact, facility: facilities.trim(), in: wordsOf(codes) }
    case 'exitMode':
    case 'destination':
      return { fact, in: wordsOf(codes) }
    case 'inCircle':
      return { fact, role }
    case 'discharged':
      return { fact }
    case 'stayedAtLeast':
      return { fact, hours: numberOf(hours) }
    case 'closedAhead':
      return { fact, after: time }
  }
}

function due({ kind, amount, from, clock, time }: DueForm) {
  switch (kind) {
    case 'hours':
      return { kind, hours: numberOf(amount), from, clock }
    case 'days':
    case 'workingDays':
      return { kind, days: numberOf(amount), from }
    case 'beforeArrival':
      return { kind, hours: numberOf(amount) }
    case 'lastWorkingDay':
      return { kind, at: time }
  }
}

const numberOf = (text: string): number | string => (/^\s*\d+\s*$/.test(text) ? Number(text) : text)
const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean)

const LONGEST_ID = 40

/** What runs call each step: as it was published, or else after its title. */
export function stepIdsOf(steps: readonly StepForm[]): ReadonlyMap<string, string> {
  const taken = new Set(steps.map(({ stepId }) => stepId).filter(Boolean))
  return new Map(
    steps.map(({ key, stepId, title }) => {
      if (stepId !== '') return [key, stepId]
      const base = slug(title)
      let free = base
      for (let count = 2; taken.has(free); count += 1) free = `${base.slice(0, LONGEST_ID - 4)}-${count}`
      taken.add(free)
      return [key, free]
    }),
  )
}

function slug(title: string): string {
  const plain = title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST_ID)
    .replace(/-+$/, '')
  return plain === '' ? 'etape' : plain
}

/** The same list, with one of it moved. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const item = items[from]
  if (item === undefined || to < 0 || to >= items.length) return [...items]
  return items.toSpliced(from, 1).toSpliced(to, 0, item)
}

/** The same steps without one: nobody waits for it any more. */
export function withoutStep(steps: readonly StepForm[], key: string): StepForm[] {
  return steps
    .filter((step) => step.key !== key)
    .map((step) =>
      step.after.includes(key) ? { ...step, after: step.after.filter((before) => before !== key) } : step,
    )
}
