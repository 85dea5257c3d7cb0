import { Standing, type StandingNature } from '@relais/contracts/standing'
import { StayEvent } from '@relais/contracts/stays'
import { FACILITY, type Stay } from './stay-facts.fixture.ts'

export type StandingDetails = Partial<Omit<Standing, 'wards'>> & { ward?: string; nature?: StandingNature; at?: string }

/** A hospitalisation under way, in a ward that answers for medicine and care alike, unless the test says otherwise. */
export function standing({ ward = '4101', facility = FACILITY, ...details }: StandingDetails = {}): Standing {
  const { nature: _nature, at: _at, ...known } = details
  return Standing.parse({
    status: 'present',
    patientClass: 'I',
    facility,
    wards: [{ facility, code: ward, responsibility: 'both' }],
    died: false,
    confidential: false,
    ...known,
  })
}

/** What a stay is from now on, as the service that owns it says. */
export function stood(stay: Stay, details: StandingDetails = {}): StayEvent {
  const { nature = 'admitted', at = '2026-11-02T11:00:00.000Z' } = details
  const data = { ...stay, nature, happenedAt: at, standing: standing(details), changed: [] }
  return StayEvent.parse({ type: 'StandingChanged', data })
}
