import type { IdentityStatus } from '@relais/contracts/patients'
import type { Flag } from '@relais/contracts/movements'
import { expect, test } from 'vitest'
import { insKeyOf } from '../checks.ts'
import { pamMessage, withField } from '../fixtures.ts'
import { decodeMessage } from '../message.ts'
import { interpretPam } from './interpret.ts'

const known = { zoneOf: () => 'Europe/Paris', knowsFacility: () => true, knowsWard: () => true }

function read(text: string) {
  const decoded = decodeMessage(new TextEncoder().encode(text))
  const result = decoded.ok && interpretPam(decoded.message, known)
  if (!result || result.kind !== 'movement') throw new Error(JSON.stringify(result))
  return result.report
}

const oid = (last: number | string) => `1.2.250.1.213.1.4.${last}`
const body = '2410799000001'
const right = `${body}${insKeyOf(body)}`
const wrong = `${body}01`
const corsican = `241072A000001${insKeyOf('241072A000001')}`
const nia = `8410799000001${insKeyOf('8410799000001')}`
const ins = (matricule: string, system: string, type = 'INS') => `${matricule}^^^ASIP-SANTE-INS&${system}&ISO^${type}`

type Case = {
  repetitions: string[]
  reliability: string
  edits?: Record<string, string>
  zfd?: string
}
type Outcome = { matricule?: string; status: IdentityStatus; flags: Flag[] }

test.each<[string, Case, Outcome]>([
  [
    'a validated identity with its INS is qualified',
    { repetitions: [ins(right, oid(8))], reliability: 'VALI' },
    { matricule: right, status: 'qualified', flags: [] },
  ],
  [
    'a NIA counts',
    { repetitions: [ins(nia, oid(9))], reliability: 'VALI' },
    { matricule: nia, status: 'qualified', flags: [] },
  ],
  [
    'a test INS counts',
    { repetitions: [ins(right, oid(10))], reliability: 'VALI' },
    { matricule: right, status: 'qualified', flags: [] },
  ],
  [
    'a demonstration INS counts',
    { repetitions: [ins(right, oid(11))], reliability: 'VALI' },
    { matricule: right, status: 'qualified', flags: [] },
  ],
  [
    'a Corsican INS counts',
    { repetitions: [ins(corsican, oid(8))], reliability: 'VALI' },
    { matricule: corsican, status: 'qualified', flags: [] },
  ],
  [
    'of NIA and NIR the NIR is kept',
    { repetitions: [ins(nia, oid(9)), ins(right, oid(8))], reliability: 'VALI' },
    { matricule: right, status: 'qualified', flags: [] },
  ],
  [
    'VALI may stand among others',
    { repetitions: [ins(right, oid(8))], reliability: 'HOMA~VALI' },
    { matricule: right, status: 'qualified', flags: [] },
  ],
  ['without an INS it is validated', { repetitions: [], reliability: 'VALI' }, { status: 'validated', flags: [] }],
  [
    'an INS to be deleted is none',
    { repetitions: [ins('""', oid(8))], reliability: 'VALI' },
    { status: 'validated', flags: [] },
  ],
  ['nothing said is provisional', { repetitions: [], reliability: '' }, { status: 'provisional', flags: [] }],
  [
    'with PID-32 missing the INS is left out',
    { repetitions: [ins(right, oid(8))], reliability: '' },
    { status: 'provisional', flags: [{ code: 'insNotQualified', path: 'PID-32' }] },
  ],
  [
    'a provisional identity with an INS is retrieved, and the INS left out',
    { repetitions: [ins(right, oid(8))], reliability: 'PROV' },
    { status: 'retrieved', flags: [{ code: 'insNotQualified', path: 'PID-32' }] },
  ],
  [
    'a doubtful identity stays provisional',
    { repetitions: [ins(right, oid(8))], reliability: 'VALI~DOUT' },
    { status: 'provisional', flags: [{ code: 'insNotQualified', path: 'PID-32' }] },
  ],
  [
    'a fictitious identity stays provisional',
    { repetitions: [ins(right, oid(10))], reliability: 'VALI~FICT' },
    { status: 'provisional', flags: [{ code: 'insNotQualified', path: 'PID-32' }] },
  ],
  [
    'a wrong key leaves it out',
    { repetitions: [ins(wrong, oid(8))], reliability: 'VALI' },
    { status: 'validated', flags: [{ code: 'insKeyWrong', path: 'PID-3(2).1' }] },
  ],
  [
    'an OID that circulates by mistake leaves it out',
    { repetitions: [ins(right, oid(5))], reliability: 'VALI' },
    { status: 'validated', flags: [{ code: 'insOidUnknown', path: 'PID-3(2).4.2' }] },
  ],
  [
    'the OID of the INS-C is none of the INS',
    { repetitions: [ins(right, oid(2))], reliability: 'VALI' },
    { status: 'validated', flags: [{ code: 'insOidUnknown', path: 'PID-3(2).4.2' }] },
  ],
  [
    'a billing NIR is never an INS',
    { repetitions: [ins(right, oid(8), 'NH')], reliability: 'VALI' },
    { status: 'validated', flags: [] },
  ],
  [
    'an INS-C is never an INS',
    { repetitions: [ins(right, oid(2), 'INS-C')], reliability: 'VALI' },
    { status: 'validated', flags: [] },
  ],
  [
    'a birth date corrected by the INS rules forbids to carry it',
    { repetitions: [ins(right, oid(8))], reliability: 'VALI', zfd: 'ZFD||||Y' },
    { status: 'validated', flags: [{ code: 'insNotQualified', path: 'ZFD-4' }] },
  ],
  [
    'a birth date corrected by the INS rules is not retrieved either',
    { repetitions: [ins(right, oid(8))], reliability: 'PROV', zfd: 'ZFD||||Y' },
    { status: 'provisional', flags: [{ code: 'insNotQualified', path: 'PID-32' }] },
  ],
  [
    'an INS has a sex, F or M',
    { repetitions: [ins(right, oid(8))], reliability: 'VALI', edits: { 'PID-8': 'U' } },
    { status: 'validated', flags: [{ code: 'insNotQualified', path: 'PID-8' }] },
  ],
])('%s', (_, { repetitions, reliability, edits = {}, zfd }, { matricule, status, flags }) => {
  const pid3 = ['900001^^^CH&990000010&N^PI', ...repetitions].join('~')
  const fields = { 'PID-3': pid3, 'PID-32': reliability, ...edits }
  const text = Object.entries(fields).reduce((message, [path, value]) => withField(message, path, value), pamMessage())
  const report = read(zfd ? `${text}${zfd}\r` : text)
  expect(report.identity.ins?.matricule).toBe(matricule)
  expect(report.identity.status).toBe(status)
  expect(report.flags).toEqual(flags)
})

test('signs of a test identity are told, also of an INS that is left out', () => {
  const pid3 = ['900001^^^CH&990000010&N^PI', ins(right, oid(10)), ins(wrong, oid(7)), ins(right, oid(8), 'NH')].join(
    '~',
  )
  const text = withField(withField(pamMessage(), 'PID-3', pid3), 'PID-32', 'PROV~FICT')
  expect(read(text).test).toEqual({ insOids: [oid(10), oid(7)], fictitious: true })
  expect(read(pamMessage({ insBody: '' })).test).toEqual({ insOids: [], fictitious: false })
})

test('birth name, used name, given names, birthplace are read by their types', () => {
  const named = withField(
    pamMessage(),
    'PID-5',
    'TEST-ALIAS^ZOÉ^^^^^S~TEST-USAGE^ZOÉ^^^^^D~TEST-NAISSANCE^ZOÉ^ZOÉ LOU^^^^L',
  )
  expect(read(withField(named, 'PID-7', '194107090000')).identity).toStrictEqual({
    ipp: { authority: '990000010', number: '900001' },
    birthName: 'TEST-NAISSANCE',
    usedName: 'TEST-USAGE',
    givenName: 'ZOÉ',
    givenNames: 'ZOÉ LOU',
    birthDate: '1941-07-09',
    sex: 'F',
    birthplaceCog: '99000',
    reliability: ['VALI'],
    status: 'qualified',
    ins: { matricule: right, oid: oid(10) },
  })
})

test('a name without a type is the birth name', () =>
  expect(read(withField(pamMessage(), 'PID-5', 'TEST^ZOÉ')).identity).toMatchObject({
    birthName: 'TEST',
    givenName: 'ZOÉ',
  }))

test.each([
  ['19410709', '1941-07-09'],
  ['19410709000000', '1941-07-09'],
  ['194107', '1941-07'],
  ['1941', '1941'],
  ['19411635', '1941-16-35'],
  ['juillet', 'juillet'],
  ['', undefined],
])('the birth date %s is %s', (birthDate, expected) =>
  expect(read(pamMessage({ birthDate })).identity.birthDate).toBe(expected),
)

test('a sex outside F, M and U is left out', () =>
  expect(read(withField(pamMessage({ insBody: '' }), 'PID-8', 'X')).identity).not.toHaveProperty('sex'))
