import type { PamMessage } from '@relais/hl7v2/fixtures'
import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { openStays, senderAt, type Stays } from '../stays.fixture.ts'

type Pair = { name: string; movement: Partial<PamMessage>; bearing: Partial<PamMessage>; becomes: string }

/** What corrects or cancels, and the movement it bears on. */
const pairs: readonly Pair[] = [
  { name: 'A11 of an admission', movement: { trigger: 'A01' }, bearing: { trigger: 'A11' }, becomes: 'MovementWithdrawn' },
  {
    name: 'A11 of a registration',
    movement: { trigger: 'A04' },
    bearing: { trigger: 'A11', original: 'A04' },
    becomes: 'MovementWithdrawn',
  },
  { name: 'A12 of a transfer', movement: { trigger: 'A02' }, bearing: { trigger: 'A12' }, becomes: 'MovementWithdrawn' },
  { name: 'A13 of a discharge', movement: { trigger: 'A03' }, bearing: { trigger: 'A13' }, becomes: 'MovementWithdrawn' },
  {
    name: 'A38 of a pre-admission',
    movement: { trigger: 'A05' },
    bearing: { trigger: 'A38' },
    becomes: 'MovementWithdrawn',
  },
  {
    name: 'Z99 of an admission',
    movement: { trigger: 'A01' },
    bearing: { trigger: 'Z99', recorded: '20261102110000', ward: '4102' },
    becomes: 'MovementCorrected',
  },
]

async function typesOf(stays: Stays, visit: string): Promise<string[]> {
  const facts = await stays.facts()
  const stayIds = facts.flatMap(({ event }) =>
    event !== undefined && 'movement' in event.data && event.data.movement.source.number === visit
      ? [event.data.stayId]
      : [],
  )
  return facts.flatMap(({ event, type }) =>
    event && 'stayId' in event.data && !type.startsWith('Message') && stayIds.includes(event.data.stayId ?? '')
      ? [type]
      : [],
  )
}
