import fc from 'fast-check'
import { expect, test } from 'vitest'
import { insKeyOf } from '../checks.ts'
import { withField } from '../fixtures.ts'
import { identityMessage, type IdentityMessage } from '../identity-fixtures.ts'
import { decodeMessage } from '../message.ts'
import { identityTriggers } from './identity-messages.ts'
import { interpretPam } from './interpret.ts'

const known = {
  zoneOf: (authority: string) => (authority === '990000028' ? 'Indian/Reunion' : 'Europe/Paris'),
  knowsFacility: () => true,
  knowsWard: () => true,
}

function interpret(text: string) {
  const decoded = decodeMessage(new TextEncoder().encode(text))
  if (!decoded.ok) throw new Error(decoded.problem.text)
  return interpretPam(decoded.message, known)
}

function read(given: Parameters<typeof identityMessage>[0] | string) {
  const result = interpret(typeof given === 'string' ? given : identityMessage(given))
  if (result.kind !== 'identity') throw new Error(JSON.stringify(result))
  return result.report
}

function problemsOf(text: string) {
  const result = interpret(text)
  return result.kind === 'problems' ? result.problems.map(({ path, code }) => `${path} ${code}`) : result.kind
}

const withKey = (body: string) => `${body}${insKeyOf(body)}`
const ipp = (number: string) => ({ identifier: { authority: '990000010', number }, namespace: 'CH-ESSAI' })
const body = '2410799000001'
const other = '2410799000104'
const ins = { matricule: withKey(body), oid: '1.2.250.1.213.1.4.10' }

test.each([
  ['A28', 'created'],
  ['A31', 'updated'],
] as const)('%s says who the patient is, without a stay', (trigger, announcement) =>
  expect(read({ trigger })).toEqual({
    kind: 'announced',
    announcement,
    patient: ipp('900001'),
    reportedAt: '2026-11-02T09:00:00.000Z',
    authorities: [{ namespace: 'CH-ESSAI', universalId: '990000010' }],
    identity: {
      ipp: ipp('900001').identifier,
      birthName: 'TEST-ÉGLANTINE',
      givenName: 'ZOÉ',
      givenNames: 'ZOÉ',
      birthDate: '1941-07-09',
      sex: 'F',
      birthplaceCog: '99000',
      reliability: ['VALI'],
      status: 'qualified',
      ins,
    },
    flags: [],
    test: { insOids: ['1.2.250.1.213.1.4.10'], fictitious: false },
  }),
)

test('when the NIR of a patient becomes known, the NIR is kept beside the NIA', () => {
  const nia = withKey('8410799000001')
  const text = identityMessage({ trigger: 'A31' })
  const both = text.replace('^PI~', `^PI~${nia}^^^ASIP-SANTE-INS-NIA&1.2.250.1.213.1.4.9&ISO^INS~`)
  expect(read(both)).toMatchObject({ identity: { ins, status: 'qualified' } })
})

test('A40 names who is kept and the number that is given up', () =>
  expect(read({ trigger: 'A40', otherIpp: '900002' })).toMatchObject({
    kind: 'merged',
    patient: ipp('900001'),
    other: ipp('900002'),
    identity: { status: 'qualified' },
  }))

test('a number that is given up may be without a type, where there is one only', () => {
  const untyped = withField(
    identityMessage({ trigger: 'A40', otherIpp: '900002' }),
    'MRG-1',
    '900002^^^CH-ESSAI&990000010&N',
  )
  expect(read(untyped)).toMatchObject({ other: ipp('900002') })
  const two = withField(untyped, 'MRG-1', '900002^^^CH-ESSAI&990000010&N~900003^^^CH-ESSAI&990000010&N')
  expect(problemsOf(two)).toEqual(['MRG-1 fieldMissing'])
})

test.each([
  ['A24', 'linked'],
  ['A37', 'unlinked'],
] as const)('%s names two patients, each in a PID of his or her own', (trigger, kind) =>
  expect(read({ trigger, otherIpp: '900002', formerInsBody: body })).toMatchObject({
    kind,
    patient: ipp('900001'),
    other: ipp('900002'),
    test: { insOids: ['1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.10'] },
  }),
)

test('A47 with another INS in MRG-1 changes the INS, and nobody’s number', () => {
  const report = read({ trigger: 'A47', insBody: other, formerInsBody: body })
  expect(report).toMatchObject({
    kind: 'identifiersChanged',
    insDeleted: false,
    identity: { ins: { matricule: withKey(other) }, status: 'qualified' },
    test: { insOids: ['1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.10'] },
  })
  expect(report).toHaveProperty('former', undefined)
})

test('A47 with another number in MRG-1 says whose number this one replaces', () => {
  expect(read({ trigger: 'A47', otherIpp: '900002' })).toMatchObject({ former: ipp('900002'), insDeleted: false })
  expect(read({ trigger: 'A47', otherIpp: '900001' })).toHaveProperty('former', undefined)
})

test.each([
  ['VALI', 'validated'],
  ['PROV', 'provisional'],
  ['DOUT', 'provisional'],
  ['', 'provisional'],
])('an INS that A47 deletes leaves the status that PID-32 says: %j', (reliability, status) => {
  const report = read({ trigger: 'A47', deletesIns: true, formerInsBody: body, reliability })
  expect(report).toMatchObject({ kind: 'identifiersChanged', insDeleted: true, identity: { status } })
  expect(report).not.toHaveProperty('identity.ins')
})

test('with one INS deleted no other one is kept, whatever stands beside it', () => {
  const nia = withKey('8410799000001')
  const deletion = identityMessage({ trigger: 'A47', deletesIns: true, formerInsBody: body })
  const report = read(deletion.replace('^PI~', `^PI~${nia}^^^ASIP-SANTE-INS-NIA&1.2.250.1.213.1.4.9&ISO^INS~`))
  expect(report).toMatchObject({ insDeleted: true, identity: { status: 'validated' } })
  expect(report).not.toHaveProperty('identity.ins')
  const provisional = withField(deletion, 'PID-32', 'PROV').replace(
    '^PI~',
    `^PI~${nia}^^^X&1.2.250.1.213.1.4.9&ISO^INS~`,
  )
  expect(read(provisional)).toMatchObject({ identity: { status: 'provisional' } })
})

test('an INS with a wrong key is left out and flagged, in PID-3 and in MRG-1', () => {
  const wrong = `${body}01^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS`
  const text = identityMessage({ trigger: 'A47', insBody: '', otherIpp: '900002' })
  const report = read(withField(withField(text, 'PID-3', `900001^^^CH-ESSAI&990000010&N^PI~${wrong}`), 'MRG-1', wrong))
  expect(report).toMatchObject({
    identity: { status: 'validated' },
    flags: [
      { code: 'insKeyWrong', path: 'PID-3(2).1' },
      { code: 'insKeyWrong', path: 'MRG-1(1).1' },
    ],
  })
  expect(report).not.toHaveProperty('identity.ins')
})

test('a time is that of the establishment that sends', () =>
  expect(read({ trigger: 'A28', facility: '990000028' })).toMatchObject({ reportedAt: '2026-11-02T06:00:00.000Z' }))

const a40 = identityMessage({ trigger: 'A40', otherIpp: '900002' })
const a24 = identityMessage({ trigger: 'A24', otherIpp: '900002' })
const [pid = ''] = a40.split('\r').filter((line) => line.startsWith('PID'))

test.each([
  ['a merge without the number that is given up', identityMessage({ trigger: 'A40' }), ['MRG segmentMissing']],
  ['a merge whose MRG is empty', withField(a40, 'MRG-1', ''), ['MRG-1 fieldMissing']],
  ['a merge of no more than an INS', identityMessage({ trigger: 'A40', formerInsBody: body }), ['MRG-1 fieldMissing']],
  ['a number without its authority', withField(a40, 'MRG-1', '900002^^^^PI'), ['MRG-1(1).4.1 fieldMissing']],
  [
    'a change of identifiers that says of which',
    identityMessage({ trigger: 'A47', insBody: other }),
    ['MRG segmentMissing'],
  ],
  ['two merges in one message', `${a40}${pid}\rMRG|1^^^X^PI\r`, ['MRG structureUnreadable', 'PID structureUnreadable']],
  ['a link of one patient', a24.replace(/PID[^\r]*\r$/, ''), ['PID[2] segmentMissing']],
  ['a link of three', `${a24}${pid}\r`, ['PID structureUnreadable']],
  ['a link with somebody who has no number', identityMessage({ trigger: 'A24' }), ['PID[2]-3 fieldMissing']],
  ['nobody', a40.replace(/PID[^\r]*\r/, ''), ['PID segmentMissing']],
  ['nobody’s number', withField(a40, 'PID-3', ''), ['PID-3 fieldMissing']],
  ['no event', a40.replace(/EVN[^\r]*\r/, ''), ['EVN segmentMissing']],
  ['a time that is none', withField(a40, 'EVN-2', 'yesterday'), ['EVN-2 timestampInvalid']],
])('%s waits for a person', (_, text, problems) => expect((problemsOf(text) as string[]).toSorted()).toEqual(problems))

test('no bytes whatever make it throw', () => {
  const triggers = [...identityTriggers.keys()] as IdentityMessage['trigger'][]
  fc.assert(
    fc.property(fc.constantFrom(...triggers), fc.nat(), fc.string(), (trigger, at, noise) => {
      const text = identityMessage({ trigger, otherIpp: '900002', formerInsBody: body })
      const cut = at % text.length
      const decoded = decodeMessage(new TextEncoder().encode(text.slice(0, cut) + noise + text.slice(cut)))
      if (decoded.ok) interpretPam(decoded.message, known)
    }),
  )
})
