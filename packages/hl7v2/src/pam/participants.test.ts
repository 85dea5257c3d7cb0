import { expect, test } from 'vitest'
import { pamMessage } from '../fixtures.ts'
import { decodeMessage } from '../message.ts'
import { interpretPam } from './interpret.ts'

const known = { zoneOf: () => 'Europe/Paris', knowsFacility: () => true, knowsWard: () => true }

/** The message with these segments put in after the named ones. */
function read(added: Record<string, string | string[]>) {
  const lines = pamMessage()
    .split('\r')
    .flatMap((line) => [line, ...[added[line.slice(0, 3)] ?? []].flat()])
  const decoded = decodeMessage(new TextEncoder().encode(lines.join('\r')))
  const result = decoded.ok && interpretPam(decoded.message, known)
  if (!result || result.kind !== 'movement') throw new Error(JSON.stringify(result))
  return result.report
}

const national = '^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^L^^^'
const physician = `810002909371^TEST-MEDECIN^CAMILLE${national}IDNPS`

test('the médecin traitant stands after PID, or after PD1', () => {
  const expected = [
    {
      relation: 'primaryPhysician',
      professionalId: 'rpps:10002909371',
      familyName: 'TEST-MEDECIN',
      givenName: 'CAMILLE',
    },
  ]
  expect(read({ PID: `ROL||UC|ODRP|${physician}` }).participants).toStrictEqual(expected)
  expect(read({ PID: ['PD1||||||||||||N', `ROL||UC|ODRP|${physician}`] }).participants).toStrictEqual(expected)
})

test.each([
  ['SUBS', 'replacement'],
  ['RT', 'correspondent'],
  ['RP', 'referringPhysician'],
  ['FHCP', 'familyDoctor'],
])('%s after PV1 is a %s', (role, relation) =>
  expect(read({ PV1: `ROL||UC|${role}|${physician}` }).participants).toMatchObject([{ relation }]),
)

test('other roles, ended ones, those of an insurance and those without a person are left out', () => {
  expect(
    read({
      PID: ['ROL||UC|ODRP|', 'ROL||UC|ODRP|^TEST-SANS-NUMERO', `ROL||DE|ODRP|${physician}`],
      PV1: [`ROL||UN|RT|${physician}`, `ROL||UC|AT|${physician}`],
      ZBE: ['IN1|1', `ROL||UC|FHCP|${physician}`],
    }).participants,
  ).toEqual([])
})

test('the same person in the same relation is named once', () => {
  const roles = [`ROL||UC|ODRP|${physician}`, `ROL||AD|ODRP|${physician}`, `ROL||UC|FHCP|${physician}`]
  expect(read({ PID: roles }).participants.map(({ relation }) => relation)).toEqual([
    'primaryPhysician',
    'familyDoctor',
  ])
})

test.each([
  [`810002909371^^${national}IDNPS`, 'rpps:10002909371'],
  [`10002909371^^${national}RPPS`, 'rpps:10002909371'],
  [`10002909371^^${national}`, 'rpps:10002909371'],
  ['10002909371^^^^^^^^^^^^RPPS', 'rpps:10002909371'],
  [`0991234567^^${national}IDNPS`, 'adeli:991234567'],
  ['991234567^^^^^^^^ADELI&1.2.3&ISO^^^^ADELI', 'adeli:991234567'],
  [`3990000010/70326SR^^${national}IDNPS`, 'idnps:3990000010/70326sr'],
  ['AB 12^^^^^^^^CH-X&990000010&N^L^^^EI', 'id-990000010:ab-12'],
  ['AB12^^^^^^^^Clinique É^L^^^EI', 'clinique--:ab12'],
  ['AB12', 'id-990000010:ab12'],
  [`${'A'.repeat(70)}^^^^^^^^${'b'.repeat(40)}^L^^^EI`, `${'b'.repeat(32)}:${'a'.repeat(64)}`],
])('%s is the professional %s', (xcn, professionalId) =>
  expect(read({ PID: `ROL||UC|ODRP|${xcn}` }).participants).toEqual([expect.objectContaining({ professionalId })]),
)

test('of several identifiers of one person the RPPS is kept, then the ADELI', () => {
  const own = 'AB12^TEST-AUTRE^^^^^^^CH-X^L^^^EI'
  const adeli = '991234567^TEST-ADELI^^^^^^^ADELI^^^^ADELI'
  const ids = (xcn: string) => read({ PID: `ROL||UC|ODRP|${xcn}` }).participants.map((one) => one.professionalId)
  expect(ids(`${own}~${adeli}~${physician}`)).toEqual(['rpps:10002909371'])
  expect(ids(`${own}~${adeli}`)).toEqual(['adeli:991234567'])
})

test('an RPPS with a wrong key is kept and flagged where it stands', () => {
  const { participants, flags } = read({
    PID: `ROL||UC|ODRP|${physician}`,
    PV1: `ROL||UC|RT|AB12^^^^^^^^CH-X^L^^^EI~810102727017^^${national}IDNPS`,
  })
  expect(participants.map((one) => one.professionalId)).toEqual(['rpps:10002909371', 'rpps:10102727017'])
  expect(flags).toEqual([{ code: 'rppsKeyWrong', path: 'ROL[2]-4(2).1' }])
})
