import type { Uuid } from './messages.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The lower-case text of a UUID in either of its two forms; `undefined` when it is neither. */
export function readUuid(uuid: Uuid | null | undefined): string | undefined {
  if (uuid?.structured) {
    const { mostSignificantBits, leastSignificantBits } = uuid.structured
    const digits = [mostSignificantBits, leastSignificantBits].map(hexadecimal).join('')
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
  const text = uuid?.string?.toLowerCase()
  return text !== undefined && UUID.test(text) ? text : undefined
}

/** A stored id, in the form the client asked for. */
export function writeUuid(id: string, structured: boolean): Uuid {
  if (!structured) return { string: id }
  const digits = id.replaceAll('-', '')
  const half = (start: number) => BigInt.asIntN(64, BigInt(`0x${digits.slice(start, start + 16)}`)).toString()
  return { structured: { mostSignificantBits: half(0), leastSignificantBits: half(16) } }
}

function hexadecimal(signed: string): string {
  return BigInt.asUintN(64, BigInt(signed)).toString(16).padStart(16, '0')
}
