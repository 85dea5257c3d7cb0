import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type Cell = string | number
/** A table, and what a reader has to know to read it. */
export type Report = { columns: readonly string[]; rows: readonly (readonly Cell[])[]; notes: readonly string[] }

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))

/** Text that reads as well in a terminal as in Markdown. */
export function render({ columns, rows, notes }: Report): string {
  const cells = rows.map((row) => row.map(shown))
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  return [line(columns), line(rule), ...cells.map(line), ...notes.flatMap((note) => ['', note])].join('\n')
}

/** Three significant digits are as many as a shared machine can tell. */
function shown(cell: Cell): string {
  if (typeof cell === 'string') return cell
  if (Number.isNaN(cell)) return '-'
  return Math.abs(cell) >= 100 ? String(Math.round(cell)) : String(Number(cell.toPrecision(3)))
}

/** Puts a report in its place in `docs/benchmarks.md`. @throws Error when the page has no place of that name */
export function record(name: string, text: string): void {
  const page = readFileSync(DOCUMENT, 'utf8')
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no place named ${name}`)
  writeFileSync(DOCUMENT, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`)
}
