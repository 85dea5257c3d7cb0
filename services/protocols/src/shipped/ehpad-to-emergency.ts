import { ProtocolId } from '@relais/contracts/protocols'

/**
 * A resident comes to the emergency department: the EHPAD sends what is known, and the return is prepared from the first
 * day. Once the resident has left, only that the médecin traitant knows of it is of use.
 */
export const ehpadToEmergency = {
  protocolId: ProtocolId.parse('5b1f0a64-7c1e-4d0b-9a44-2f6d8f0c1a03'),
  definition: {
    title: 'Résident d’EHPAD aux urgences',
    territory: 'cpts:rives-de-loire',
    department: '44',
    coordinator: 'finess:990000044',
    trigger: { on: 'emergencyArrival', conditions: [{ fact: 'inCircle', role: 'ehpad' }] },
    endsOnReadmission: false,
    steps: [
      {
        stepId: 'liaison',
        title: 'Dossier de liaison d’urgence transmis',
        owners: ['ehpad'],
        after: [],
        when: [{ not: { fact: 'discharged' } }],
        due: { kind: 'hours', hours: 1, from: 'trigger', clock: 'plain' },
        escalation: [{ afterHours: 1, to: 'coordinateur' }],
        skippable: false,
      },
      {
        stepId: 'medecin-informe',
        title: 'Médecin traitant informé du passage aux urgences',
        owners: ['medecin-traitant'],
        after: [],
        due: { kind: 'hours', hours: 4, from: 'trigger', clock: 'openHours' },
        escalation: [],
        skippable: true,
      },
      {
        stepId: 'retour-prevu',
        title: 'Date de retour demandée au service',
        owners: ['ward'],
        after: [],
        when: [{ not: { fact: 'discharged' } }],
        due: { kind: 'hours', hours: 24, from: 'trigger', clock: 'plain' },
        escalation: [{ afterHours: 12, to: 'coordinateur' }],
        skippable: true,
      },
    ],
  },
} as const
