import type { ImportNote } from '@relais/contracts/import-routes'

export type Encoding = 'utf-8' | 'windows-1252'
export type Reason = Exclude<ImportNote['reason'], 'refused'>
/** A column, and what is wrong with it. */
export type Fault = { column?: string; reason: Reason }

/** What a line says; nothing for lines of a kind that is not used; or why it cannot be taken. */
export type ReadLine<Item> = { item: Item; warnings?: readonly Fault[] } | 'unused' | { fault: Fault }

/** Where the cells of a line are: by name, or `undefined` for a column that this file does not have. */
export type Layout = { width: number; at: (column: string) => number | undefined }

/** A file format, told once: which encodings it comes in, what its first line says, and what each line means. */
export type Format<Item> = {
  encodings: readonly Encoding[]
  /** `undefined` for a first line that this format never has. */
  layout(firstLine: string): Layout | undefined
  read(line: string, layout: Layout): ReadLine<Item>
  /** Whom a line is about. Lines about the same one stand together. */
  subject(item: Item): string
  /** Whether several lines may be about one subject. */
  groups: boolean
}

/**
 * Splits a line into its cells. A cell that begins with a quote ends with one, and doubles those inside it.
 * `undefined` when a quote is missing.
 */
export function cellsOf(line: string, separator: string): string[] | undefined {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim())
  const cells: string[] = []
  let rest: string | undefined = line
  while (rest !== undefined) {
    const quoted: RegExpExecArray | null = /^"(?<text>(?:[^"]|"")*)"(?<after>.*)$/.exec(rest)
    if (rest.startsWith('"') && !quoted) return undefined
    const text = quoted?.groups?.['text']?.replaceAll('""', '"')
    const after: string = quoted?.groups?.['after'] ?? rest
    const end = after.indexOf(separator)
    if (quoted && after !== '' && end !== 0) return undefined
    cells.push((text ?? (end < 0 ? after : after.slice(0, end))).trim())
    rest = end < 0 ? undefined : after.slice(end + separator.length)
  }
  return cells
}
