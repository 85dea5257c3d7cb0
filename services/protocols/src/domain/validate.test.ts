import { describe, expect, test } from 'vitest'
import { checkedDefinition } from '../definition-shape.ts'
import { dischargeHome } from '../shipped/discharge-home.ts'
import { ehpadToEmergency } from '../shipped/ehpad-to-emergency.ts'
import { returnToEhpad } from '../shipped/return-to-ehpad.ts'

const good = dischargeHome.definition
const [call, medicines, visit] = good.steps
const withSteps = (...steps: object[]) => ({ ...good, steps })

test.each([dischargeHome, returnToEhpad, ehpadToEmergency])(
  'the protocol that is shipped holds together ($definition.title)',
  ({ definition }) => expect(checkedDefinition(definition).problems).toBeUndefined(),
)

describe('a coordinator is told', () => {
  test.each<[string, written: unknown, path: string, message: string]>([
    [
      'that a role does not exist',
      withSteps({ ...call, owners: ['concierge'] }),
      'steps[0].owners[0]',
      'Ce rôle n’existe pas',
    ],
    [
      'that a role of a condition does not exist',
      withSteps({ ...call, when: [{ fact: 'inCircle', role: 'concierge' }] }),
      'steps[0].when[0].role',
      'Ce rôle n’existe pas',
    ],
    [
      'the same inside of another condition',
      withSteps({ ...call, when: [{ any: [{ not: 1 }, { fact: 'inCircle', role: 'concierge' }] }] }),
      'steps[0].when[0].any[1].role',
      'Ce rôle n’existe pas',
    ],
    [
      'that nobody knows of such a fact',
      { ...good, trigger: { ...good.trigger, conditions: [{ fact: 'lune' }] } },
      'trigger.conditions[0].fact',
      'ne correspond à aucune des formes',
    ],
    [
      'that a step has nobody',
      withSteps({ ...call, owners: [] }),
      'steps[0].owners',
      'Une étape s’adresse au moins à un rôle.',
    ],
    [
      'that a deadline of zero has passed',
      withSteps({ ...call, due: { ...call.due, hours: 0 } }),
      'steps[0].due.hours',
      'zéro ou moins serait déjà passé',
    ],
    [
      'that a deadline of less than zero has passed',
      withSteps({ ...call, due: { ...visit.due, days: -1 } }),
      'steps[0].due.days',
      'zéro ou moins serait déjà passé',
    ],
    [
      'that a kind of deadline does not exist',
      withSteps({ ...call, due: { kind: 'soon' } }),
      'steps[0].due.kind',
      'ne correspond à aucune des formes',
    ],
    [
      'that nothing is due before a discharge that was not planned',
      withSteps({ ...call, due: { kind: 'beforeArrival', hours: 2 } }),
      'steps[0].due',
      'Cette échéance serait déjà passée',
    ],
    [
      'that a delay counts from no step',
      withSteps({ ...call, due: { ...call.due, from: 'stepDone' } }),
      'steps[0].due.from',
      'n’en attend aucune',
    ],
    ['that a field does not exist', withSteps({ ...call, urgent: true }), 'steps[0].urgent', 'Ce champ n’existe pas'],
    [
      'that a step is named twice',
      withSteps(call, { ...medicines, stepId: call.stepId }),
      'steps[1].stepId',
      'existe déjà',
    ],
    [
      'that a step waits for itself',
      withSteps({ ...call, after: [call.stepId] }),
      'steps[0].after[0]',
      's’attendre elle-même',
    ],
    [
      'that a step waits for one that is not there',
      withSteps({ ...call, after: ['radio'] }),
      'steps[0].after[0]',
      '« radio »',
    ],
    [
      'that a role is listed twice',
      withSteps({ ...call, owners: ['infirmier', 'infirmier'] }),
      'steps[0].owners[1]',
      'déjà dans la liste',
    ],
    [
      'that an escalation goes to who has the step',
      withSteps({ ...call, escalation: [{ afterHours: 1, to: 'infirmier' }] }),
      'steps[0].escalation[0].to',
      'a déjà l’étape',
    ],
    [
      'that an escalation goes to the same role twice',
      withSteps({
        ...call,
        escalation: [
          { afterHours: 1, to: 'ward' },
          { afterHours: 2, to: 'ward' },
        ],
      }),
      'steps[0].escalation[1].to',
      'déjà appelé',
    ],
    [
      'that an escalation does not go forward',
      withSteps({
        ...call,
        escalation: [
          { afterHours: 2, to: 'ward' },
          { afterHours: 2, to: 'medecin' },
        ],
      }),
      'steps[0].escalation[1].afterHours',
      'vient après le précédent',
    ],
    [
      'that a step is never asked for',
      withSteps({ ...call, when: [{ fact: 'inCircle', role: 'ehpad' }] }),
      'steps[0].when[0]',
      'ne serait jamais demandée',
    ],
    [
      'that nothing comes before a departure that is past',
      withSteps({ ...call, when: [{ not: { fact: 'discharged' } }] }),
      'steps[0].when[0]',
      'Le protocole part de la sortie',
    ],
    [
      'that the coordination is nobody',
      { ...good, coordinator: 'uf:990000010/2104' },
      'coordinator',
      'La coordination est une structure',
    ],
    ['that a département does not exist', { ...good, department: '99' }, 'department', 'Le numéro d’un département'],
    ['that there is no step', { ...good, steps: [] }, 'steps', 'au moins une étape'],
    ['that the title is missing', { ...good, title: undefined }, 'title', 'Ce champ manque'],
    ['that it is no definition at all', 'bonjour', '', 'Ce champ manque'],
  ])('%s', (_, written, path, message) =>
    expect(checkedDefinition(written).problems).toContainEqual({ path, message: expect.stringContaining(message) }),
  )

  test('which steps wait for each other, and which wait for those', () => {
    const circle = withSteps(
      { ...call, after: [medicines.stepId] },
      { ...medicines, after: [call.stepId] },
      { ...visit, after: [call.stepId] },
    )
    expect(checkedDefinition(circle).problems).toEqual([
      { path: 'steps[0].after', message: 'Ces étapes s’attendent l’une l’autre : appel → conciliation → appel.' },
      {
        path: 'steps[1].after',
        message: 'Ces étapes s’attendent l’une l’autre : conciliation → appel → conciliation.',
      },
      { path: 'steps[2].after', message: expect.stringContaining('Cette étape ne serait jamais demandée') },
    ])
  })
})
