import { allOf, type Spoken } from './spoken-page.fixture.ts'

/** What somebody may do something with: the focus goes nowhere else, but to what `besideControls` lets it. */
const controls = new Set([
  'link',
  'button',
  'checkbox',
  'radio',
  'combobox',
  'textbox',
  'searchbox',
  'spinbutton',
  'option',
  'listbox',
  'slider',
  'tab',
  'menuitem',
  'switch',
  'DisclosureTriangle',
  'Date',
  'DateTime',
  'InputTime',
])
/** May have the focus to be read, or scrolled: the content on arrival, a dialog, a wide table. */
const besideControls = new Set([
  'RootWebArea',
  'main',
  'dialog',
  'alertdialog',
  'region',
  'log',
  'heading',
  'group',
  'listitem',
])
const landmarks = new Set(['banner', 'main', 'navigation', 'region', 'complementary', 'contentinfo', 'search', 'form'])
const named = new Set(['navigation', 'region', 'complementary', 'dialog', 'alertdialog', 'image', 'img', 'log'])
/** Says of itself what it is about, to whom is in it. */
const contexts = new Set([
  'listitem',
  'row',
  'article',
  'region',
  'group',
  'radiogroup',
  'navigation',
  'dialog',
  'definition',
  'paragraph',
  // The parts of the browser's own fields.
  'Date',
  'DateTime',
  'InputTime',
  'RootWebArea',
])

const line = ({ role, name }: Spoken) => `${role} "${name}"`

/** What is wrong on any page: said in words, and nothing where all is well. */
export function misspoken(page: Spoken): string[] {
  const all = [...allOf(page)]
  return [
    ...(page.name === '' ? ['the page has no title'] : []),
    ...all.flatMap(ofOne),
    ...ofHeadings(all),
    ...ofLandmarks(all),
    ...alike(page),
  ]
}

function ofOne(spoken: Spoken): string[] {
  const { role, name, said } = spoken
  const takesFocus = said['focusable'] === 'true' || controls.has(role)
  if (takesFocus && !controls.has(role) && !besideControls.has(role))
    return [`takes the focus and is no control: ${line(spoken)}`]
  if (controls.has(role) && !hasWords(name) && role !== 'option') return [`a control without a name: ${role}`]
  if (named.has(role) && !hasWords(name)) return [`has no name: ${role}`]
  return []
}

/** A name that is only a mark is none aloud. */
const hasWords = (name: string) => /[\p{L}\p{N}]/u.test(name)

function ofHeadings(all: readonly Spoken[]): string[] {
  const headings = all.filter(({ role }) => role === 'heading')
  const levels = headings.map(({ said }) => Number(said['level']))
  const isInDialog = all.some(({ role }) => role === 'dialog')
  const firsts = levels.filter((level) => level === 1).length
  return [
    ...(firsts === 1 || isInDialog ? [] : [`${firsts} headings of level 1`]),
    ...headings.filter(({ name }) => !hasWords(name)).map(() => 'a heading without words'),
    ...headings.flatMap((heading, index) => {
      const [before, level] = [levels[index - 1] ?? (isInDialog ? 1 : 0), levels[index] ?? 0]
      return level > before + 1 ? [`from level ${before} to ${level}: ${line(heading)}`] : []
    }),
  ]
}

function ofLandmarks(all: readonly Spoken[]): string[] {
  // Without a name, a form is none.
  const found = all.filter(({ role, name }) => landmarks.has(role) && (role !== 'form' || name !== ''))
  const mains = found.filter(({ role }) => role === 'main').length
  const isInDialog = all.some(({ role }) => role === 'dialog')
  const twice = found.filter((one, index) => found.findIndex((other) => line(other) === line(one)) !== index)
  return [
    ...(mains === 1 || isInDialog ? [] : [`${mains} main`]),
    ...twice.map((one) => `two landmarks are one and the same: ${line(one)}`),
  ]
}

/** Two controls of one place that do different things under one name. */
function alike(context: Spoken): string[] {
  const seen = new Map<string, Spoken>()
  const found: string[] = []
  const look = (spoken: Spoken) => {
    for (const one of spoken.within) {
      if (contexts.has(one.role)) found.push(...alike(one))
      else {
        if (controls.has(one.role) && one.role !== 'option') {
          const before = seen.get(line(one))
          if (before && !doTheSame(before, one)) found.push(`two in one place: ${line(one)}`)
          seen.set(line(one), one)
        }
        look(one)
      }
    }
  }
  look(context)
  return found
}

/** Two links to one page; the cross of a dialog, and the button at its end. */
const doTheSame = (one: Spoken, other: Spoken) =>
  one.role === 'link'
    ? one.said['url'] !== undefined && one.said['url'] === other.said['url']
    : /^(Fermer|Close)$/.test(one.name)
