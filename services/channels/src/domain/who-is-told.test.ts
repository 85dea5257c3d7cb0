import type { Standing } from '@relais/contracts/standing'
import { expect, test } from 'vitest'
import { type Change, isToldOnJoining, type Told, whoIsTold } from './who-is-told.ts'

const gp = { memberId: 'rpps:10002909371', role: 'medecin-traitant' as const }
const pharmacist = { memberId: 'rpps:10002909372', role: 'pharmacien' as const }
const ehpad = { memberId: 'finess:990000028', role: 'ehpad' as const }
const circle = [gp, ehpad]
const hospital = '990000010'
const patientId = 'one'

const present: Standing = {
  status: 'present',
  patientClass: 'I',
  facility: hospital,
  wards: [],
  died: false,
  confidential: false,
}
const change = (details: Partial<Change> = {}): Change => ({
  patientId,
  nature: 'admitted',
  standing: present,
  revision: 5,
  actor: { id: 'sender:test' },
  ...details,
})
const told = (member: { memberId: string; role: Told['role'] }, details: Partial<Told> = {}): Told => ({
  ...member,
  patientId,
  noticeId: `notice to ${member.memberId}`,
  revision: 3,
  position: 30,
  nature: 'admitted',
  standing: present,
  hasActed: false,
  hasReturned: false,
  ...details,
})
const names = (...tellings: readonly { memberId: string }[]) => tellings.map(({ memberId }) => memberId)

test('what somebody is told takes the place of what he or she was told before', () =>
  expect(whoIsTold(change(), [gp], [told(gp)])).toMatchObject([{ replaces: `notice to ${gp.memberId}` }]))

test.each(['E', 'I'] as const)(
  'a stay of class %s is told to everyone in the circle, and to the EHPAD',
  (patientClass) => {
    const standing = { ...present, patientClass }
    expect(names(...whoIsTold(change({ standing }), circle, []))).toEqual(names(gp, ehpad))
  },
)

test.each(['O', 'R', 'V', 'N'] as const)('a stay of class %s is told to nobody', (patientClass) => {
  const standing = { ...present, patientClass }
  for (const nature of ['arrived', 'discharged', 'corrected', 'withdrawn'] as const)
    expect(whoIsTold(change({ nature, standing }), circle, [])).toEqual([])
})

test.each(['O', 'R', 'V', 'N'] as const)(
  'a death is told to the circle, also in a stay of class %s',
  (patientClass) => {
    const alive = { ...present, patientClass }
    const standing = { ...alive, status: 'discharged' as const, died: true }
    expect(names(...whoIsTold(change({ nature: 'died', standing }), circle, []))).toEqual(names(gp, ehpad))
    const mistaken = change({ nature: 'withdrawn', standing: alive, revision: 6 })
    expect(names(...whoIsTold(mistaken, circle, [told(gp, { standing, revision: 5 })]))).toEqual(names(gp))
  },
)

test('who was told of a hospitalisation learns that it became an outpatient stay; nobody hears of what follows', () => {
  const standing = { ...present, patientClass: 'O' as const }
  const became = change({ nature: 'becameOutpatient', standing })
  expect(names(...whoIsTold(became, circle, [told(gp)]))).toEqual(names(gp))
  const later = change({ nature: 'discharged', standing, revision: 6 })
  expect(whoIsTold(later, circle, [told(gp, { standing, revision: 5 })])).toEqual([])
})

test('a confidential stay is told to nobody, not even what is withdrawn; once released, the circle is told how it stands', () => {
  const confidential = { ...present, confidential: true }
  for (const nature of ['admitted', 'withdrawn', 'corrected', 'madeConfidential'] as const)
    expect(whoIsTold(change({ nature, standing: confidential }), circle, [told(gp)])).toEqual([])
  const released = whoIsTold(change({ nature: 'released' }), circle, [])
  expect(released.map(({ memberId, standing }) => [memberId, standing])).toEqual([
    [gp.memberId, present],
    [ehpad.memberId, present],
  ])
})

test('a correction is told to everyone who was told of the stay, also to who left the circle since', () => {
  const standing = { ...present, room: '12' }
  const tellings = whoIsTold(change({ nature: 'corrected', standing }), circle, [told(gp), told(pharmacist)])
  expect(names(...tellings).toSorted()).toEqual(names(gp, ehpad, pharmacist).toSorted())
  expect(tellings.map(({ memberId, changed }) => [memberId, changed])).toContainEqual([gp.memberId, ['room']])
  expect(tellings.map(({ memberId, changed }) => [memberId, changed])).toContainEqual([ehpad.memberId, []])
})

test('a stay that was never is withdrawn for everyone who was told of it, and for nobody else', () => {
  const { patientClass: _, ...rest } = present
  const standing: Standing = { ...rest, status: 'withdrawn' }
  const tellings = whoIsTold(change({ nature: 'withdrawn', standing }), circle, [told(gp), told(pharmacist)])
  expect(names(...tellings)).toEqual(names(gp, pharmacist))
  const withClass = change({ nature: 'withdrawn', standing: { ...present, status: 'withdrawn' } })
  expect(names(...whoIsTold(withClass, circle, [told(gp)]))).toEqual(names(gp))
})

test('a discharge that is withdrawn is told to everyone who was told of the stay, also to who left the circle since', () =>
  expect(names(...whoIsTold(change({ nature: 'withdrawn' }), [gp], [told(pharmacist)]))).toEqual(names(pharmacist, gp)))

test('other news is for who is in the circle: who left it was told, and is told no more', () =>
  expect(names(...whoIsTold(change({ nature: 'moved' }), [gp], [told(gp), told(pharmacist)]))).toEqual(names(gp)))

test('whoever said that this is no patient of theirs is told nothing more, unless let in again', () => {
  const correction = change({ nature: 'corrected' })
  expect(whoIsTold(correction, [], [told(gp, { hasReturned: true })])).toEqual([])
  expect(names(...whoIsTold(correction, [gp], [told(gp, { hasReturned: true })]))).toEqual(names(gp))
})

test('nobody is told again what he or she knows already, nor an older state after a newer one', () => {
  expect(whoIsTold(change(), [gp], [told(gp, { revision: 5 })])).toEqual([])
  expect(whoIsTold(change({ nature: 'corrected' }), [gp], [told(gp, { revision: 6 })])).toEqual([])
})

test('whoever dealt with a stay is not asked to again because of a bed, and hears of another ward, or of the way out', () => {
  const dealt = told(gp, { hasActed: true })
  const moved = (to: Partial<Standing>) => change({ nature: 'moved', standing: { ...present, ...to } })
  expect(whoIsTold(moved({ room: '12', bed: '2' }), [gp], [dealt])).toEqual([])
  expect(whoIsTold(change({ nature: 'corrected' }), [gp], [dealt])).toEqual([])
  expect(names(...whoIsTold(moved({ room: '12' }), [gp], [told(gp)]))).toEqual(names(gp))
  const wards = [{ facility: hospital, code: '4102', responsibility: 'both' as const }]
  expect(names(...whoIsTold(moved({ room: '12', wards }), [gp], [dealt]))).toEqual(names(gp))
  expect(names(...whoIsTold(moved({ status: 'discharged' }), [gp], [dealt]))).toEqual(names(gp))
})

test('nor, once the patient has left, because of where he or she was before', () => {
  const left = { ...present, status: 'discharged' as const, dischargedAt: '2026-11-22T14:00:00.000Z' }
  const dealt = told(gp, { standing: left, hasActed: true })
  const said = (standing: Standing) => change({ nature: 'admitted', standing })
  const wards = [{ facility: hospital, code: '4102', responsibility: 'both' as const }]
  const late = { ...left, wards, arrivedAt: '2026-11-20T09:00:00.000Z', hospitalisedAt: '2026-11-20T09:00:00.000Z' }
  expect(whoIsTold(said(late), [gp], [dealt])).toEqual([])
  for (const other of [{ dischargedAt: '2026-11-23T14:00:00.000Z' }, { died: true }, { discharge: { exitMode: '7' } }])
    expect(names(...whoIsTold(said({ ...late, ...other }), [gp], [dealt]))).toEqual(names(gp))
})

test('neither who causes a change is told of it, nor the establishment of the stay', () => {
  const byEhpad = change({ actor: { id: 'rpps:10100000001', organisation: '990000028' } })
  expect(names(...whoIsTold(byEhpad, circle, []))).toEqual(names(gp))
  expect(names(...whoIsTold(change({ actor: { id: gp.memberId } }), circle, []))).toEqual(names(ehpad))
  const own = { memberId: `finess:${hospital}`, role: 'ehpad' as const }
  expect(whoIsTold(change({ nature: 'corrected' }), [own], [told(own)])).toEqual([])
})

test('a stay that turns out to be another patient’s is withdrawn for who was told, without a word of whose it is', () => {
  const moved = change({ nature: 'movedToPatient', patientId: 'other' })
  expect(whoIsTold(moved, [ehpad], [told(gp)])).toEqual([
    {
      ...gp,
      patientId: 'one',
      standing: { status: 'withdrawn', facility: hospital, wards: [], died: false, confidential: false },
      changed: ['status'],
      replaces: `notice to ${gp.memberId}`,
    },
    { ...ehpad, patientId: 'other', standing: present, changed: [] },
  ])
})

test('who joins is told of the open stays that others were told of', () => {
  expect(isToldOnJoining(present)).toBe(true)
  expect(isToldOnJoining({ ...present, status: 'expected' })).toBe(true)
  expect(isToldOnJoining({ ...present, status: 'discharged' })).toBe(false)
  expect(isToldOnJoining({ ...present, status: 'withdrawn' })).toBe(false)
  expect(isToldOnJoining({ ...present, patientClass: 'R' })).toBe(false)
  expect(isToldOnJoining({ ...present, confidential: true })).toBe(false)
})

test('who has dealt with a stay is told of another destination that is planned, and not of its end with the discharge', () => {
  const plannedDischarge = { exitMode: '8', destinationKind: '7', destinationFacility: '990000028' }
  const planned = { ...present, plannedDischarge }
  const before = [told(ehpad, { hasActed: true, standing: planned })]
  const elsewhere = { ...present, plannedDischarge: { exitMode: '7', destinationKind: '2' } }
  expect(whoIsTold(change({ nature: 'planned', standing: elsewhere }), [ehpad], before)).toMatchObject([
    { memberId: ehpad.memberId, changed: ['plannedDischarge'] },
  ])
  const left: Standing = { ...present, status: 'discharged', discharge: plannedDischarge }
  const acted = [told(ehpad, { hasActed: true, standing: { ...left, plannedDischarge } })]
  expect(whoIsTold(change({ nature: 'corrected', standing: left }), [ehpad], acted)).toEqual([])
})
