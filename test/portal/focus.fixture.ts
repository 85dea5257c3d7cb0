// What a keyboard's test asks of a page: each runs there, and stands alone.

/** Where the focus is, in words; in no place at all, ''. A page that was loaded anew is another one. */
export function whereFocusIs(): { page: number; focused: string } {
  const at = document.activeElement
  const isNowhere = at === null || at === document.body
  const name = isNowhere ? '' : at.id || (at.getAttribute('data-key') ?? '')
  const said = isNowhere ? '' : `${at.tagName.toLowerCase()} ${name} "${at.textContent.trim().slice(0, 40)}"`
  return { page: performance.timeOrigin, focused: said }
}

export const isFocused = (element: Element) => element === document.activeElement

export function isInGroupOfFocused(radio: Element): boolean {
  const at = document.activeElement
  return at instanceof HTMLInputElement && at.type === 'radio' && at.name === radio.getAttribute('name')
}

/** Why who looks at the page would not see where the focus is; '' where it is seen, or is nowhere. */
export function faultOfFocus(): string {
  const at = document.activeElement
  if (at === null || at === document.body) return ''
  const name = `${at.tagName.toLowerCase()} "${(at.textContent || at.id).trim().slice(0, 60)}"`
  const { outlineStyle, outlineWidth } = getComputedStyle(at)
  if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 1) return `${name} has no ring`
  const covering = [...at.getClientRects()].map(({ left, right, top, bottom }) => {
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2
    const hit = document.elementFromPoint(x, y)
    return at.contains(hit) ? '' : `${hit?.tagName.toLowerCase() ?? 'nothing'}.${hit?.className ?? ''}`
  })
  return covering.includes('') ? '' : `${name} is under ${covering.join(', ')}`
}

/** Of a list of which the tabulator knows one row only. */
export const isInListOfFocused = (row: Element) =>
  row.hasAttribute('data-key') && document.activeElement?.hasAttribute('data-key') === true

export function isBelowFocused(row: Element): boolean {
  const at = document.activeElement
  return at !== null && (at.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
}

export const holdsFocused = (place: Element) => place.contains(document.activeElement)
