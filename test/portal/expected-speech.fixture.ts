import { allOf, type Spoken } from './spoken-page.fixture.ts'

/** `heading 2 "Détail"`, `button /^Vous : /` or `textbox "Nom" invalid`: what has to be there, and what has to be in it. */
type Expected = {
  line: string
  role: string
  level?: string
  name?: string | RegExp
  isInvalid: boolean
  within: Expected[]
}

const LINE = /^(?<role>\w+)(?: (?<level>\d))?(?: "(?<words>.+)"| \/(?<pattern>.+)\/)?(?<invalid> invalid)?$/

/**
 * Reads what is written of a page: a line for what is said, deeper lines for what is in it; `;` parts several of one place.
 * @throws Error at a line that says nothing
 */
function read(text: string): Expected[] {
  const top: Expected[] = []
  const open: { depth: number; within: Expected[] }[] = [{ depth: -1, within: top }]
  for (const written of text.split('\n').filter((one) => one.trim() !== '')) {
    const depth = written.search(/\S/)
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop()
    const several = written.trim().split('; ').map(readOne)
    open.at(-1)?.within.push(...several)
    open.push({ depth, within: several.at(-1)?.within ?? top })
  }
  return top
}

function readOne(line: string): Expected {
  const { role, level, words, pattern, invalid } = LINE.exec(line)?.groups ?? {}
  if (role === undefined) throw new Error(`This says nothing: ${line}`)
  const name = pattern === undefined ? words : new RegExp(pattern, 'u')
  const isInvalid = invalid !== undefined
  return { line, role, isInvalid, within: [], ...(level ? { level } : {}), ...(name === undefined ? {} : { name }) }
}

/** What a page should say and does not, in its order; nothing, where all is said. */
export function unsaid(page: Spoken, text: string): string[] {
  return missing(read(text), page)
}

function missing(expected: readonly Expected[], place: Spoken): string[] {
  const [, ...said] = allOf(place)
  let from = 0
  return expected.flatMap((wanted) => {
    const alike = (one: Spoken, index: number) => index >= from && isSaid(wanted, one)
    const whole = said.findIndex((one, index) => alike(one, index) && missing(wanted.within, one).length === 0)
    if (whole >= 0) {
      from = whole + 1
      return []
    }
    const part = said.find(alike)
    if (part) return missing(wanted.within, part).map((line) => `${wanted.line} > ${line}`)
    const instead = said.filter(({ role }) => role === wanted.role).map(({ name }) => name)
    return [`${wanted.line}, but: ${instead.slice(0, 8).join(' | ')}`]
  })
}

function isSaid({ role, level, name, isInvalid }: Expected, spoken: Spoken): boolean {
  if (isInvalid && spoken.said['invalid'] !== 'true') return false
  if (role !== spoken.role || (level !== undefined && level !== spoken.said['level'])) return false
  return name === undefined || (typeof name === 'string' ? name === spoken.name : name.test(spoken.name))
}
