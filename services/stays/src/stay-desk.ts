import { decideAccess } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import { type Instant, type MovementId, PatientId, StayId } from '@relais/contracts/primitives'
import type {
  ConfidentialityBody,
  CorrectMovementBody,
  OpenStayBody,
  RecordMovementBody,
  WithdrawMovementBody,
} from '@relais/contracts/stay-routes'
import type { Flag } from '@relais/contracts/movements'
import { type CommandContext, loadState } from '@relais/event-store/command-handler'
import type { z } from 'zod'
import { inOrderOfEffect } from './domain/order.ts'
import { standingOf } from './domain/standing.ts'
import { type RecordMovement, stay } from './domain/stay.ts'
import { movementOf, type StayState } from './domain/stay-state.ts'
import { refusedIns } from './intake/folder-kind.ts'
import { movementIdOf } from './intake/identifiers.ts'
import { factsOf, keepIdentity, keptToItself } from './intake/record.ts'
import {
  doubtsOfProfessionals,
  identityFrom,
  insSignsOf,
  movementFrom,
  participantsFrom,
  wardCodesIn,
} from './intake/written.ts'
import { patientDesk } from './patient-desk.ts'
import {
  afterAll,
  messageIdOf,
  refuse,
  type Recorded,
  type Refused,
  type StayDeskDeps,
  type Writing,
} from './writing.ts'

export type StayDesk = ReturnType<typeof stayDesk>

/** Where a ward without an HL7 feed says what messages say elsewhere: the same commands, decided by the same rules. */
export function stayDesk(deps: StayDeskDeps) {
  const { vault, now } = deps

  async function open(body: OpenStayBody, { actor, context }: Writing) {
    const facility = actor.organisation
    if (facility === undefined) return refuse('establishmentMissing')
    const { movement: written, patient, requestId, visitNumber = requestId, movementNumber = requestId } = body
    if (!mayTend(actor, wardCodesIn(written), { at: now() })) return refuse('notYourWard')
    if (refusedIns(deps.kind, insSignsOf(body.identity))) return refuse('identityNotAllowedHere')
    const ipp = { authority: facility, number: patient.ipp }
    const resolved = await vault.resolveSubject(ipp, { authority: facility, number: visitNumber })
    const subject = { patientId: PatientId.parse(resolved.patientId), stayId: StayId.parse(resolved.stayId) }
    const { identity, flags } = identityFrom(body.identity, ipp)
    const source = { authority: facility, number: movementNumber }
    const movementId = movementIdOf(subject.stayId, source)
    const { patientClass } = written
    const recorded = await record(
      {
        ...commandOf('insert', written.kind),
        ...subject,
        messageId: messageIdOf(body, facility, 'open'),
        movement: movementFrom(written, { movementId, source, facility, reportedAt: now(), patientClass }),
        flags: [...flags, ...doubtsIn(written), ...doubtsOfProfessionals(physiciansOf(body))],
        identity: await keepIdentity(vault, subject.patientId, { identity }),
        participants: participantsFrom(body),
      },
      context,
    )
    return 'refusal' in recorded ? recorded : { ...recorded, ...subject, movementId }
  }

  async function move(stayId: StayId, body: RecordMovementBody, { actor, context }: Writing) {
    const seen = await see(stayId, actor, wardCodesIn(body.movement))
    if ('refusal' in seen) return seen
    const { facility, patientId, standing, state } = seen
    const source = { authority: facility, number: body.movementNumber ?? body.requestId }
    const movementId = movementIdOf(stayId, source)
    const reportedAt = afterAll(state, now())
    const about = { movementId, source, facility, reportedAt, patientClass: standing.patientClass ?? 'I' }
    const recorded = await record(
      {
        ...commandOf('insert', body.movement.kind),
        stayId,
        patientId,
        messageId: messageIdOf(body, facility, stayId, 'move'),
        movement: movementFrom(body.movement, about),
        flags: doubtsIn(body.movement),
      },
      context,
    )
    return 'refusal' in recorded ? recorded : { ...recorded, movementId }
  }

  async function correct(named: Named, body: z.infer<typeof CorrectMovementBody>, { actor, context }: Writing) {
    const { stayId, movementId } = named
    const seen = await see(stayId, actor, wardCodesIn(body.movement))
    if ('refusal' in seen) return seen
    const { facility, patientId, state } = seen
    const earlier = state.movements[movementId]
    if (!earlier) return refuse('movementUnknown')
    const { source, patientClass } = movementOf(earlier)
    const about = { movementId, source, facility, reportedAt: afterAll(state, now()), patientClass, earlier }
    return record(
      {
        ...commandOf('update', body.movement.kind),
        stayId,
        patientId,
        messageId: messageIdOf(body, facility, stayId, movementId, 'correct'),
        movement: movementFrom(body.movement, about),
        flags: doubtsIn(body.movement),
      },
      context,
    )
  }

  async function withdraw(named: Named, body: z.infer<typeof WithdrawMovementBody>, { actor, context }: Writing) {
    const { stayId, movementId } = named
    const seen = await see(stayId, actor, [])
    if ('refusal' in seen) return seen
    const { facility, patientId, state } = seen
    const earlier = state.movements[movementId]
    if (!earlier) return refuse('movementUnknown')
    const { returnsToPreadmission } = body
    return record(
      {
        ...commandOf('cancel', earlier.kind),
        stayId,
        patientId,
        messageId: messageIdOf(body, facility, stayId, movementId, 'withdraw'),
        movement: { ...movementOf(earlier), reportedAt: afterAll(state, now()) },
        returnsToPreadmission,
      },
      context,
    )
  }

  async function protect(stayId: StayId, body: z.infer<typeof ConfidentialityBody>, { actor, context }: Writing) {
    const seen = await see(stayId, actor, [])
    if ('refusal' in seen) return seen
    const result = await deps.handleStay(stayId, { type: 'SetConfidential', stayId, at: now(), ...body }, context)
    return result.accepted ? { position: result.position } : { refusal: result.rejection }
  }

  async function read(stayId: StayId, actor: Actor) {
    const seen = await see(stayId, actor, [])
    if ('refusal' in seen) return seen
    const { patientId, standing, state, position } = seen
    const movements = inOrderOfEffect(Object.values(state.movements)).map((known) => {
      const { kind, withdrawnAt } = known
      return { kind, movement: movementOf(known), ...(withdrawnAt === undefined ? {} : { withdrawnAt }) }
    })
    return { stay: { stayId, patientId, standing, movements }, position }
  }

  /** A stay of the actor's establishment that went, or now goes, through the actor's wards; the others are unknown. */
  async function see(stayId: StayId, actor: Actor, named: readonly string[]) {
    const { state, position } = await loadState(stay, { store: deps.store, codec: deps.stays }, stayId)
    const standing = standingOf(state)
    const { patientId } = state
    if (!standing || patientId === undefined || standing.facility !== actor.organisation) return refuse('stayUnknown')
    const wards = [...wardCodesOf(state), ...standing.wards.map(({ code }) => code), ...named]
    if (!mayTend(actor, wards, { at: now(), closedAt: standing.dischargedAt })) return refuse('stayUnknown')
    return { patientId, standing, state, position, facility: standing.facility }
  }

  async function record(command: RecordMovement, context: CommandContext): Promise<Refused | Recorded> {
    const { stayId, messageId, action, movement } = command
    const said = action === 'cancel' ? command : { ...command, ...(await keptToItself(deps, movement)) }
    const result = await deps.handleStay(stayId, said, context)
    if (!result.accepted) return { refusal: result.rejection }
    const events = result.events.length > 0 ? result.events : await factsOf(deps, stayId, messageId)
    const decided = events.flatMap(({ data }) => ('flags' in data ? data.flags : []))
    return { flags: decided, position: result.position }
  }

  return { open, move, correct, withdraw, protect, read, ...patientDesk(deps, see) }
}

export type Named = { stayId: StayId; movementId: MovementId }

/** What is the same whatever is said. */
function commandOf(action: RecordMovement['action'], kind: RecordMovement['kind']) {
  const rest = { returnsToPreadmission: false, flags: [], participants: [] }
  return { type: 'RecordMovement' as const, action, kind, ...rest }
}

/** The team of the ward and the admissions office, as for whoever reads a pathway, until some days after the end. */
type Seen = { at: Instant; closedAt?: Instant | undefined }
function mayTend(actor: Actor, wards: readonly string[], { at, closedAt }: Seen): boolean {
  const facility = actor.organisation
  if (facility === undefined) return false
  const presence = {
    stayId: '',
    facility,
    wards: [...wards],
    openedAt: at,
    ...(closedAt === undefined ? {} : { closedAt }),
  }
  return decideAccess({ actor, facts: { members: [], stays: [presence] }, purpose: 'coordination', at }).granted
}

function wardCodesOf({ movements }: StayState): string[] {
  const wards = Object.values(movements).flatMap(({ said }) => [said.medicalWard, said.careWard, said.plannedWard])
  return wards.flatMap((ward) => (ward ? [ward.code] : []))
}

const doubtsIn = (written: RecordMovementBody['movement']): Flag[] =>
  'attendingPhysician' in written
    ? doubtsOfProfessionals({ '/movement/attendingPhysician': written.attendingPhysician })
    : []

const physiciansOf = ({ primaryPhysician, referringPhysician }: OpenStayBody) => ({
  '/primaryPhysician': primaryPhysician,
  '/referringPhysician': referringPhysician,
})
