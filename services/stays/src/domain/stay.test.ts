import type { DocumentRef, MessageId, MovementId, PatientId, StayId } from '@relais/contracts/primitives'
import type { Movement } from '@relais/contracts/movements'
import type { StayEvent } from '@relais/contracts/stays'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { accept } from '@relais/decider/decider'
import { type RecordMovement, stay, type StayCommand } from './stay.ts'
import type { StayState } from './stay-state.ts'

/** Without what the stay then is: that is told by `standing.test.ts`. */
const { given } = specification({
  ...stay,
  decide: (command: StayCommand, state: StayState) => {
    const decision = stay.decide(command, state)
    if (!decision.accepted) return decision
    return accept(...decision.events.filter(({ type }) => type !== 'StandingChanged'))
  },
})

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const stayId = uuid(1) as StayId
const patientId = uuid(2) as PatientId
const message = (n: number) => uuid(100 + n) as MessageId
const movementId = (n: number) => uuid(200 + n) as MovementId
const reportedAt = '2026-03-09T10:00:00.000Z'
const surgery = { facility: '750000001', code: '6268', label: 'Chirurgie viscérale' }
const medicine = { facility: '750000001', code: '3100' }
const emergency = { facility: '750000001', code: '8782' }

function identity(n: number): DocumentRef {
  return { documentId: uuid(300 + n), size: 10, mediaType: 'application/json', sha256: String(n).padStart(64, '0') }
}

function movement(n: number, overrides: Partial<Movement> = {}): Movement {
  return {
    movementId: movementId(n),
    source: { authority: '750000001', number: String(n) },
    effectiveAt: `2026-03-0${n}T10:00:00.000Z`,
    effectiveLocal: `2026030${n}110000`,
    reportedAt,
    historic: false,
    nature: 'HMS',
    patientClass: 'I',
    facility: '750000001',
    medicalWard: surgery,
    ...overrides,
  }
}

function says(n: number, overrides: Partial<RecordMovement> = {}): RecordMovement {
  return {
    type: 'RecordMovement',
    action: 'insert',
    kind: 'admission',
    stayId,
    patientId,
    messageId: message(n),
    movement: movement(1),
    returnsToPreadmission: true,
    flags: [],
    identity: identity(0),
    participants: [],
    ...overrides,
  }
}

const subject = (n: number) => ({ stayId, patientId, messageId: message(n) })
const identityReported: StayEvent = {
  type: 'IdentityReported',
  data: { ...subject(0), reportedAt, identity: identity(0) },
}
const admitted: StayEvent = { type: 'PatientAdmitted', data: { ...subject(0), movement: movement(1), flags: [] } }
const withdrawn: StayEvent = {
  type: 'MovementWithdrawn',
  data: {
    ...subject(5),
    movementId: movementId(1),
    reportedAt,
    withdrawn: 'admission',
    facility: '750000001',
    wards: [surgery],
    returning: [],
    effectiveAt: '2026-03-01T10:00:00.000Z',
    flags: [],
  },
}

test('an admission is recorded with the identity that came with it', () =>
  given().when(says(0)).thenEvents(admitted, identityReported))

test('the same message again changes nothing', () => given(admitted, identityReported).when(says(0)).thenNothing())

test('the same admission in another message changes nothing', () =>
  given(admitted, identityReported).when(says(7)).thenNothing())

test('another admission under a movement number already used is refused', () =>
  given(admitted, identityReported)
    .when(says(7, { movement: movement(1, { medicalWard: medicine }) }))
    .thenRejected({ code: 'movementIdReused' }))

test('a transfer tells the ward that was left', () =>
  given(admitted, identityReported)
    .when(says(2, { kind: 'transfer', movement: movement(2, { medicalWard: medicine }) }))
    .thenEvents({
      type: 'PatientTransferred',
      data: { ...subject(2), movement: movement(2, { medicalWard: medicine }), flags: [], leaving: [surgery] },
    }))

test('a transfer inside the same ward leaves no ward', () =>
  given(admitted, identityReported)
    .when(says(2, { kind: 'transfer', movement: movement(2) }))
    .thenEvents({ type: 'PatientTransferred', data: { ...subject(2), movement: movement(2), flags: [], leaving: [] } }))

test('a discharge of a stay nobody announced is recorded, the missing admission flagged', () =>
  given()
    .when(says(2, { kind: 'discharge', movement: movement(2) }))
    .thenEvents(
      {
        type: 'PatientDischarged',
        data: {
          ...subject(2),
          movement: movement(2),
          flags: [{ code: 'admissionMissing', path: 'ZBE-1' }],
          leaving: [],
        },
      },
      { type: 'IdentityReported', data: { ...subject(2), reportedAt, identity: identity(0) } },
    ))

test('a discharge after a withdrawn admission misses its admission', () =>
  given(admitted, identityReported, withdrawn)
    .when(says(2, { kind: 'discharge', movement: movement(2) }))
    .thenEvents({
      type: 'PatientDischarged',
      data: { ...subject(2), movement: movement(2), flags: [{ code: 'admissionMissing', path: 'ZBE-1' }], leaving: [] },
    }))

test('a correction says what changed and which ward is no longer concerned', () => {
  const corrected = movement(1, { medicalWard: emergency, reportedAt: '2026-03-09T11:00:00.000Z' })
  return given(admitted, identityReported)
    .when(says(3, { action: 'update', movement: corrected }))
    .thenEvents({
      type: 'MovementCorrected',
      data: {
        ...subject(3),
        movement: corrected,
        flags: [],
        leaving: [surgery],
        kind: 'admission',
        changed: ['medicalWard'],
      },
    })
})

test('a correction older than what it corrects is kept and flagged, and overrides nothing', () =>
  given(admitted, identityReported)
    .when(
      says(3, {
        action: 'update',
        movement: movement(1, { medicalWard: emergency, reportedAt: '2026-03-09T09:59:59.999Z' }),
      }),
    )
    .thenEvents({
      type: 'MovementCorrected',
      data: {
        ...subject(3),
        movement: movement(1),
        flags: [{ code: 'olderThanWhatItCorrects', path: 'EVN-2' }],
        leaving: [],
        kind: 'admission',
        changed: [],
      },
    }))

test('a correction said at the same instant counts', () => {
  const corrected = movement(1, { room: '12' })
  return given(admitted, identityReported)
    .when(says(3, { action: 'update', movement: corrected }))
    .thenEvents({
      type: 'MovementCorrected',
      data: { ...subject(3), movement: corrected, flags: [], leaving: [], kind: 'admission', changed: ['room'] },
    })
})

test('a correction that changes nothing is quiet', () =>
  given(admitted, identityReported)
    .when(says(3, { action: 'update' }))
    .thenNothing())

test('a correction of an unknown movement is refused: it has to wait', () =>
  given()
    .when(says(3, { action: 'update' }))
    .thenRejected({ code: 'movementUnknown' }))

test('a correction of a withdrawn movement is kept and flagged, and corrects nothing', () =>
  given(admitted, identityReported, withdrawn)
    .when(says(3, { action: 'update', movement: movement(1, { room: '12' }) }))
    .thenEvents({
      type: 'MovementCorrected',
      data: {
        ...subject(3),
        movement: movement(1),
        flags: [{ code: 'movementAlreadyWithdrawn', path: 'ZBE-1' }],
        leaving: [],
        kind: 'admission',
        changed: [],
      },
    }))

const later = '2026-03-09T12:00:00.000Z'
const between = '2026-03-09T11:00:00.000Z'
const confirmed: StayEvent = {
  type: 'MovementConfirmed',
  data: { ...subject(3), movementId: movementId(1), reportedAt: later },
}

test('a movement said again later, unchanged, is confirmed', () =>
  given(admitted, identityReported)
    .when(says(3, { action: 'update', movement: movement(1, { reportedAt: later }) }))
    .thenEvents(confirmed))

test('a correction said before a confirmation changes nothing, although it arrives after it', () =>
  given(admitted, identityReported, confirmed)
    .when(says(4, { action: 'update', movement: movement(1, { medicalWard: emergency, reportedAt: between }) }))
    .thenEvents({
      type: 'MovementCorrected',
      data: {
        ...subject(4),
        movement: movement(1),
        flags: [{ code: 'olderThanWhatItCorrects', path: 'EVN-2' }],
        leaving: [],
        kind: 'admission',
        changed: [],
      },
    }))

test('an announcement repeated after a correction changes nothing', () => {
  const corrected = movement(1, { medicalWard: emergency, reportedAt: between })
  const correction: StayEvent = {
    type: 'MovementCorrected',
    data: {
      ...subject(3),
      movement: corrected,
      flags: [],
      leaving: [surgery],
      kind: 'admission',
      changed: ['medicalWard'],
    },
  }
  return given(admitted, identityReported, correction).when(says(4)).thenNothing()
})

test('a withdrawn movement announced again later is refused', () =>
  given(admitted, identityReported, withdrawn)
    .when(says(6, { movement: movement(1, { reportedAt: later }) }))
    .thenRejected({ code: 'movementWithdrawn' }))

test('an identity said earlier than what is known is not reported again', () =>
  given(admitted, identityReported, confirmed)
    .when(says(4, { kind: 'transfer', movement: movement(2, { reportedAt: between }), identity: identity(1) }))
    .thenEvents({
      type: 'PatientTransferred',
      data: { ...subject(4), movement: movement(2, { reportedAt: between }), flags: [], leaving: [] },
    }))

test('a cancelled admission is withdrawn', () =>
  given(admitted, identityReported)
    .when(says(5, { action: 'cancel' }))
    .thenEvents(withdrawn))

test('a withdrawn transfer gives the patient back to the ward that was left', () => {
  const transfer = movement(2, { medicalWard: medicine })
  const transferred: StayEvent = {
    type: 'PatientTransferred',
    data: { ...subject(2), movement: transfer, flags: [], leaving: [surgery] },
  }
  return given(admitted, identityReported, transferred)
    .when(says(5, { action: 'cancel', kind: 'transfer', movement: transfer }))
    .thenEvents({
      type: 'MovementWithdrawn',
      data: {
        ...subject(5),
        movementId: movementId(2),
        reportedAt,
        withdrawn: 'transfer',
        facility: '750000001',
        wards: [medicine],
        returning: [surgery],
        effectiveAt: transfer.effectiveAt,
        flags: [],
      },
    })
})

test('a second cancellation changes nothing', () =>
  given(admitted, identityReported, withdrawn)
    .when(says(6, { action: 'cancel' }))
    .thenNothing())

test('a cancellation of an unknown movement is refused: it has to wait', () =>
  given()
    .when(says(5, { action: 'cancel' }))
    .thenRejected({ code: 'movementUnknown' }))

test('a cancelled discharge cannot name an admission', () =>
  given(admitted, identityReported)
    .when(says(5, { action: 'cancel', kind: 'discharge' }))
    .thenRejected({ code: 'triggerMismatch' }))

test('a visit number that belongs to another patient is refused', () =>
  given(admitted, identityReported)
    .when(says(5, { patientId: uuid(3) as PatientId }))
    .thenRejected({ code: 'patientMismatch' }))

test('a new identity and new participants are reported beside the movement', () => {
  const participants: RecordMovement['participants'] = [
    {
      relation: 'primaryPhysician',
      professionalId: 'rpps:10000000001' as RecordMovement['participants'][0]['professionalId'],
    },
  ]
  return given(admitted, identityReported)
    .when(says(8, { identity: identity(1), participants }))
    .thenEvents(
      { type: 'IdentityReported', data: { ...subject(8), reportedAt, identity: identity(1) } },
      { type: 'ParticipantsReported', data: { ...subject(8), reportedAt, participants: [...participants] } },
    )
})

test('who the patient is may be said without a movement, once, and counts after all that was said before', () => {
  const said = { type: 'ReportIdentity' as const, stayId, messageId: message(9), identity: identity(1) }
  const at = '2026-03-09T11:00:00.000Z'
  const reported = (reportedAt: string): StayEvent => ({
    type: 'IdentityReported',
    data: { ...subject(9), reportedAt, identity: identity(1) },
  })
  given(admitted, identityReported)
    .when({ ...said, at })
    .thenEvents(reported(at))
  given(admitted, identityReported)
    .when({ ...said, at: '2026-03-09T09:00:00.000Z' })
    .thenEvents(reported(reportedAt))
  given(admitted, identityReported, reported(at))
    .when({ ...said, at })
    .thenNothing()
  given()
    .when({ ...said, at })
    .thenRejected({ code: 'stayUnknown' })
})

const anyCommand = fc
  .record({
    action: fc.constantFrom('insert' as const, 'update' as const, 'cancel' as const),
    kind: fc.constantFrom(
      'preadmission' as const,
      'registration' as const,
      'admission' as const,
      'transfer' as const,
      'discharge' as const,
    ),
    n: fc.integer({ min: 1, max: 5 }),
    messageNumber: fc.integer({ min: 0, max: 5 }),
    ward: fc.constantFrom(surgery, medicine, emergency),
    reported: fc.constantFrom('2026-03-09T10:00:00.000Z', '2026-03-09T11:00:00.000Z'),
    identityNumber: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ action, kind, n, messageNumber, ward, reported, identityNumber }) =>
    says(messageNumber, {
      action,
      kind,
      movement: movement(n, { medicalWard: ward, reportedAt: reported }),
      identity: identity(identityNumber),
    }),
  )

test('handling any accepted message twice is handling it once', () => assertRepeatsAreQuiet(stay, anyCommand))
