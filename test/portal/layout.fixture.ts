import type { Page } from 'playwright-core'

/** WCAG 2.5.8, in pixels. */
const LEAST_TARGET = 24

/**
 * What is too small to be pressed by everybody, and too near to something else. A link within a sentence may be as high as
 * its line.
 */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const isInSentence = (element: Element) =>
      getComputedStyle(element).display === 'inline' &&
      element.parentElement?.textContent.trim() !== element.textContent.trim()
    const isOffered = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert], [aria-hidden="true"]')
    const targets = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
      .filter(isOffered)
      .map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.right > 0)
    const middleOf = ({ left, top, width, height }: DOMRect) => ({ x: left + width / 2, y: top + height / 2 })
    const isNear = (box: DOMRect, other: DOMRect) => {
      const { x, y } = middleOf(box)
      const across = Math.max(other.left - x, 0, x - other.right)
      return Math.hypot(across, Math.max(other.top - y, 0, y - other.bottom)) < least / 2
    }
    return targets
      .filter(({ element, box }) => (box.width < least || box.height < least) && !isInSentence(element))
      .filter(({ element, box }) => targets.some((other) => !other.element.contains(element) && isNear(box, other.box)))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 120)}: ${box.width} × ${box.height}`)
  }, LEAST_TARGET)
}

/** Of WCAG 1.4.12: as wide as a reader may set it. */
const SPACING =
  '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }'

/** The words that cannot be read whole any more, once a reader has spaced them. */
export async function cutWhenSpaced(page: Page): Promise<string[]> {
  const style = await page.addStyleTag({ content: SPACING })
  const cut = await page.evaluate(() => {
    const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
    return [...document.body.querySelectorAll('*')]
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element)
        const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element
        // Of one pixel: for who listens.
        if (clientHeight <= 1 || element.textContent.trim() === '') return false
        return (
          (hides(overflowX) && scrollWidth > clientWidth + 1) || (hides(overflowY) && scrollHeight > clientHeight + 1)
        )
      })
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 60)}`)
  })
  await style.evaluate((element) => element.parentNode?.removeChild(element))
  return cut
}

/** What has the focus and does not show it, of as many stops of the tabulator. */
export async function unmarkedFocus(page: Page, stops: number): Promise<string[]> {
  const unmarked: string[] = []
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(() => {
      const element = document.activeElement ?? document.body
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return outlineStyle === 'none' || outlineWidth === '0px' ? element.outerHTML.slice(0, 120) : ''
    })
    if (found !== '') unmarked.push(found)
  }
  return unmarked
}

/** What moves by itself, and has no end or a long one. */
export function moving(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isLong = (time: ComputedEffectTiming | undefined) => time === undefined || Number(time.endTime) > 100
    return document
      .getAnimations()
      .filter(({ effect }) => isLong(effect?.getComputedTiming()))
      .map(({ effect }) => (effect instanceof KeyframeEffect && effect.target?.outerHTML) || 'something')
  })
}
