import {
  type DocumentRef,
  type MessageId,
  MovementId,
  PatientId,
  ProfessionalId,
  StayId,
} from '@relais/contracts/primitives'
import type { Movement } from '@relais/contracts/movements'
import type { Standing } from '@relais/contracts/standing'
import type { StayEvent } from '@relais/contracts/stays'
import { historyFor } from './ownership.ts'
import { type MoveToPatient, stay, type RecordMovement, type StayCommand, type StayRejection } from './stay.ts'
import type { StayState } from './stay-state.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
export const stayId = StayId.parse(uuid(1))
export const patientId = PatientId.parse(uuid(2))
export const otherPatientId = PatientId.parse(uuid(3))
// The brand says what kind of id it is.
export const message = (n: number) => uuid(100 + n) as MessageId
export const movementId = (n: number) => MovementId.parse(uuid(10_000 + n))
export const physician = (n: number) => ProfessionalId.parse(`rpps:1000000000${n}`)

export const facility = '990000010'
export const ward = (code: string) => ({ facility, code })
/** The second of November 2026, UTC. */
export const on = (time: string) => `2026-11-02T${time}:00.000Z`

export function identity(n: number): DocumentRef {
  return { documentId: uuid(300 + n), size: 10, mediaType: 'application/json', sha256: String(n).padStart(64, '0') }
}

type Said = Partial<Omit<RecordMovement, 'movement'>> &
  Partial<Movement> & {
    /** Which movement of the stay, and which message. */
    n: number
    said?: number
    /** The ward that answers for medicine and care alike. */
    in?: string
  }

/** What a message says of a stay: movement `n`, when it took effect at `at`. */
export function says({ n, said = n, in: code, ...given }: Said): RecordMovement {
  const { action, kind, messageId, returnsToPreadmission, flags, participants, patientId: of, ...rest } = given
  const { identity: who = identity(0), ...movement } = rest
  const place = code === undefined ? {} : { medicalWard: ward(code), careWard: ward(code) }
  return {
    type: 'RecordMovement',
    action: action ?? 'insert',
    kind: kind ?? 'admission',
    stayId,
    patientId: of ?? patientId,
    messageId: messageId ?? message(said),
    returnsToPreadmission: returnsToPreadmission ?? true,
    flags: flags ?? [],
    identity: who,
    participants: participants ?? [],
    movement: {
      movementId: movementId(n),
      source: { authority: facility, number: String(n) },
      effectiveAt: on('08:00'),
      effectiveLocal: '20261102090000',
      reportedAt: on(`${String(9 + Math.floor(said / 60)).padStart(2, '0')}:${String(said % 60).padStart(2, '0')}`),
      historic: false,
      nature: 'HMS',
      patientClass: 'I',
      facility,
      ...place,
      ...movement,
    },
  }
}

/** An A44: the stay of the one is the other's. */
export function moves({
  said,
  from = patientId,
  to = otherPatientId,
}: {
  said: number
  from?: PatientId
  to?: PatientId
}) {
  return {
    type: 'MoveToPatient',
    stayId,
    patientId: to,
    fromPatientId: from,
    messageId: message(900 + said),
    reportedAt: says({ n: 0, said }).movement.reportedAt,
    identity: identity(7),
    history: [],
  } satisfies MoveToPatient
}

/** How these facts go along with a stay, recorded one after the other. */
export function recorded(events: readonly StayEvent[], to: PatientId = otherPatientId) {
  return historyFor(
    to,
    events.map((event, index) => ({ id: uuid(20_000 + index), recordedAt: on('20:00'), event })),
  )
}

export type Outcome = { state: StayState; events: StayEvent[]; rejections: StayRejection[] }

/**
 * Handles what is said, in this order. What is refused waits, and is tried again whenever something was accepted, as the
 * quarantine does.
 */
export function told(commands: readonly StayCommand[]): Outcome {
  const outcome: Outcome = { state: stay.initialState, events: [], rejections: [] }
  let waiting: StayCommand[] = []
  for (const command of commands) {
    waiting.push(command)
    for (let before = -1; before !== outcome.events.length;) {
      before = outcome.events.length
      waiting = waiting.filter((one) => !handle(outcome, one))
    }
  }
  return outcome
}

function handle(outcome: Outcome, command: StayCommand): boolean {
  const isMove = command.type === 'MoveToPatient'
  const asked = isMove ? { ...command, history: recorded(outcome.events, command.patientId) } : command
  const decision = stay.decide(asked, outcome.state)
  if (!decision.accepted) {
    outcome.rejections.push(decision.rejection)
    return false
  }
  outcome.events.push(...decision.events)
  outcome.state = decision.events.reduce(stay.evolve, outcome.state)
  return true
}

/** What the stay was last said to be. */
export function lastStanding({ events }: Pick<Outcome, 'events'>): Standing | undefined {
  return events.flatMap((event) => (event.type === 'StandingChanged' ? [event.data.standing] : [])).at(-1)
}
