import { ProtocolId } from '@relais/contracts/protocols'

/** A resident goes back to the EHPAD: papers and medicines come first, and no return finds the pharmacy closed. */
export const returnToEhpad = {
  protocolId: ProtocolId.parse('5b1f0a64-7c1e-4d0b-9a44-2f6d8f0c1a02'),
  definition: {
    title: 'Retour en EHPAD',
    territory: 'cpts:rives-de-loire',
    department: '44',
    coordinator: 'finess:990000044',
    trigger: {
      on: 'return',
      conditions: [
        { fact: 'patientClass', in: ['I'] },
        { fact: 'inCircle', role: 'ehpad' },
        { not: { fact: 'exitMode', in: ['6', '7'] } },
      ],
    },
    endsOnReadmission: false,
    steps: [
      {
        stepId: 'ordonnance-avant-fermeture',
        title: 'Ordonnance confirmée avant la fermeture',
        what: 'Le retour tombe un jour fermé ou à sa veille : transmettre l’ordonnance à l’EHPAD avant 15 h le dernier jour ouvré.',
        owners: ['ward'],
        after: [],
        when: [{ fact: 'closedAhead', after: '12:00' }],
        due: { kind: 'lastWorkingDay', at: '15:00' },
        escalation: [{ afterHours: 1, to: 'coordinateur' }],
        skippable: false,
      },
      {
        stepId: 'papiers',
        title: 'Lettre de liaison et fiche de retour transmises',
        owners: ['ward'],
        after: [],
        due: { kind: 'beforeArrival', hours: 4 },
        escalation: [{ afterHours: 2, to: 'coordinateur' }],
        skippable: false,
      },
      {
        stepId: 'medicaments',
        title: 'Traitements disponibles pour le retour',
        owners: ['ehpad', 'pharmacien'],
        after: ['papiers'],
        due: { kind: 'beforeArrival', hours: 1 },
        escalation: [{ afterHours: 2, to: 'pharmacien' }],
        skippable: true,
      },
    ],
  },
} as const
