import { ProtocolDefinition } from '@relais/contracts/protocols'
import { standing, type StandingDetails } from '@relais/runtime/standing-facts.fixture'
import { describe, expect, test } from 'vitest'
import { applicable } from '../domain/applicable.ts'
import type { StayFacts } from '../domain/facts.ts'
import { dischargeHome } from './discharge-home.ts'
import { ehpadToEmergency } from './ehpad-to-emergency.ts'
import { returnToEhpad } from './return-to-ehpad.ts'

const eventId = '00000000-0000-4000-8000-000000000001'

function asked({ definition }: { definition: object }, details: StandingDetails, facts: Partial<StayFacts> = {}) {
  const known = { standing: standing(details), isEmergency: false, roles: [], hospitalisations: [], hasDied: false }
  const version = { version: 1, definition: ProtocolDefinition.parse(definition) }
  const found = applicable(version, { facts: { ...known, ...facts }, eventId })
  return found.applies ? found.plan.steps.map(({ stepId, dueAt }) => [stepId, dueAt]) : found.because
}

const home: StandingDetails = {
  status: 'discharged',
  arrivedAt: '2026-10-30T09:00:00.000Z',
  hospitalisedAt: '2026-10-30T09:00:00.000Z',
  dischargedAt: '2026-11-03T09:00:00.000Z',
  discharge: { exitMode: '8' },
}
const seventyFive = { birthDate: '1951-11-03' }

describe('an older person who goes home', () => {
  test('is called within 48 h, has the medicines reconciled within 72 h, and is seen within 7 days', () =>
    expect(asked(dischargeHome, home, seventyFive)).toEqual([
      ['appel', '2026-11-05T09:00:00.000Z'],
      ['conciliation', '2026-11-06T09:00:00.000Z'],
      ['visite', '2026-11-10T22:59:59.999Z'],
    ]))
  test.each<[string, StandingDetails, Partial<StayFacts>, string]>([
    ['a day younger', home, { birthDate: '1951-11-04' }, 'noLongerApplies'],
    ['of unknown age', home, {}, 'noLongerApplies'],
    ['transferred', { ...home, discharge: { exitMode: '7' } }, seventyFive, 'noLongerApplies'],
    ['seen at the emergency department only', { ...home, patientClass: 'E' }, seventyFive, 'noLongerApplies'],
    ['resident of an EHPAD', home, { ...seventyFive, roles: ['ehpad'] }, 'noLongerApplies'],
    ['not gone after all', { status: 'present' }, seventyFive, 'stayWithdrawn'],
    ['whose stay is confidential', { ...home, confidential: true }, seventyFive, 'confidential'],
    ['who has died', home, { ...seventyFive, hasDied: true }, 'died'],
    ['in hospital again since', home, { ...seventyFive, hospitalisations: ['2026-11-04T09:00:00.000Z'] }, 'superseded'],
  ])('is not followed when %s', (_, details, facts, because) =>
    expect(asked(dischargeHome, details, facts)).toBe(because),
  )
  test('is followed whatever hospital stays came before', () =>
    expect(asked(dischargeHome, home, { ...seventyFive, hospitalisations: ['2026-11-03T09:00:00.000Z'] })).toHaveLength(
      3,
    ))
})

const returning = (expectedDischargeAt: string): StandingDetails => ({ status: 'present', expectedDischargeAt })
const resident: Partial<StayFacts> = { roles: ['ehpad'] }

describe('a resident who goes back to the EHPAD', () => {
  test('on a Thursday has papers four hours before, and medicines one hour before', () =>
    expect(asked(returnToEhpad, returning('2026-11-05T14:00:00.000Z'), resident)).toEqual([
      ['papiers', '2026-11-05T10:00:00.000Z'],
      ['medicaments', '2026-11-05T13:00:00.000Z'],
    ]))
  test.each([
    ['a Friday afternoon', '2026-11-06T13:00:00.000Z', '2026-11-06T14:00:00.000Z'],
    ['a Saturday', '2026-11-07T09:00:00.000Z', '2026-11-06T14:00:00.000Z'],
    ['the Sunday when summer time begins', '2026-03-29T09:00:00.000Z', '2026-03-27T14:00:00.000Z'],
    ['the Sunday when it ends', '2026-10-25T09:00:00.000Z', '2026-10-23T13:00:00.000Z'],
    ['the eve of 11 November, in the afternoon', '2026-11-10T14:00:00.000Z', '2026-11-10T14:00:00.000Z'],
    ['Easter Monday', '2026-04-06T09:00:00.000Z', '2026-04-03T13:00:00.000Z'],
  ])('on %s has the prescription confirmed by the ward at 15:00 of the last working day', (_, at, dueAt) =>
    expect(asked(returnToEhpad, returning(at), resident)).toContainEqual(['ordonnance-avant-fermeture', dueAt]),
  )
  test('is followed through the discharge itself', () =>
    expect(asked(returnToEhpad, { ...home, discharge: {} }, resident)).toContainEqual([
      'papiers',
      '2026-11-03T05:00:00.000Z',
    ]))
  test('is not expected when transferred elsewhere', () =>
    expect(asked(returnToEhpad, { ...home, discharge: { exitMode: '7' } }, resident)).toBe('noLongerApplies'))
  test('is nobody’s before a return is planned', () =>
    expect(asked(returnToEhpad, { status: 'present' }, resident)).toBe('stayWithdrawn'))
})

const emergency: StandingDetails = { patientClass: 'E', arrivedAt: '2026-11-03T20:30:00.000Z' }
describe('a resident who comes to the emergency department', () => {
  test('has papers within the hour, a physician who knows in open hours, and a return asked for in a day', () =>
    expect(asked(ehpadToEmergency, emergency, { ...resident, isEmergency: true })).toEqual([
      ['liaison', '2026-11-03T21:30:00.000Z'],
      ['medecin-informe', '2026-11-04T11:00:00.000Z'],
      ['retour-prevu', '2026-11-04T20:30:00.000Z'],
    ]))
  test('is still followed once hospitalised', () =>
    expect(
      asked(ehpadToEmergency, { ...emergency, patientClass: 'I' }, { ...resident, isEmergency: true }),
    ).toHaveLength(3))
  test('leaves only the médecin traitant to be told, once he or she has left', () =>
    expect(
      asked(
        ehpadToEmergency,
        { ...emergency, status: 'discharged', dischargedAt: '2026-11-03T23:00:00.000Z' },
        { ...resident, isEmergency: true },
      ),
    ).toEqual([['medecin-informe', '2026-11-04T11:00:00.000Z']]))
  test('is not followed when admitted directly', () =>
    expect(asked(ehpadToEmergency, emergency, resident)).toBe('stayWithdrawn'))
  test('is not followed when no EHPAD is in the circle', () =>
    expect(asked(ehpadToEmergency, emergency, { isEmergency: true })).toBe('noLongerApplies'))
})
