import {
  type DefinitionProblem,
  type ProtocolDefinition,
  type ProtocolEvent,
  type ProtocolId,
  PROTOCOLS_KEY,
} from '@relais/contracts/protocols'
import type { Instant, ProfessionalId } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'
import { same } from '@relais/decider/same'
import { validateDefinition } from './validate.ts'

type Said = { protocolId: ProtocolId; by: ProfessionalId; at: Instant }
/** From now on, unless it says from when. */
type Publish = {
  type: 'Publish'
  version: number
  definition: ProtocolDefinition
  effectiveFrom?: Instant | undefined
} & Said
/** From `from` on, nothing starts. */
type Retire = { type: 'Retire'; from: Instant } & Said
export type ProtocolCommand = Publish | Retire

export type ProtocolRejection =
  | { code: 'protocolUnknown' }
  | { code: 'versionPublished' }
  | { code: 'versionSkipped'; expected: number }
  | { code: 'effectiveInPast' }
  | { code: 'retiredInPast' }
  | { code: 'effectiveOverlaps'; previous: Instant }
  | { code: 'definitionInvalid'; problems: DefinitionProblem[] }

export type Published = {
  version: number
  definition: ProtocolDefinition
  effectiveFrom: Instant
  retiredFrom?: Instant
}
export type ProtocolState = { versions: readonly Published[] }

type ProtocolDecision = Decision<ProtocolEvent, ProtocolRejection>

function evolve({ versions }: ProtocolState, event: ProtocolEvent): ProtocolState {
  switch (event.type) {
    case 'ProtocolPublished': {
      const { version, definition, effectiveFrom } = event.data
      return { versions: [...versions, { version, definition, effectiveFrom }] }
    }
    case 'ProtocolRetired': {
      const { version, at } = event.data
      return { versions: versions.map((each) => (each.version === version ? { ...each, retiredFrom: at } : each)) }
    }
  }
}

function decide(command: ProtocolCommand, state: ProtocolState): ProtocolDecision {
  switch (command.type) {
    case 'Publish':
      return publish(command, state)
    case 'Retire':
      return retire(command, state)
  }
}

function publish(command: Publish, { versions }: ProtocolState): ProtocolDecision {
  const { protocolId, version, definition, effectiveFrom = command.at, by, at } = command
  const known = versions.find((each) => each.version === version)
  if (known) {
    const isSameDay = command.effectiveFrom === undefined || known.effectiveFrom === effectiveFrom
    const isRepeat = same(known.definition, definition) && isSameDay
    return isRepeat ? accept() : reject({ code: 'versionPublished' })
  }
  const last = versions.at(-1)
  const expected = (last?.version ?? 0) + 1
  if (version !== expected) return reject({ code: 'versionSkipped', expected })
  const problems = validateDefinition(definition)
  if (problems.length > 0) return reject({ code: 'definitionInvalid', problems })
  if (effectiveFrom < at) return reject({ code: 'effectiveInPast' })
  const previous = last?.retiredFrom ?? last?.effectiveFrom
  if (previous !== undefined && effectiveFrom <= previous) return reject({ code: 'effectiveOverlaps', previous })
  const data = { keyOwner: PROTOCOLS_KEY, protocolId, version, definition, effectiveFrom, by, publishedAt: at }
  return accept({ type: 'ProtocolPublished', data })
}

function retire({ protocolId, from, by, at }: Retire, { versions }: ProtocolState): ProtocolDecision {
  const last = versions.at(-1)
  if (last === undefined) return reject({ code: 'protocolUnknown' })
  if (last.retiredFrom !== undefined) return accept()
  if (from < at) return reject({ code: 'retiredInPast' })
  const data = { keyOwner: PROTOCOLS_KEY, protocolId, version: last.version, at: from, by, retiredAt: at }
  return accept({ type: 'ProtocolRetired', data })
}

/** The versions of one protocol, each in force from its day until that of the next. */
export const protocol: Decider<ProtocolCommand, ProtocolEvent, ProtocolState, ProtocolRejection> = {
  initialState: { versions: [] },
  evolve,
  decide,
}
