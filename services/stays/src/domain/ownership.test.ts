import { PatientId } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'
import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import { standingOf } from './standing.ts'
import { stay } from './stay.ts'
import {
  facility,
  identity,
  message,
  movementId,
  moves,
  on,
  otherPatientId,
  patientId,
  recorded,
  says,
  stayId,
  told,
  ward,
} from './stay.fixture.ts'

const { given } = specification(stay)

const thirdPatientId = PatientId.parse(movementId(9))
const admitted = says({ n: 1, in: 'A' })
const subject = { stayId, patientId, messageId: message(1) }
const admission = { type: 'PatientAdmitted' as const, data: { ...subject, movement: admitted.movement, flags: [] } }
const identified = {
  type: 'IdentityReported' as const,
  data: { ...subject, reportedAt: on('09:01'), identity: identity(0) },
}
const standing: Standing = {
  status: 'present',
  patientClass: 'I',
  facility,
  wards: [{ ...ward('A'), responsibility: 'both' }],
  placeSince: on('08:00'),
  arrivedAt: on('08:00'),
  hospitalisedAt: on('08:00'),
  died: false,
  confidential: false,
}
const history = recorded([admission, identified])
const to = { stayId, patientId: otherPatientId, messageId: message(905) }

test('a stay is taken from the one and given to the other, as it stands, with all that was recorded of it', () =>
  given(admission, identified)
    .when({ ...moves({ said: 5 }), history })
    .thenEvents(
      {
        type: 'StayTakenFromPatient',
        data: { stayId, patientId, messageId: message(905), reportedAt: on('09:05'), confidential: false },
      },
      {
        type: 'StayMovedToPatient',
        data: { ...to, fromPatientId: patientId, reportedAt: on('09:05'), wards: [ward('A')], history },
      },
      { type: 'IdentityReported', data: { ...to, reportedAt: on('09:05'), identity: identity(7) } },
      {
        type: 'StandingChanged',
        data: {
          ...to,
          nature: 'movedToPatient',
          happenedAt: on('09:05'),
          standing,
          before: standing,
          changed: [],
        },
      },
    ))

test('what goes along is of the right patient, under the ids that it has, and not who the wrong one is', () => {
  expect(history.map(({ fact }) => [fact.type, fact.data.patientId])).toEqual([['PatientAdmitted', otherPatientId]])
})

test('an A44 decided on less than what is on record by now is decided again', () =>
  given(admission, identified)
    .when(moves({ said: 5 }))
    .thenRejected({ code: 'historyIncomplete' }))

test('takes in what was said before of the wrong patient, and nothing of who that was', () => {
  const late = says({ n: 2, said: 5, kind: 'transfer', in: 'B', effectiveAt: on('10:00'), identity: identity(4) })
  const { events, rejections } = told([admitted, moves({ said: 5 }), late])
  expect(rejections).toEqual([])
  const [transfer, ...others] = events.slice(-2)
  expect(transfer).toMatchObject({ type: 'PatientTransferred', data: { patientId: otherPatientId } })
  expect(others.map(({ type }) => type)).toEqual(['StandingChanged'])
})

test('refuses what is still said of the wrong patient afterwards, and what is said of anybody else', () => {
  const after = says({ n: 2, said: 6, kind: 'transfer', in: 'B' })
  const moved = told([admitted, moves({ said: 5 })])
  expect(stay.decide(after, moved.state)).toEqual({ accepted: false, rejection: { code: 'patientMismatch' } })
  expect(stay.decide(moves({ said: 8, from: thirdPatientId, to: patientId }), moved.state)).toMatchObject({
    accepted: false,
  })
})

test('forgetting the wrong patient leaves the stay as it is', () => {
  const { events, state } = told([admitted, says({ n: 2, kind: 'transfer', in: 'B' }), moves({ said: 5 })])
  const readable = events.filter(({ data }) => data.patientId !== patientId)
  const known = readable.reduce(stay.evolve, stay.initialState)
  expect({ ...known, handled: new Set(known.handled) }).toEqual({ ...state, handled: new Set(state.handled) })
  const said = { n: 2, said: 9, patientId: otherPatientId, identity: identity(7) }
  const correction = says({ ...said, action: 'update', kind: 'transfer', in: 'A' })
  expect(stay.decide(correction, known)).toMatchObject({ accepted: true, events: [{ type: 'MovementCorrected' }, {}] })
})

test('forgetting the right patient leaves nothing of the stay, and does not give it back to the wrong one', () => {
  const { events } = told([admitted, moves({ said: 5 })])
  const readable = events.filter(({ data }) => data.patientId !== otherPatientId)
  const known = readable.reduce(stay.evolve, stay.initialState)
  expect([known.patientId && standingOf(known), known.movements]).toEqual([undefined, {}])
})

test('a second A44 back again restores the stay to whom it was, once', () => {
  const back = moves({ said: 7, from: otherPatientId, to: patientId })
  const meanwhile = says({ n: 2, said: 6, kind: 'transfer', in: 'B', patientId: otherPatientId })
  const { state, events, rejections } = told([admitted, moves({ said: 5 }), meanwhile, back, back, moves({ said: 5 })])
  expect(rejections).toEqual([])
  expect(state.patientId).toBe(patientId)
  expect(standingOf(state)).toMatchObject({ status: 'present', wards: [{ code: 'B' }] })
  expect(events.map(({ type }) => type).filter((type) => type === 'StayMovedToPatient')).toHaveLength(2)
  const restored = events.findLast((event) => event.type === 'StayMovedToPatient')
  expect(restored?.data).toMatchObject({ patientId, history: [{}, {}, {}] })
})

test('of a dossier, only what is the wrong patient’s goes along', () => {
  const whole = { ...moves({ said: 5 }), ofDossier: true }
  const others = told([says({ n: 1, in: 'A', patientId: otherPatientId })])
  const strangers = told([says({ n: 1, in: 'A', patientId: thirdPatientId })])
  for (const { state } of [others, strangers]) expect(stay.decide(whole, state)).toEqual({ accepted: true, events: [] })
})

test('an A44 from somebody to that same person says nothing', () =>
  given(admission)
    .when(moves({ said: 5, to: patientId }))
    .thenNothing())

test('a stay that went through three hands is the last one’s, whichever A44 comes first', () => {
  const first = moves({ said: 5 })
  const second = moves({ said: 7, from: otherPatientId, to: thirdPatientId })
  const last = says({ n: 3, said: 8, kind: 'transfer', in: 'C', patientId: thirdPatientId })
  for (const arrived of [
    [admitted, first, second, last],
    [last, second, first, admitted],
    [second, last, admitted, first],
  ]) {
    const { state } = told(arrived)
    expect([state.patientId, Object.keys(state.movements).length]).toEqual([thirdPatientId, 2])
  }
})
