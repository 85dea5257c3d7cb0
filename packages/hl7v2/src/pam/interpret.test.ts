import type { FieldProblem } from '@relais/contracts/messages'
import { Movement, Participant } from '@relais/contracts/movements'
import { ReportedIdentity } from '@relais/contracts/patients'
import { expect, test } from 'vitest'
import { pamMessage, type PamMessage, withField } from '../fixtures.ts'
import { decodeMessage } from '../message.ts'
import { interpretPam, type MovementReport } from './interpret.ts'

const known = { zoneOf: () => 'Europe/Paris', knowsFacility: () => true, knowsWard: () => true }

function interpret(text: string) {
  const decoded = decodeMessage(new TextEncoder().encode(text))
  if (!decoded.ok) throw new Error(decoded.problem.text)
  return interpretPam(decoded.message, known)
}

function reportOf(given: Partial<PamMessage>): MovementReport {
  const result = interpret(pamMessage(given))
  if (result.kind !== 'movement') throw new Error(`${result.kind} ${JSON.stringify(result)}`)
  return result.report
}

function problemsOf(text: string): [string, FieldProblem['code']][] {
  const result = interpret(text)
  return result.kind === 'problems' ? result.problems.map(({ path, code }) => [path, code]) : []
}

test.each([
  [{ trigger: 'A01' }, 'insert', 'admission'],
  [{ trigger: 'A02' }, 'insert', 'transfer'],
  [{ trigger: 'A03' }, 'insert', 'discharge'],
  [{ trigger: 'A04', class: 'E' }, 'insert', 'registration'],
  [{ trigger: 'A05' }, 'insert', 'preadmission'],
  [{ trigger: 'A11', original: 'A01' }, 'cancel', 'admission'],
  [{ trigger: 'A11', original: 'A04' }, 'cancel', 'registration'],
  [{ trigger: 'A12' }, 'cancel', 'transfer'],
  [{ trigger: 'A13' }, 'cancel', 'discharge'],
  [{ trigger: 'A38' }, 'cancel', 'preadmission'],
  [{ trigger: 'Z99', original: 'A01' }, 'update', 'admission'],
  [{ trigger: 'Z99', original: 'A02' }, 'update', 'transfer'],
  [{ trigger: 'Z99', original: 'A03' }, 'update', 'discharge'],
  [{ trigger: 'Z99', original: 'A04', nature: 'C' }, 'update', 'registration'],
  [{ trigger: 'Z99', original: 'A05' }, 'update', 'preadmission'],
  [{ trigger: 'A01', original: 'A01' }, 'insert', 'admission'],
  [{ trigger: 'A06' }, 'insert', 'toInpatient'],
  [{ trigger: 'A07', class: 'O' }, 'insert', 'toOutpatient'],
  [{ trigger: 'A07', action: 'CANCEL' }, 'cancel', 'toInpatient'],
  [{ trigger: 'A06', action: 'CANCEL' }, 'cancel', 'toOutpatient'],
  [{ trigger: 'A14' }, 'insert', 'plannedAdmission'],
  [{ trigger: 'A15' }, 'insert', 'plannedTransfer'],
  [{ trigger: 'A16', expectedDischarge: '20261103' }, 'insert', 'plannedDischarge'],
  [{ trigger: 'A21' }, 'insert', 'leave'],
  [{ trigger: 'A22' }, 'insert', 'return'],
  [{ trigger: 'A25' }, 'cancel', 'plannedDischarge'],
  [{ trigger: 'A26' }, 'cancel', 'plannedTransfer'],
  [{ trigger: 'A27' }, 'cancel', 'plannedAdmission'],
  [{ trigger: 'A52' }, 'cancel', 'leave'],
  [{ trigger: 'A53' }, 'cancel', 'return'],
  [{ trigger: 'A54', attendingRpps: '10002909371' }, 'insert', 'attendingChange'],
  [{ trigger: 'A55' }, 'cancel', 'attendingChange'],
  [{ trigger: 'Z99', original: 'A06' }, 'update', 'toInpatient'],
  [{ trigger: 'Z99', original: 'A21' }, 'update', 'leave'],
] as const)('%j is the %s of a movement of kind %s', (given, action, kind) =>
  expect(reportOf(given)).toMatchObject({ action, kind }),
)

test.each(['A08', 'A09', 'A10', 'A32', 'A33'])('%s is known and not handled', (trigger) =>
  expect(interpret(pamMessage({ trigger }))).toEqual({ kind: 'notSupported', trigger }),
)

test('what goes back to a movement that is not handled is not handled either', () =>
  expect(interpret(pamMessage({ trigger: 'Z99', original: 'A09' }))).toEqual({ kind: 'notSupported', trigger: 'A09' }))

test.each(['A17', 'A60', 'Z98', 'constructor'])('%s is unknown, and for whoever receives it to ignore', (trigger) =>
  expect(interpret(pamMessage({ trigger }))).toEqual({ kind: 'unknownTrigger', trigger }),
)

test('a message that is no ADT is unknown', () =>
  expect(interpret(withField(pamMessage(), 'MSH-9', 'ORU^R01^ORU_R01'))).toEqual({
    kind: 'unknownTrigger',
    trigger: 'ORU^R01',
  }))

test.each<[Partial<PamMessage>, string, FieldProblem['code']]>([
  [{ trigger: 'A01', action: 'UPDATE' }, 'ZBE-4', 'triggerMismatch'],
  [{ trigger: 'A01', action: 'CANCEL' }, 'ZBE-4', 'triggerMismatch'],
  [{ trigger: 'A11', action: 'INSERT' }, 'ZBE-4', 'triggerMismatch'],
  [{ trigger: 'Z99', action: 'INSERT' }, 'ZBE-4', 'triggerMismatch'],
  [{ trigger: 'Z99', action: 'CANCEL' }, 'ZBE-4', 'triggerMismatch'],
  [{ trigger: 'A01', original: 'A02' }, 'ZBE-6', 'triggerMismatch'],
  [{ trigger: 'A11', original: 'A02' }, 'ZBE-6', 'triggerMismatch'],
  [{ trigger: 'A12', original: 'A01' }, 'ZBE-6', 'triggerMismatch'],
  [{ trigger: 'A38', original: 'A01' }, 'ZBE-6', 'triggerMismatch'],
  [{ trigger: 'A13', original: '' }, 'ZBE-6', 'fieldMissing'],
  [{ trigger: 'Z99', original: '' }, 'ZBE-6', 'fieldMissing'],
  [{ trigger: 'Z99', original: 'A99' }, 'ZBE-6', 'fieldInvalid'],
  [{ trigger: 'A01', nature: 'C' }, 'ZBE-9', 'fieldInvalid'],
  [{ trigger: 'Z99', original: 'A02', nature: 'C' }, 'ZBE-9', 'fieldInvalid'],
  [{ trigger: 'A11', original: 'A01', nature: 'C' }, 'ZBE-9', 'fieldInvalid'],
  [{ trigger: 'Z99', original: 'A06', nature: 'C' }, 'ZBE-9', 'fieldInvalid'],
  [{ trigger: 'A06', action: 'UPDATE' }, 'ZBE-4', 'triggerMismatch'],
  [{ trigger: 'A06', action: 'CANCEL', original: 'A06' }, 'ZBE-6', 'triggerMismatch'],
  [{ trigger: 'A06', original: 'A07' }, 'ZBE-6', 'triggerMismatch'],
  [{ trigger: 'A52', original: 'A22' }, 'ZBE-6', 'triggerMismatch'],
  [{ trigger: 'A54' }, 'PV1-7', 'fieldMissing'],
  [{ trigger: 'A16' }, 'EVN-3', 'fieldMissing'],
  [{ trigger: 'A16', planned: '2 Nov' }, 'EVN-3', 'timestampInvalid'],
])('%j contradicts itself at %s', (given, path, code) => expect(problemsOf(pamMessage(given))).toEqual([[path, code]]))

test.each<[string, string, string, FieldProblem['code']]>([
  ['MSH-9', '', 'MSH-9.1', 'fieldMissing'],
  ['MSH-9', 'ADT', 'MSH-9.2', 'fieldMissing'],
  ['EVN-2', '2 Nov', 'EVN-2', 'timestampInvalid'],
  ['PID-3', '', 'PID-3', 'fieldMissing'],
  ['PID-3', '900001^^^CH&1&N^NH', 'PID-3', 'fieldMissing'],
  ['PID-3', '^^^CH&1&N^PI', 'PID-3(1).1', 'fieldMissing'],
  ['PID-3', '900001^^^^PI', 'PID-3(1).4.1', 'fieldMissing'],
  ['PID-3', `${'9'.repeat(101)}^^^CH&1&N^PI`, 'PID-3(1).1', 'fieldInvalid'],
  ['PV1-2', '', 'PV1-2', 'fieldMissing'],
  ['PV1-2', 'X', 'PV1-2', 'fieldInvalid'],
  ['PV1-19', '', 'PV1-19.1', 'fieldMissing'],
  ['PV1-19', 'V1', 'PV1-19.4.1', 'fieldMissing'],
  ['ZBE-1', '', 'ZBE-1.1', 'fieldMissing'],
  ['ZBE-1', 'M1', 'ZBE-1.2', 'fieldMissing'],
  ['ZBE-2', '', 'ZBE-2', 'fieldMissing'],
  ['ZBE-2', '""', 'ZBE-2', 'fieldMissing'],
  ['ZBE-2', '20261102', 'ZBE-2', 'timestampInvalid'],
  ['ZBE-2', '20261302100000', 'ZBE-2', 'timestampInvalid'],
  ['ZBE-3', '20261102100000', 'ZBE-3', 'fieldForbidden'],
  ['ZBE-4', '', 'ZBE-4', 'fieldMissing'],
  ['ZBE-4', 'insert', 'ZBE-4', 'fieldInvalid'],
  ['ZBE-5', '', 'ZBE-5', 'fieldMissing'],
  ['ZBE-5', 'O', 'ZBE-5', 'fieldInvalid'],
  ['ZBE-7', 'Médecine A', 'ZBE-7.10', 'fieldMissing'],
  ['ZBE-7', `^^^^^^UF^^^${'4'.repeat(31)}`, 'ZBE-7.10', 'fieldInvalid'],
  ['ZBE-9', '', 'ZBE-9', 'fieldMissing'],
  ['ZBE-9', 'XYZ', 'ZBE-9', 'fieldInvalid'],
])('with %s %j the problem stands at %s: %s', (path, value, at, code) => {
  const problems = problemsOf(withField(pamMessage(), path, value))
  expect(problems[0]).toEqual([at, code])
  expect(problems.every(([place]) => place.startsWith(path))).toBe(true)
})

test('problems come in the order of segments and fields, and say nothing of what was received', () => {
  const message = ['ZBE-9', 'ZBE-10', 'ZBE-4', 'PV1-2', 'ZBE-3'].reduce(
    (text, path) => withField(text, path, 'TEST-ÉGLANTINE'),
    pamMessage(),
  )
  expect(problemsOf(message).map(([path]) => path)).toEqual(['PV1-2', 'ZBE-3', 'ZBE-4', 'ZBE-9'])
  expect(JSON.stringify(interpret(message))).not.toContain('ÉGLANTINE')
})

test.each(['EVN', 'PID', 'PV1', 'ZBE'])('a message without %s has one problem', (name) => {
  const text = pamMessage()
    .split('\r')
    .filter((line) => !line.startsWith(name))
    .join('\r')
  expect(problemsOf(text)).toEqual([[name, 'segmentMissing']])
})

test('a message is about one movement', () => {
  const [zbe = ''] = /ZBE.*/.exec(pamMessage()) ?? []
  expect(problemsOf(`${pamMessage()}${zbe}\r`)).toEqual([['ZBE', 'structureUnreadable']])
})

test('what a movement says is read whole', () => {
  const report = reportOf({
    trigger: 'A03',
    recorded: '20261103111500',
    effective: '20261103110000',
    careWard: '4102',
    historic: 'Y',
    expectedDischarge: '20261103',
    dischargeTime: '20261103110000',
    circumstances: '3',
    exitMode: '8',
    destinationKind: '7',
    destinationFacility: '990000028',
  })
  expect(report.patient).toEqual({
    identifier: { authority: '990000010', number: '900001' },
    namespace: 'CH-ESSAI',
  })
  expect(report.visit).toEqual({ identifier: { authority: '990000010', number: 'V900001' }, namespace: 'CH-ESSAI' })
  expect(report.authorities).toEqual([{ namespace: 'CH-ESSAI', universalId: '990000010' }])
  expect(report.flags).toEqual([])
  expect(report.movement).toStrictEqual({
    source: { authority: '990000010', number: 'M900001' },
    effectiveAt: '2026-11-03T10:00:00.000Z',
    effectiveLocal: '20261103110000',
    reportedAt: '2026-11-03T10:15:00.000Z',
    expectedDischargeAt: '2026-11-02T23:00:00.000Z',
    historic: true,
    nature: 'HMS',
    patientClass: 'I',
    facility: '990000010',
    medicalWard: { facility: '990000010', code: '4101', label: 'Médecine A' },
    careWard: { facility: '990000010', code: '4102', label: 'Médecine A' },
    room: '12',
    bed: '2',
    discharge: { circumstances: '3', exitMode: '8', destinationKind: '7', destinationFacility: '990000028' },
  })
})

test('what is read is what the contracts promise', () => {
  const { movement, identity, participants } = reportOf({ trigger: 'A03', primaryPhysicianRpps: '10002909371' })
  expect(Movement.omit({ movementId: true }).parse(movement)).toStrictEqual(movement)
  expect(ReportedIdentity.parse(identity)).toStrictEqual(identity)
  expect(participants.map((one) => Participant.parse(one))).toStrictEqual(participants)
  expect(movement).not.toHaveProperty('discharge')
})

test('how a patient left is read from a discharge, not from an admission', () => {
  expect(reportOf({ trigger: 'A01', exitMode: '8' }).movement).not.toHaveProperty('discharge')
  expect(reportOf({ trigger: 'A13', exitMode: '8' }).movement.discharge).toEqual({ exitMode: '8' })
})

test('where to is read from a discharge that is planned, as far as the message says it', () => {
  const planned = { trigger: 'A16', planned: '20261105100000', expectedDischarge: '20261105100000' }
  const destination = { exitMode: '8', destinationKind: '7', destinationFacility: '990000028' }
  const { movement } = reportOf({ ...planned, ...destination, circumstances: '3' })
  expect(movement.discharge).toEqual({ ...destination, circumstances: '3' })
  expect(movement.expectedDischargeAt).toBe('2026-11-05T09:00:00.000Z')
  expect(reportOf(planned).movement).not.toHaveProperty('discharge')
})

test('without EVN-2 the movement was reported when the message was made', () => {
  const text = withField(withField(pamMessage(), 'MSH-7', '20261102101500'), 'EVN-2', '')
  expect(interpret(text)).toMatchObject({ report: { movement: { reportedAt: '2026-11-02T09:15:00.000Z' } } })
  expect(problemsOf(withField(text, 'MSH-7', ''))).toEqual([['EVN-2', 'fieldMissing']])
})

test.each([
  ['A03', '20261102100000', []],
  ['A03', '202611021000', []],
  ['A03', '20261102113000', [{ code: 'dischargeTimeDiffers', path: 'PV1-45' }]],
  ['A01', '20261102113000', []],
])('%s with PV1-45 %s is flagged %j', (trigger, dischargeTime, flags) =>
  expect(reportOf({ trigger, dischargeTime }).flags).toEqual(flags),
)

test('an hour that the clock shows twice, or skips, is flagged where it stands', () => {
  expect(reportOf({ effective: '20261025023000' })).toMatchObject({
    movement: { effectiveAt: '2026-10-25T00:30:00.000Z', effectiveLocal: '20261025023000' },
    flags: [
      { code: 'localTimeDoubled', path: 'ZBE-2' },
      { code: 'localTimeDoubled', path: 'EVN-2' },
    ],
  })
  expect(reportOf({ effective: '20260329023000', recorded: '20260329100000' }).flags).toEqual([
    { code: 'localTimeSkipped', path: 'ZBE-2' },
  ])
})

test('a doubtful character set is flagged with the rest', () => {
  const decoded = decodeMessage(new Uint8Array(Buffer.from(pamMessage({ charset: '' }), 'latin1')))
  const result = decoded.ok && interpretPam(decoded.message, known)
  expect(result).toMatchObject({ report: { flags: [{ code: 'encodingUnexpected', path: 'MSH-18' }] } })
})

test.each<[Partial<PamMessage>, Partial<MovementReport['movement']>]>([
  [{ trigger: 'A05', planned: '202611051400' }, { plannedAt: '2026-11-05T13:00:00.000Z' }],
  [
    { trigger: 'A15', planned: '202611051400', plannedWard: '4102' },
    { plannedAt: '2026-11-05T13:00:00.000Z', plannedWard: { facility: '990000010', code: '4102' } },
  ],
  [{ trigger: 'A16', planned: '202611051400' }, { expectedDischargeAt: '2026-11-05T13:00:00.000Z' }],
  [{ trigger: 'A01', expectedDischarge: '202611051400' }, { expectedDischargeAt: '2026-11-05T13:00:00.000Z' }],
  [{ trigger: 'A01', protection: 'Y' }, { confidential: true }],
  [{ trigger: 'A01', protection: 'N' }, { confidential: false }],
])('%j plans, and protects, what it says', (given, movement) =>
  expect(reportOf(given).movement).toMatchObject(movement),
)

test('PV2-8 says when a coming is planned where EVN-3 does not', () => {
  const text = pamMessage({ trigger: 'A14' }).replace(/(PV1[^\r]*\r)/, '$1PV2||||||||202611051400\r')
  expect(interpret(text)).toMatchObject({ report: { movement: { plannedAt: '2026-11-05T13:00:00.000Z' } } })
})

test('who answers for the patient is read with the RPPS before any other number', () => {
  expect(reportOf({ attendingRpps: '10002909371' }).movement.attendingPhysician).toBe('rpps:10002909371')
  const wrong = reportOf({ attendingRpps: '10002909372' })
  expect(wrong.movement.attendingPhysician).toBe('rpps:10002909372')
  expect(wrong.flags).toEqual([{ code: 'rppsKeyWrong', path: 'PV1-7.1' }])
})

test.each([
  ['A06', 'O', true],
  ['A06', 'I', false],
  ['A06', 'R', false],
  ['A07', 'I', true],
  ['A07', 'E', false],
] as const)('%s of class %s is doubted: %s', (trigger, patientClass, isDoubted) =>
  expect(reportOf({ trigger, class: patientClass }).flags).toEqual(
    isDoubted ? [{ code: 'classUnexpected', path: 'PV1-2' }] : [],
  ),
)

test('PV1-5 says that a cancelled admission returns to the pre-admission', () => {
  expect(reportOf({ trigger: 'A11' }).returnsToPreadmission).toBe(false)
  expect(reportOf({ trigger: 'A11', preadmission: 'P1' }).returnsToPreadmission).toBe(true)
})

test('A44 says whose visit it is, and whose it was said to be', () => {
  const read = interpret(pamMessage({ trigger: 'A44', formerIpp: '900002', formerVisit: 'V900002' }))
  const number = (value: string) => ({ identifier: { authority: '990000010', number: value }, namespace: 'CH-ESSAI' })
  expect(read).toMatchObject({
    kind: 'move',
    report: {
      patient: number('900001'),
      from: number('900002'),
      visit: number('V900002'),
      reportedAt: '2026-11-02T09:00:00.000Z',
      identity: { birthName: 'TEST-ÉGLANTINE' },
      flags: [],
    },
  })
})

test.each([
  ['MRG-1', 'MRG-1', 'fieldMissing'],
  ['MRG-5', 'PV1-19.1', 'fieldMissing'],
  ['PID-3', 'PID-3', 'fieldMissing'],
] as const)('an A44 without %s has a problem at %s', (path, at, code) => {
  const text = withField(pamMessage({ trigger: 'A44', formerIpp: '900002' }), path, '')
  expect(problemsOf(text)[0]).toEqual([at, code])
})

const dossier = (number: string) => ({ authority: '990000010', number })

test('an A44 names a dossier, by the number that it had, and no visit, or both', () => {
  const text = pamMessage({ trigger: 'A44', formerIpp: '900002', dossier: 'D2' })
  expect(interpret(text)).toMatchObject({ report: { visit: undefined, dossier: dossier('D2') } })
  const renumbered = withField(text, 'MRG-3', 'D1^^^CH-ESSAI&990000010&N^AN')
  expect(interpret(renumbered)).toMatchObject({ report: { visit: undefined, dossier: dossier('D1') } })
  const both = pamMessage({ trigger: 'A44', formerIpp: '900002', formerVisit: 'V1', dossier: 'D2' })
  expect(interpret(both)).toMatchObject({ report: { visit: { identifier: dossier('V1') }, dossier: dossier('D2') } })
})

test('a movement says which dossier its visit is in, where that is the number of somebody', () => {
  expect(reportOf({ dossier: 'D1' }).dossier).toEqual(dossier('D1'))
  for (const written of ['', '""', 'D1', 'D1^^^', `${'D'.repeat(101)}^^^CH-ESSAI`, '^^^CH-ESSAI'])
    expect(interpret(withField(pamMessage(), 'PID-18', written))).toMatchObject({ report: { dossier: undefined } })
})
