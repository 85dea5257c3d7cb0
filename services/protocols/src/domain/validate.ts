import type { Condition, DefinitionProblem, ProtocolDefinition, Step, TriggerMoment } from '@relais/contracts/protocols'
import { same } from '@relais/decider/same'

/** Moments that are known ahead: something can be due before them. */
const AHEAD: readonly TriggerMoment[] = ['expected', 'return']

/** What is wrong with a definition that has the right shape, in words for the coordinator who wrote it. */
export function validateDefinition(definition: ProtocolDefinition): DefinitionProblem[] {
  const problems = definition.steps.flatMap((step, index) => {
    const at = `steps[${index}]`
    return [
      ...duplicates(definition, index),
      ...prerequisites(definition, step, at),
      ...due(definition, step, at),
      ...owners(step, at),
      ...escalation(step, at),
      ...conditions(definition, step, at),
      ...beforeDeparture(definition, step.when, `${at}.when`),
    ]
  })
  const before = beforeDeparture(definition, definition.trigger.conditions, 'trigger.conditions')
  return [...coordinator(definition), ...before, ...problems, ...circles(definition)]
}

const problem = (path: string, message: string): DefinitionProblem => ({ path, message })

function coordinator({ coordinator }: ProtocolDefinition): DefinitionProblem[] {
  if (/^(finess|rpps):/.test(coordinator)) return []
  return [problem('coordinator', 'La coordination est une structure (finess:…) ou un professionnel (rpps:…).')]
}

function duplicates({ steps }: ProtocolDefinition, index: number): DefinitionProblem[] {
  const stepId = steps[index]?.stepId
  if (steps.findIndex((step) => step.stepId === stepId) === index) return []
  return [problem(`steps[${index}].stepId`, `L’étape « ${stepId} » existe déjà : chaque étape a son propre nom.`)]
}

function prerequisites({ steps }: ProtocolDefinition, { stepId, after }: Step, at: string): DefinitionProblem[] {
  return after.flatMap((id, index) => {
    const path = `${at}.after[${index}]`
    if (id === stepId) return [problem(path, 'Une étape ne peut pas s’attendre elle-même.')]
    if (steps.some((step) => step.stepId === id)) return []
    return [problem(path, `L’étape « ${id} », qui devrait être faite avant, n’existe pas.`)]
  })
}

function due({ trigger }: ProtocolDefinition, { due, after }: Step, at: string): DefinitionProblem[] {
  const isBefore = due.kind === 'beforeArrival' || due.kind === 'lastWorkingDay'
  if (isBefore && !AHEAD.includes(trigger.on))
    return [
      problem(`${at}.due`, 'Cette échéance serait déjà passée : elle suppose un protocole qui part d’une date prévue.'),
    ]
  if (!isBefore && due.from === 'stepDone' && after.length === 0)
    return [problem(`${at}.due.from`, 'Le délai part d’une étape précédente, et cette étape n’en attend aucune.')]
  return []
}

function owners({ owners }: Step, at: string): DefinitionProblem[] {
  return owners.flatMap((role, index) =>
    owners.indexOf(role) === index
      ? []
      : [problem(`${at}.owners[${index}]`, `Le rôle « ${role} » est déjà dans la liste.`)],
  )
}

function escalation({ escalation, owners }: Step, at: string): DefinitionProblem[] {
  return escalation.flatMap(({ to, afterHours }, index) => {
    const path = `${at}.escalation[${index}]`
    const before = escalation.slice(0, index)
    const found: DefinitionProblem[] = []
    if (owners[0] === to)
      found.push(problem(`${path}.to`, `Le rôle « ${to} » a déjà l’étape : escalader vers un autre.`))
    if (before.some((rung) => rung.to === to))
      found.push(problem(`${path}.to`, `Le rôle « ${to} » est déjà appelé plus tôt dans l’escalade.`))
    if (before.some((rung) => rung.afterHours >= afterHours))
      found.push(problem(`${path}.afterHours`, 'Chaque palier de l’escalade vient après le précédent.'))
    return found
  })
}

/** What the protocol asks for or excludes as a whole cannot be the other way round for a step. */
function conditions({ trigger }: ProtocolDefinition, { when = [] }: Step, at: string): DefinitionProblem[] {
  return when.flatMap((condition, index) => {
    const isExcluded = trigger.conditions.some((each) => same(contrary(each), condition))
    if (!isExcluded) return []
    return [problem(`${at}.when[${index}]`, 'Le protocole exclut ce cas : l’étape ne serait jamais demandée.')]
  })
}

/** A protocol that starts when the patient has left has nothing to do before. */
function beforeDeparture({ trigger }: ProtocolDefinition, conditions: readonly Condition[] = [], at: string) {
  if (trigger.on !== 'discharge') return []
  return conditions.flatMap((condition, index) =>
    'not' in condition && condition.not.fact === 'discharged'
      ? [problem(`${at}[${index}]`, 'Le protocole part de la sortie : « pas encore sorti » n’y est jamais vrai.')]
      : [],
  )
}

function contrary(condition: Condition): Condition | undefined {
  if ('any' in condition) return undefined
  return 'not' in condition ? condition.not : { not: condition }
}

/** Steps that wait for each other, and those that wait for them: nobody would ever be asked to do them. */
function circles({ steps }: ProtocolDefinition): DefinitionProblem[] {
  const byId = new Map(steps.map((step) => [step.stepId, step]))
  const reached = new Set<string>()
  const isReached = ({ after }: Step) => after.every((id) => reached.has(id) || !byId.has(id))
  for (let before = -1; before < reached.size;) {
    before = reached.size
    for (const step of steps) if (isReached(step)) reached.add(step.stepId)
  }
  return steps.flatMap((step, index) => {
    if (reached.has(step.stepId) || step.after.includes(step.stepId)) return []
    const circle = circleThrough(step, byId)
    const message = circle
      ? `Ces étapes s’attendent l’une l’autre : ${circle.join(' → ')}.`
      : 'Cette étape ne serait jamais demandée : elle attend des étapes qui s’attendent l’une l’autre.'
    return [problem(`steps[${index}].after`, message)]
  })
}

/** The shortest way from a step back to itself, along what each one waits for. */
function circleThrough(start: Step, byId: ReadonlyMap<string, Step>): string[] | undefined {
  const ways: string[][] = [[start.stepId]]
  const seen = new Set<string>()
  // A list grows while it is walked.
  for (const way of ways)
    for (const id of byId.get(way.at(-1) ?? '')?.after ?? []) {
      if (id === start.stepId) return [...way, id]
      if (seen.has(id)) continue
      seen.add(id)
      ways.push([...way, id])
    }
  return undefined
}
