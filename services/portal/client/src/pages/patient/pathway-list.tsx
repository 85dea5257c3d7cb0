import { memo, startTransition, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useNow } from '../../live/now.ts'
import { useLanguage } from '../../messages/language.tsx'
import { day } from '../../messages/times.ts'
import { type Line, type Part, partsOf } from './pathway-lines.ts'
import { Row, type RowContext, rowId } from './pathway-row.tsx'
import styles from './pathway.module.css'

const LINES_OF_A_PART = 20
/** Of a line that was never laid out: the place it is given, in pixels. */
const LIKELY_HEIGHT = 76
const SHOWN_AT_ONCE = 1

/**
 * Lines by day, the newest first. What is far below the screen is not made before it comes near, so that a pathway of years
 * opens as fast as that of a day; for a printer all of it is.
 */
export function PathwayList({
  lines,
  context,
  pointed,
}: {
  lines: readonly Line[]
  context: RowContext
  /** The line to go to; anew each time that somebody asks. */
  pointed: { id: string } | undefined
}) {
  const parts = useMemo(() => partsOf(lines, LINES_OF_A_PART), [lines])
  const isPrinting = usePrinting()
  const list = useRef<HTMLDivElement>(null)
  useStandingStill(list, parts[0]?.lines[0]?.id)
  const isListed = parts.some((part) => contains(part, pointed?.id))
  useEffect(() => {
    const row = pointed && isListed ? document.getElementById(rowId(pointed.id)) : null
    row?.scrollIntoView({ block: 'center' })
    row?.querySelector('summary')?.focus({ preventScroll: true })
  }, [pointed, isListed])
  return (
    <div ref={list}>
      {parts.map((part, place) => (
        <PartView
          key={part.key}
          part={part}
          before={parts[place - 1]?.lines.at(-1)}
          context={context}
          isWanted={isPrinting || place < SHOWN_AT_ONCE || contains(part, context.pointedAt)}
        />
      ))}
    </div>
  )
}

export function contains({ lines }: Pick<Part, 'lines'>, id: string | undefined): boolean {
  return id !== undefined && lines.some((line) => line.id === id || (line.type === 'leaves' && contains(line, id)))
}

type PartProps = { part: Part; before: Line | undefined; context: RowContext; isWanted: boolean }

const PartView = memo(function PartView({ part, before, context, isWanted }: PartProps) {
  const place = useRef<HTMLDivElement>(null)
  const [hasComeNear, setComeNear] = useState(false)
  const isThere = hasComeNear || isWanted
  useEffect(() => {
    if (isThere || !place.current) return
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) startTransition(() => setComeNear(true))
      },
      { rootMargin: '1500px 0px' },
    )
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [isThere])
  if (!isThere) return <div ref={place} style={{ blockSize: part.lines.length * LIKELY_HEIGHT }} />
  return (
    <div className={styles.part}>
      {byDay(part.lines).map(([date, ofDay], group) => (
        <section key={date}>
          {(group > 0 || !before || dateOf(before) !== date) && <DayHeading at={ofDay[0]?.at ?? date} />}
          <ol className={styles.rows}>
            {ofDay.map((line) => (
              <Row key={line.id} line={line} context={context} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
})

function DayHeading({ at }: { at: string }) {
  const { language } = useLanguage()
  return <h3 className={styles.day}>{day(at, useNow(), language)}</h3>
}

const dateOf = ({ at }: Line) => new Date(at).toDateString()

const byDay = (lines: readonly Line[]) => [...Map.groupBy(lines, dateOf)]

function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false)
  useEffect(() => {
    // The printer reads the page as soon as these return.
    const begin = () => flushSync(() => setPrinting(true))
    const end = () => setPrinting(false)
    addEventListener('beforeprint', begin)
    addEventListener('afterprint', end)
    return () => {
      removeEventListener('beforeprint', begin)
      removeEventListener('afterprint', end)
    }
  }, [])
  return isPrinting
}

/** What arrives above does not move what somebody is about to press. */
function useStandingStill(list: React.RefObject<HTMLElement | null>, firstId: string | undefined): void {
  const shown = useRef<{ id: string; top: number }>(undefined)
  useLayoutEffect(() => {
    const element = list.current
    const before = shown.current
    const stood = before && document.getElementById(rowId(before.id))
    if (element && before && stood && before.id !== firstId && isInUse(element))
      scrollBy(0, topIn(element, stood) - before.top)
    const first = firstId === undefined ? null : document.getElementById(rowId(firstId))
    shown.current = element && first && firstId !== undefined ? { id: firstId, top: topIn(element, first) } : undefined
  }, [list, firstId])
}

const isInUse = (element: HTMLElement) => element.matches(':hover') || element.contains(document.activeElement)
const topIn = (list: HTMLElement, row: Element) => row.getBoundingClientRect().top - list.getBoundingClientRect().top
