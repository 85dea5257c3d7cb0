import type { FacilityEvent, Finess, WardDetails } from '@relais/contracts/directory'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { ward, type WardCommand } from './ward.ts'

const { given } = specification(ward)

const finess: Finess = '990000010'
const at = '2026-03-01T10:00:00.000Z'
const details = {
  entity: 'EG',
  category: '355',
  name: 'CH',
  address: { lines: [], city: 'ESSAI' },
  zone: 'Europe/Paris',
} as const
const open: FacilityEvent = {
  type: 'FacilityRegistered',
  data: {
    keyOwner: 'directory',
    finess,
    details: { ...details, address: { lines: [], city: 'ESSAI' } },
    source: 'extract',
  },
}
const shut: FacilityEvent = { type: 'FacilityClosed', data: { keyOwner: 'directory', finess, closedAt: at } }
const labelled = (label: string): WardDetails => ({ label, confidential: false })
const define = (code: string, label: string): WardCommand => ({
  type: 'DefineWard',
  finess,
  code,
  ward: labelled(label),
})
const close = (code: string): WardCommand => ({ type: 'CloseWard', finess, code, at })
const defined = (code: string, label: string): FacilityEvent => ({
  type: 'WardDefined',
  data: { keyOwner: 'directory', finess, code, ward: labelled(label) },
})
const closed = (code: string): FacilityEvent => ({
  type: 'WardClosed',
  data: { keyOwner: 'directory', finess, code, closedAt: at },
})

test('a ward is defined', () => given(open).when(define('4101', 'Gériatrie')).thenEvents(defined('4101', 'Gériatrie')))
test('said again, it is the same ward', () =>
  given(open, defined('4101', 'Gériatrie')).when(define('4101', 'Gériatrie')).thenNothing())
test('another label is a change of this ward, and of no other', () =>
  given(open, defined('4101', 'Gériatrie'), defined('4102', 'Soins intensifs'))
    .when(define('4101', 'Gériatrie aiguë'))
    .thenEvents(defined('4101', 'Gériatrie aiguë')))
test('a ward closes, once', () =>
  given(open, defined('4101', 'Gériatrie')).when(close('4101')).thenEvents(closed('4101')))
test('a closed ward may open again', () =>
  given(open, defined('4101', 'Gériatrie'), closed('4101'))
    .when(define('4101', 'Gériatrie'))
    .thenEvents(defined('4101', 'Gériatrie')))
test('a ward that nobody defined cannot close', () =>
  given(open).when(close('4101')).thenRejected({ code: 'wardUnknown' }))
test('a ward belongs to a facility of the directory', () =>
  given().when(define('4101', 'Gériatrie')).thenRejected({ code: 'facilityUnknown' }))
test('a closed facility has no new ward', () =>
  given(open, shut).when(define('4101', 'Gériatrie')).thenRejected({ code: 'facilityClosed' }))

const anyCommand = fc
  .tuple(fc.constantFrom('1', '2'), fc.constantFrom('A', 'B'), fc.boolean())
  .map(([code, label, closes]) => (closes ? close(code) : define(code, label)))
const ofOpenFacility = { ...ward, initialState: ward.evolve(ward.initialState, open) }
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(ofOpenFacility, anyCommand))
