import { expect, test } from 'vitest'
import { circumstancesOf, destinationOf } from './destination.ts'
import { stayText } from './stay-text.ts'

const words = { exitMode: { '8': 'domicile' }, destination: { '7': 'EHPAD' } }
const standing = (discharge: object) =>
  ({ status: 'discharged', facility: '990000010', wards: [], died: false, confidential: false, discharge }) as never

test('a stay is copied line by line, as a practice pastes it', () =>
  expect(
    stayText({
      colon: ' : ',
      what: 'Sortie',
      patient: 'TEST-MUGUET DENISE, née le 09/07/1941',
      lines: [
        ['Quand', '27/11/2026 14:32'],
        ['De', 'Gériatrie, CH d’Essai, tél. 09 99 00 41 02'],
        ['Vers', undefined],
        ['Médecin responsable', ''],
      ],
      circle: { label: 'Cercle de soins', members: ['Dr Camille TEST-AUBÉPINE (médecin traitant)'] },
      source: 'Relais, consulté le 27/11/2026 19:00',
    }),
  ).toBe(
    [
      'Sortie : TEST-MUGUET DENISE, née le 09/07/1941',
      'Quand : 27/11/2026 14:32',
      'De : Gériatrie, CH d’Essai, tél. 09 99 00 41 02',
      'Cercle de soins : Dr Camille TEST-AUBÉPINE (médecin traitant)',
      'Relais, consulté le 27/11/2026 19:00',
    ].join('\n'),
  ))

test('a hostile name stays on its line', () =>
  expect(
    stayText({
      colon: ': ',
      what: 'Discharge',
      patient: 'A\r\nB\u0000\u2028C\tD',
      lines: [],
      circle: { label: '', members: [] },
      source: 'Relais',
    }),
  ).toBe('Discharge: A B C D\nRelais'))

test('a destination is an establishment, else a kind of place, else a way of leaving', () => {
  expect(
    destinationOf(standing({ exitMode: '8', destinationKind: '7', destinationFacility: '990000028' }), words),
  ).toEqual({
    finess: '990000028',
    kind: 'EHPAD',
  })
  expect(destinationOf(standing({ exitMode: '8' }), words)).toEqual({ kind: 'Domicile' })
  const announced = { ...standing({}), discharge: undefined, plannedDischarge: { exitMode: '8' } }
  expect(destinationOf(announced, words)).toEqual({ kind: 'Domicile' })
  expect(destinationOf(standing({ exitMode: '8', destinationKind: 'Z' }), words)).toEqual({ kind: 'Z' })
})

test('why a patient leaves is said where a code has words for it, and not of a death', () => {
  const circumstances = { '4': 'contre avis médical' }
  expect(circumstancesOf(standing({ circumstances: '4' }), circumstances)).toBe('Contre avis médical')
  expect(circumstancesOf(standing({ circumstances: '1' }), circumstances)).toBeUndefined()
  expect(circumstancesOf(standing({}), circumstances)).toBeUndefined()
  expect(circumstancesOf({ ...standing({ circumstances: '4' }), died: true }, circumstances)).toBeUndefined()
})
