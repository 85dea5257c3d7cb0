import type { PathwayEntry } from '@relais/contracts/pathway'
import { words } from './words.ts'

/** Where a command writes: one JSON line per result, or text for a person. Notices go to the error stream. */
export type Output = {
  json: boolean
  result(value: object, text: string): void
  notice(text: string): void
}

export function output(json: boolean): Output {
  return {
    json,
    result: (value, text) => process.stdout.write(`${printable(json ? JSON.stringify(value) : text)}\n`),
    notice: (text) => process.stderr.write(`${printable(text)}\n`),
  }
}

/**
 * Whatever a terminal would obey instead of showing, C0 (but for line ends), DEL and C1, spelled as in JSON: texts come
 * from other people. JSON stays the same value.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}--\n]/gv, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** One line per entry: when it happened, what, where; then what is unusual about it. */
export function entryLine(entry: PathwayEntry): string {
  const { kind, movementKind, member, facility, flags } = entry
  const what =
    movementKind && movementKind !== kind
      ? `${words.entry[kind]} of the ${words.entry[movementKind]}`
      : words.entry[kind]
  const who = member ? `  ${member.memberId} as ${member.role}` : ''
  const where = entry.wards.map(({ code, label }) => (label === undefined ? code : `${label} (${code})`)).join(', ')
  const place = facility === undefined ? '' : `  ${where}${where === '' ? '' : ' at '}${facility}`
  const doubts =
    flags.length === 0 ? '' : `  ! ${flags.map(({ code, path }) => `${words.doubt[code]} (${path})`).join(', ')}`
  return `${instant(entry.happenedAt)}  ${what}${who}${place}${doubts}`
}

/** An instant for a person, to the minute. */
export function instant(at: string): string {
  return at.replace('T', ' ').replace(/:\d\d\.\d+Z$/, ' UTC')
}

type Terminal = { isTTY: boolean; write(text: string): unknown }

/** A bar that redraws itself on a terminal; nothing elsewhere. */
export function progressBar(name: string, stream: Terminal = process.stderr) {
  const width = 30
  return {
    show(handled: number, total: number): void {
      if (!stream.isTTY) return
      const share = total === 0 ? 0 : Math.min(1, handled / total)
      const filled = Math.round(share * width)
      stream.write(
        `\r${printable(name)}  [${'#'.repeat(filled)}${' '.repeat(width - filled)}] ${handled}/${total || '?'}`,
      )
    },
    end(): void {
      if (stream.isTTY) stream.write('\r\u001b[K')
    },
  }
}
