import { join } from 'node:path'
import { ProtocolDefinition } from '@relais/contracts/protocols'
import { derivedUuid } from '@relais/events/derived-uuid'
import { shippedProtocols } from '@relais/protocols-service/service'
import { TERRITORY } from '@relais/testkit/territory'
import { loopHistory, type LoopSize } from '@relais/testkit/territory-loops'
import type { Options } from '../options.ts'
import { historyFolder } from '../territory/fill.ts'

const [shipped] = shippedProtocols
if (!shipped) throw new Error('No protocol is shipped')
/** What an older person who goes home is followed by. */
export const followed = { ...shipped, definition: ProtocolDefinition.parse(shipped.definition) }

/** A territory with what people ask of one another. Fewer stays than boards are measured with: five years fit in 8 GB. */
export function loopSize(years: number): LoopSize {
  return {
    ...TERRITORY,
    years,
    staysPerYear: 120,
    referralsPerDay: 40,
    threadsPerDay: 15,
    protocol: followed,
    runIdOf: ({ protocolId, patientId, stayId }) => derivedUuid('run', protocolId, patientId, stayId),
  }
}

/** The folder of such a territory, made when it is not there yet. */
export function loopFolder({ folder }: Options, size: LoopSize): Promise<string> {
  const { inhabitants, years, staysPerYear, referralsPerDay, threadsPerDay, seed } = size
  const name = ['loops', inhabitants, `${years}y`, staysPerYear, referralsPerDay, threadsPerDay, seed].join('-')
  const { protocol: _, runIdOf: __, ...kept } = size
  return historyFolder(join(folder, name), kept, () => loopHistory(size))
}
