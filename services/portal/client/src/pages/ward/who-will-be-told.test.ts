import { expect, test } from 'vitest'
import { type Member, whoWillBeTold } from './who-will-be-told.ts'

const standing = { confidential: false, patientClass: 'I' as const, facility: '990000010' }
const member = (memberId: string, details: Partial<Member> = {}): Member => ({
  memberId,
  role: 'medecin-traitant',
  ground: 'exchange',
  source: 'reported',
  joinedAt: '2026-11-01T00:00:00.000Z',
  ...details,
})
const gp = member('rpps:10002909371')
const nurse = { id: 'chu:12', organisation: '990000010' }
const asked = { teller: nurse, isDeath: false }

test('the members of the circle are told, and not those who have left it', () =>
  expect(whoWillBeTold(standing, [gp, member('rpps:2', { leftAt: '2026-11-02T00:00:00.000Z' })], asked).told).toEqual([
    gp,
  ]))

test('neither who says it is told, nor the establishment of the stay', () => {
  const members = [gp, member('chu:12'), member('finess:990000010')]
  const { told, own } = whoWillBeTold(standing, members, asked)
  expect(told).toEqual([gp])
  expect(own.map(({ memberId }) => memberId)).toEqual(['chu:12', 'finess:990000010'])
})

test('of a confidential stay nobody is told, not even of a death', () =>
  expect(whoWillBeTold({ ...standing, confidential: true }, [gp], { ...asked, isDeath: true })).toMatchObject({
    told: [],
    nobodyBecause: 'confidential',
  }))

test('of a consultation nobody is told, save of a death', () => {
  const consultation = { ...standing, patientClass: 'O' as const }
  expect(whoWillBeTold(consultation, [gp], asked)).toMatchObject({ told: [], nobodyBecause: 'notHospitalised' })
  expect(whoWillBeTold(consultation, [gp], { ...asked, isDeath: true }).told).toEqual([gp])
})

test('one who is in the circle in two roles is told once', () =>
  expect(whoWillBeTold(standing, [gp, { ...gp, role: 'medecin' }], asked).told).toHaveLength(1))
