import { expect, test } from 'vitest'
import { declareAct, endAct, likelyRole } from './circle-acts.ts'

const named = { patientId: 'p', what: 'done', back: 'undone' }

test('who is found in the directory is proposed as what such people mostly are', () => {
  expect(likelyRole('finess:990000028', undefined)).toBe('ehpad')
  expect(likelyRole('rpps:1', 'Infirmier')).toBe('infirmier')
  expect(likelyRole('rpps:1', 'Masseur-Kinésithérapeute')).toBe('kinesitherapeute')
  expect(likelyRole('rpps:1', 'Médecin')).toBe('medecin')
  expect(likelyRole('rpps:1', undefined)).toBe('medecin')
})

test('a declaration is taken back by ending the membership', () => {
  const act = declareAct({ memberId: 'rpps:1', role: 'infirmier', ground: 'consent' }, named)
  expect(act.body).toEqual({ memberId: 'rpps:1', role: 'infirmier', ground: 'consent' })
  expect(act.undo).toMatchObject({ method: 'DELETE', path: '/patients/p/circle/rpps%3A1/infirmier' })
})

test('an end is taken back only where somebody may say on what ground', () => {
  const member = { memberId: 'rpps:1', role: 'medecin', source: 'declared', joinedAt: '' } as never
  const ended = (ground: string) => endAct({ ...(member as object), ground } as never, named)
  expect(ended('consent').undo).toMatchObject({ method: 'POST', body: { ground: 'consent' } })
  expect(ended('emergency').undo).toBeUndefined()
  expect(ended('establishmentTeam').undo).toBeUndefined()
})
