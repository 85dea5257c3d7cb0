/** What somebody is in on a page: an entry, a group of buttons, a part. */
const PLACES = 'li, tr, fieldset, form, article, section, [role="group"], main'
const DIALOG = '[role="dialog"]'

/** An element, and all that it was in: what goes away forgets it. */
type Stop = readonly [Element, ...Element[]]

/**
 * What goes away, or is disabled, while it has the focus would send a keyboard back to the beginning of the page. The focus
 * stays in the smallest place that is still there: the next key leads to what stood beside.
 */
export function keepFocus(): void {
  let stops: readonly Stop[] = []
  let isLooking = false
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return
    const stop: Stop = [target, ...around(target)]
    const dialog = dialogOf(stop)
    // Behind a dialog, what it was opened from is remembered, however long somebody is in it.
    stops = dialog ? [stop, ...stops.filter((before) => dialogOf(before) !== dialog)] : [stop]
  })
  const look = () => {
    isLooking = false
    if (isLost(stops[0])) give(placeOf(stops))
  }
  const observer = new MutationObserver(() => {
    if (isLooking || !isLost(stops[0])) return
    // MUST be at once in a dialog that stays, because a key of that same moment, Escape, is nobody's outside of it.
    if (hasLeftItsDialog(stops[0])) return give(placeOf(stops))
    isLooking = true
    // A dialog gives the focus back by itself, a frame after it went away.
    requestAnimationFrame(() => requestAnimationFrame(look))
  })
  observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] })
}

function around(element: Element): Element[] {
  const { parentElement } = element
  return parentElement ? [parentElement, ...around(parentElement)] : []
}

const dialogOf = (stop: Stop) => stop.find((element) => element.matches(DIALOG))

const isUsable = (element: Element) => element.isConnected && !element.matches(':disabled')

const hasLeftItsDialog = (stop: Stop | undefined) =>
  stop !== undefined && !stop[0].isConnected && dialogOf(stop)?.isConnected === true

/** Whoever presses beside everything has taken the focus away, and is left alone. */
function isLost(last: Stop | undefined): boolean {
  if (last === undefined || isUsable(last[0])) return false
  const { activeElement } = document
  return activeElement === null || activeElement === document.body || activeElement === last[0]
}

function placeOf(stops: readonly Stop[]): Element | null {
  for (const stop of stops) {
    if (isUsable(stop[0])) return stop[0]
    const place = stop.find((element) => element.isConnected && element.matches(PLACES) && element.clientHeight > 0)
    if (place) return place
  }
  return document.querySelector('main')
}

function give(place: Element | null): void {
  if (!(place instanceof HTMLElement)) return
  place.focus({ preventScroll: true })
  if (document.activeElement === place) return
  place.tabIndex = -1
  place.focus({ preventScroll: true })
  place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true })
}
