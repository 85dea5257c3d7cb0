import type { Ward } from '@relais/contracts/primitives'
import { finessKeyIsRight } from '../checks.ts'
import { atMost, authorityOf, doubt, given, type Reading, report, valueAt } from './reading.ts'

/** What the receiver knows of facilities and wards, by authority and ward code. */
export type KnownPlaces = {
  /** An IANA zone, such as `Indian/Reunion`. */
  zoneOf: (authority: string) => string
  knowsFacility: (authority: string) => boolean
  knowsWard: (facility: string, code: string) => boolean
}

export type Places = { facility: string; medicalWard: Ward | undefined; careWard: Ward | undefined }

/**
 * Where a movement takes place. Facility: ZBE-7 or ZBE-8 (XON-6), else PV1-3.4, else MSH-4, the universal id before the
 * namespace. Wards: ZBE-7 answers for the medicine, ZBE-8 for the nursing (code XON-10, label XON-1); only where
 * neither is given, PV1-3.1 is the ward that nurses. What the receiver does not know is flagged: an unknown facility
 * once, not each of its wards.
 */
export function readPlaces(reading: Reading, known: KnownPlaces): Places | undefined {
  const [facility, facilityPath] = readFacility(reading)
  const medicalWard = wardAt(reading, 'ZBE-7', facility)
  const careWard = wardAt(reading, 'ZBE-8', facility)
  if (!facility)
    return report(reading, {
      path: 'PV1-3.4',
      code: 'fieldMissing',
      expected: 'facility',
    })
  const housing = (medicalWard ?? careWard) ? undefined : housingAt(reading, facility)
  doubtFacility(reading, { facility, path: facilityPath, known })
  const wards = [
    [medicalWard, 'ZBE-7.10'],
    [careWard, 'ZBE-8.10'],
    [housing, 'PV1-3.1'],
  ] as const
  for (const [ward, path] of wards)
    if (ward && known.knowsFacility(ward.facility) && !known.knowsWard(ward.facility, ward.code))
      doubt(reading, 'wardUnknown', path)
  return { facility, medicalWard, careWard: careWard ?? housing }
}

function readFacility(reading: Reading): [facility: string | undefined, path: string] {
  const sources = [
    ['ZBE-7.6', 'ZBE-7.6.1', 'ZBE-7.6.2'],
    ['ZBE-8.6', 'ZBE-8.6.1', 'ZBE-8.6.2'],
    ['PV1-3.4', 'PV1-3.4.1', 'PV1-3.4.2'],
    ['MSH-4', 'MSH-4.1', 'MSH-4.2'],
  ] as const
  const read = sources.map(
    ([path, namespace, universalId]) => [authorityOf(reading, namespace, universalId), path] as const,
  )
  const [facility, path] = read.find(([authority]) => authority !== undefined) ?? [undefined, 'PV1-3.4']
  return [facility, path]
}

function wardAt(reading: Reading, path: 'ZBE-7' | 'ZBE-8', facility: string | undefined): Ward | undefined {
  const label = atMost(reading, `${path}.1`, 200)
  const code = atMost(reading, `${path}.10`, 30)
  const own = valueAt(reading, `${path}.6.2`) ?? valueAt(reading, `${path}.6.1`) ?? facility
  if (label && !code && !valueAt(reading, `${path}.10`))
    return report(reading, { path: `${path}.10`, code: 'fieldMissing', expected: 'wardCode' })
  return code && own ? given<Ward>({ facility: own, code, label }) : undefined
}

/** PV1-42: where a planned transfer goes. */
export function readPlannedWard(reading: Reading, facility: string): Ward | undefined {
  const code = atMost(reading, 'PV1-42.1', 30)
  const own = authorityOf(reading, 'PV1-42.4.1', 'PV1-42.4.2') ?? facility
  return code === undefined ? undefined : { facility: own, code }
}

function housingAt(reading: Reading, facility: string): Ward | undefined {
  const code = atMost(reading, 'PV1-3.1', 30)
  return code === undefined ? undefined : { facility, code }
}

type Doubted = { facility: string; path: string; known: KnownPlaces }

function doubtFacility(reading: Reading, { facility, path, known }: Doubted): void {
  if (!known.knowsFacility(facility)) doubt(reading, 'facilityUnknown', path)
  if (/^[A-Za-z0-9]{9}$/.test(facility) && !finessKeyIsRight(facility)) doubt(reading, 'finessKeyWrong', path)
}
