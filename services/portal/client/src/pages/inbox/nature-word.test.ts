import type { StayItem } from '@relais/contracts/boards'
import { expect, test } from 'vitest'
import { domainWords } from '../../messages/domain.ts'
import { natureWord, saidAt } from './nature-word.ts'

const words = domainWords.fr
const happenedAt = '2026-11-22T08:30:00.000Z'
const dischargedAt = '2026-11-25T13:00:00.000Z'
type Item = Parameters<typeof natureWord>[0] & { happenedAt: string }
type Said = Partial<Omit<Item, 'standing'>> & { standing?: Partial<StayItem['standing']> }

const item = ({ standing, ...said }: Said): Item => ({
  nature: 'admitted',
  changed: [],
  happenedAt,
  ...said,
  standing: {
    status: 'present',
    patientClass: 'I',
    facility: '990000010',
    wards: [],
    died: false,
    confidential: false,
    ...standing,
  },
})
const said = (given: Said) => natureWord(item(given), words)
const discharged = { status: 'discharged', dischargedAt } as const

test('who hears of a stay for the first time reads what it is, not that he or she may read of it', () => {
  expect(said({ nature: 'joined' })).toBe('hospitalisation')
  expect(said({ nature: 'joined', standing: { patientClass: 'E' } })).toBe('arrivée')
  expect(said({ nature: 'joined', standing: { status: 'expected' } })).toBe('entrée annoncée')
  expect(said({ nature: 'joined', standing: discharged })).toBe('sortie')
})

test('what is corrected is what the stay is, and says that it is corrected', () => {
  expect(said({ nature: 'corrected', changed: ['room'] })).toBe('hospitalisation (correction)')
  expect(said({ nature: 'corrected', changed: ['discharge'], standing: discharged })).toBe('sortie (correction)')
})

test('only a stay that was none is called withdrawn; of another one, what did not take place', () => {
  expect(said({ nature: 'withdrawn', standing: { status: 'withdrawn' } })).toBe('séjour annulé')
  expect(said({ nature: 'withdrawn', changed: ['dischargedAt', 'status'] })).toBe('annulation (sortie)')
  expect(said({ nature: 'withdrawn', changed: ['wards'] })).toBe('annulation (changement de service)')
  expect(said({ nature: 'withdrawn', changed: ['expectedDischargeAt'] })).toBe('annulation (sortie prévue)')
  expect(said({ nature: 'withdrawn', changed: ['room'] })).toBe('annulation')
})

test('another bed is no other ward', () => {
  expect(said({ nature: 'moved', changed: ['wards', 'room'] })).toBe('changement de service')
  expect(said({ nature: 'moved', changed: ['room'] })).toBe('hospitalisation')
})

test('an admission that is heard of after the discharge changes nothing of that: the patient has left, and when', () => {
  for (const nature of ['admitted', 'moved', 'planned', 'joined'] as const) {
    const late = { nature, changed: ['wards'], standing: discharged }
    expect(said(late)).toBe('sortie')
    expect(saidAt(item(late))).toBe(dischargedAt)
  }
  expect(saidAt(item({ nature: 'discharged', standing: discharged }))).toBe(happenedAt)
  expect(saidAt(item({ nature: 'admitted' }))).toBe(happenedAt)
})
