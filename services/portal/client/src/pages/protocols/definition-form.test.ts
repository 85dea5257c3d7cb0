import { describe, expect, test } from 'vitest'
import { formOf, newDefinition, newStep, type StepForm } from './definition-form.ts'
import { isInside, pathsOutwards, problemAt } from './problem-paths.ts'
import { moved, stepIdsOf, withoutStep, writtenOf } from './written-definition.ts'

type Definition = Parameters<typeof formOf>[0]

const everything = {
  title: 'Retour en EHPAD',
  territory: 'cpts:essai',
  department: '44',
  coordinator: 'finess:990000085',
  trigger: {
    on: 'return',
    conditions: [
      { fact: 'ageAtLeast', years: 75 },
      { fact: 'patientClass', in: ['I', 'E'] },
      { fact: 'facility', in: ['990000010', '990000051'] },
      { fact: 'ward', facility: '990000010', in: ['4101', '4102'] },
      { not: { fact: 'exitMode', in: ['6', '7'] } },
      { any: [{ fact: 'destination', in: ['7'] }, { fact: 'inCircle', role: 'ehpad' }, { fact: 'discharged' }] },
      { fact: 'stayedAtLeast', hours: 48 },
      { fact: 'closedAhead', after: '12:00' },
    ],
  },
  endsOnReadmission: false,
  steps: [
    {
      stepId: 'ordonnance',
      title: 'Ordonnance',
      what: 'Avant 15 h.',
      owners: ['ward'],
      after: [],
      when: [{ fact: 'closedAhead', after: '12:00' }],
      due: { kind: 'lastWorkingDay', at: '15:00' },
      escalation: [{ afterHours: 1, to: 'coordinateur' }],
      skippable: false,
    },
    {
      stepId: 'medicaments',
      title: 'Médicaments',
      owners: ['ehpad', 'pharmacien'],
      after: ['ordonnance'],
      due: { kind: 'beforeArrival', hours: 1 },
      escalation: [],
      skippable: true,
    },
    ...(['days', 'workingDays'] as const).map((kind) => ({
      stepId: `visite-${kind.toLowerCase()}`,
      title: 'Visite',
      owners: ['medecin-traitant'],
      after: ['ordonnance', 'medicaments'],
      due: { kind, days: 7, from: 'stepDone' },
      escalation: [],
      skippable: true,
    })),
    {
      stepId: 'appel',
      title: 'Appel',
      owners: ['infirmier'],
      after: [],
      due: { kind: 'hours', hours: 4, from: 'trigger', clock: 'openHours' },
      escalation: [],
      skippable: true,
    },
  ],
}

test('what was published is said again by its form, word for word', () =>
  // Branded ids are text here.
  expect(writtenOf(formOf(everything as Definition))).toEqual(everything))

describe('what is typed', () => {
  const form = () => newDefinition({ territory: 'cpts:essai', department: '44', coordinator: 'finess:990000085' })
  const named = (title: string, rest: Partial<StepForm> = {}): StepForm => ({ ...newStep(), title, ...rest })

  test('a number is one, and what is none stays as it was typed', () => {
    const [step = newStep()] = form().steps
    const written = (amount: string) =>
      writtenOf({ ...form(), steps: [{ ...step, due: { ...step.due, amount } }] })['steps']
    expect(written(' 48 ')).toMatchObject([{ due: { hours: 48 } }])
    expect(written('deux')).toMatchObject([{ due: { hours: 'deux' } }])
    expect(written('')).toMatchObject([{ due: { hours: '' } }])
  })

  test('a new step is named after its title, once', () => {
    const steps = [
      named('Appel à 48 h'),
      named('Appel à 48 h'),
      named('12'),
      named('Appel', { stepId: 'appel-a-48-h' }),
    ]
    expect([...stepIdsOf(steps).values()]).toEqual(['appel-a-48-h-2', 'appel-a-48-h-3', 'etape', 'appel-a-48-h'])
    expect([...stepIdsOf([named('É'.repeat(60))]).values()]).toEqual(['e'.repeat(40)])
  })

  test('a step that is renamed or moved is waited for all the same; one that is gone is not', () => {
    const [call, visit] = [named('Appel'), named('Visite')]
    const steps = [call, { ...visit, after: [call.key] }]
    const renamed = moved(steps, 0, 1).map((step) => (step.key === call.key ? { ...step, title: 'Rappel' } : step))
    expect(writtenOf({ ...form(), steps: renamed })['steps']).toMatchObject([
      { after: ['rappel'] },
      { stepId: 'rappel' },
    ])
    expect(writtenOf({ ...form(), steps: withoutStep(steps, call.key) })['steps']).toMatchObject([{ after: [] }])
    expect(moved(steps, 0, 2)).toEqual(steps)
  })
})

describe('a problem', () => {
  const problems = [
    { path: 'steps[1].due.hours', message: 'Trop.' },
    { path: 'steps[1].owners[0]', message: 'Ce rôle n’existe pas.' },
    { path: 'steps[10].title', message: 'Trop court.' },
  ]
  test('is said at its field, or at what it is inside of', () => {
    expect(problemAt(problems, 'steps[1].due.hours')).toBe('Trop.')
    expect(problemAt(problems, 'steps[1].owners')).toBe('Ce rôle n’existe pas.')
    expect(problemAt(problems, 'steps[1]')).toBe('Trop. Ce rôle n’existe pas.')
    expect(problemAt(problems, 'steps[1]', false)).toBeUndefined()
    expect(isInside('steps[10].title', 'steps[1]')).toBe(false)
  })
  test('is looked for outwards', () =>
    expect(pathsOutwards('steps[2].due.hours')).toEqual(['steps[2].due.hours', 'steps[2].due', 'steps[2]', 'steps']))
})
