import type { ReportedIdentity } from '@relais/contracts/patients'
import { readLocalTime } from '../local-time.ts'
import { field } from '../message.ts'
import { doubt, given, type Reading, valueAt } from './reading.ts'

/** HL7's "delete what you have". */
const DELETED = '""'

/**
 * Whether the person has died, PID-30, and when, PID-29: a date alone says it too, and a date beside `N` says nothing.
 * `undefined` where neither says anything. A date that cannot be read is kept as it was written.
 */
export function readDeath(reading: Reading, zone: string): ReportedIdentity['death'] {
  const indicator = valueAt(reading, 'PID-30')
  const text = valueAt(reading, 'PID-29')
  const isDenied = indicator === 'N' || isDeleted(reading, 'PID-30')
  if (indicator === 'Y' || (text !== undefined && !isDenied)) {
    const time = text === undefined ? undefined : readLocalTime(text, zone)
    if (time?.flag) doubt(reading, time.flag, 'PID-29')
    return given({ died: true, at: time?.at, text })
  }
  return isDenied || isDeleted(reading, 'PID-29') ? { died: false } : undefined
}

const isDeleted = ({ message }: Reading, path: string) => field(message, path)?.trim() === DELETED
