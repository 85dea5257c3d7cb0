import { ProtocolId } from '@relais/contracts/protocols'

/** An older person goes home: somebody calls, the medicines are reconciled, the médecin traitant sees the patient. */
export const dischargeHome = {
  protocolId: ProtocolId.parse('5b1f0a64-7c1e-4d0b-9a44-2f6d8f0c1a01'),
  definition: {
    title: 'Retour à domicile d’une personne âgée',
    territory: 'cpts:rives-de-loire',
    department: '44',
    coordinator: 'finess:990000044',
    trigger: {
      on: 'discharge',
      conditions: [
        { fact: 'ageAtLeast', years: 75 },
        { fact: 'patientClass', in: ['I'] },
        { fact: 'exitMode', in: ['8'] },
        { not: { fact: 'inCircle', role: 'ehpad' } },
      ],
    },
    endsOnReadmission: true,
    steps: [
      {
        stepId: 'appel',
        title: 'Appel du patient ou de son entourage',
        what: 'Vérifier le retour à domicile, les aides en place, l’ordonnance, les rendez-vous.',
        owners: ['infirmier', 'medecin-traitant'],
        after: [],
        due: { kind: 'hours', hours: 48, from: 'trigger', clock: 'plain' },
        escalation: [
          { afterHours: 4, to: 'medecin-traitant' },
          { afterHours: 24, to: 'coordinateur' },
        ],
        skippable: true,
      },
      {
        stepId: 'conciliation',
        title: 'Conciliation des traitements',
        what: 'Comparer l’ordonnance de sortie et les traitements habituels ; prévenir le médecin traitant des écarts.',
        owners: ['pharmacien'],
        after: [],
        due: { kind: 'hours', hours: 72, from: 'trigger', clock: 'plain' },
        escalation: [{ afterHours: 24, to: 'coordinateur' }],
        skippable: true,
      },
      {
        stepId: 'visite',
        title: 'Visite du médecin traitant',
        owners: ['medecin-traitant', 'medecin'],
        after: [],
        due: { kind: 'days', days: 7, from: 'trigger' },
        escalation: [{ afterHours: 24, to: 'coordinateur' }],
        skippable: true,
      },
    ],
  },
} as const
