import { ProtocolDefinition } from '@relais/contracts/protocols'
import { standing } from '@relais/runtime/standing-facts.fixture'
import { expect, test } from 'vitest'
import { dischargeHome } from '../shipped/discharge-home.ts'
import { versionInForce } from './applicable.ts'

const { protocolId } = dischargeHome
const definition = ProtocolDefinition.parse(dischargeHome.definition)
const FIRST = '2026-11-01T00:00:00.000Z'
const SECOND = '2026-12-01T00:00:00.000Z'
const RETIRED = '2027-01-01T00:00:00.000Z'
const versions = [
  { protocolId, version: 1, definition, effectiveFrom: FIRST, until: SECOND },
  { protocolId, version: 2, definition, effectiveFrom: SECOND, until: RETIRED },
]

const inForceAt = (dischargedAt: string) => {
  const facts = { isEmergency: false, roles: [], hospitalisations: [], hasDied: false }
  return versionInForce(versions, { ...facts, standing: standing({ status: 'discharged', dischargedAt }) })?.version
}

test.each([
  ['before the first one applies', '2026-10-31T23:59:59.999Z', undefined],
  ['when the first one begins to', FIRST, 1],
  ['until the second one does', '2026-11-30T23:59:59.999Z', 1],
  ['from then on', SECOND, 2],
  ['until it is retired', '2026-12-31T23:59:59.999Z', 2],
  ['and no more', RETIRED, undefined],
])('the version in force is that of the discharge: %s', (_, dischargedAt, version) =>
  expect(inForceAt(dischargedAt)).toBe(version),
)
