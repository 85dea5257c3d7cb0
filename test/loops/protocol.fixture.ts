import type { ProtocolDefinition } from '@relais/contracts/protocols'
import type { z } from 'zod'
import type { Person } from '../people.fixture.ts'
import type { Inhabitant, Town } from './town.fixture.ts'

const CPTS = '990000085'
export const COORDINATION = `finess:${CPTS}`
/** Whoever coordinates the territory writes its protocols, and sees no patient. */
export const coordinator: Person = { id: 'cpts-essai:alix', role: 'coordinateur', organisation: CPTS }

type Definition = z.input<typeof ProtocolDefinition>
type Step = Definition['steps'][number]

type InHours = { hours: number } & Partial<Step>

/** A step to do within so many hours of the moment that the protocol starts from. */
export function step(stepId: string, owners: Step['owners'], { hours, ...details }: InHours): Step {
  const due = { kind: 'hours', hours, from: 'trigger', clock: 'plain' } as const
  return { stepId, title: `Étape ${stepId}`, owners, after: [], due, escalation: [], skippable: true, ...details }
}

/** A protocol of the territory of the stories, for whoever has been hospitalised. */
export function protocol(
  on: Definition['trigger']['on'],
  steps: Step[],
  details: Partial<Definition> = {},
): Definition {
  return {
    title: 'Protocole d’essai',
    territory: 'cpts:essai',
    department: '44',
    coordinator: COORDINATION,
    trigger: { on, conditions: [{ fact: 'patientClass', in: ['I'] }] },
    endsOnReadmission: false,
    steps,
    ...details,
  }
}

export type Version = { protocolId: string; version: number; definition: Definition }

/** Publishes a version, and lets the time come from which it applies. */
export async function publish(town: Town, by: Inhabitant, { protocolId, version, definition }: Version): Promise<void> {
  const effectiveFrom = new Date(Date.parse(await town.now()) + 60_000).toISOString()
  await by.says('PUT', `/protocols/${protocolId}/versions/${version}`, { definition, effectiveFrom })
  await town.passes(1)
}
