import { defaultRangeExtractor, type Range, useWindowVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import {
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useLatest } from '../../live/latest.ts'
import { useWords } from '../../messages/language.tsx'
import { countBySection, type Row, type Section } from './inbox-items.ts'
import { InboxRow } from './inbox-row.tsx'
import { inboxWords } from './inbox-words.ts'
import styles from './inbox.module.css'

const ROW_PIXELS = 92
const HEAD_PIXELS = 44
const OVERSCAN = 8
/** The head of the page, and what is said at the foot of the list, cover so much of the window. */
const COVERED_PIXELS = 96

type Line = { kind: 'head'; section: Section; count: number } | { kind: 'row'; row: Row; index: number }
export type ListHandle = {
  /** Brings a row into the window and gives it the focus. */
  focus(key: string): void
  scrollTo(section: Section): void
}

/** A list of any length under its headings, of which only what is in the window is there. */
export function InboxList({
  rows,
  openKey,
  cursor,
  hasSections,
  isComplete,
  onCursor,
  onEnd,
  handle,
  hrefOf,
  onOpen,
}: {
  rows: readonly Row[]
  openKey: string | undefined
  cursor: string | undefined
  hasSections: boolean
  isComplete: boolean
  onCursor: (key: string) => void
  /** The last of what is loaded is in the window. */
  onEnd: () => void
  handle: RefObject<ListHandle | null>
  hrefOf: (row: Row) => string
  onOpen: (key: string) => void
}) {
  const lines = useMemo(() => linesOf(rows, hasSections), [rows, hasSections])
  const place = useRef<HTMLDivElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    if (place.current) setMargin(place.current.getBoundingClientRect().top + scrollY)
  }, [])
  const kept = lines.findIndex((line) => line.kind === 'row' && line.row.key === cursor)
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range)
      // The row with the focus stays, wherever one scrolls.
      return kept === -1 || shown.includes(kept) ? shown : [...shown, kept].toSorted((one, other) => one - other)
    },
    [kept],
  )
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.kind === 'head' ? HEAD_PIXELS : ROW_PIXELS),
    getItemKey: (index) => keyOf(lines[index]),
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: COVERED_PIXELS,
    scrollPaddingEnd: COVERED_PIXELS,
    rangeExtractor,
  })
  const latest = useLatest({ lines, virtual })
  useLayoutEffect(() => {
    handle.current = {
      focus(key) {
        const index = latest.current.lines.findIndex((line) => line.kind === 'row' && line.row.key === key)
        if (index === -1) return
        latest.current.virtual.scrollToIndex(index, { align: 'auto' })
        requestAnimationFrame(() => {
          const row = place.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
          row?.focus({ preventScroll: true })
        })
      },
      scrollTo(section) {
        const index = latest.current.lines.findIndex((line) => line.kind === 'head' && line.section === section)
        if (index !== -1) latest.current.virtual.scrollToIndex(index, { align: 'start' })
      },
    }
    return () => {
      handle.current = null
    }
  }, [handle, latest])

  const latestOpen = useLatest(onOpen)
  const follow = useCallback(
    (event: MouseEvent<HTMLAnchorElement>) => {
      const { key } = event.currentTarget.dataset
      // With a key, a link opens elsewhere.
      const isElsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
      if (isElsewhere || key === undefined) return
      event.preventDefault()
      latestOpen.current(key)
    },
    [latestOpen],
  )
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  const latestEnd = useLatest(onEnd)
  const isAtEnd = !isComplete && lines.length > 0 && lastShown >= lines.length - OVERSCAN
  useLayoutEffect(() => {
    if (isAtEnd) latestEnd.current()
  }, [isAtEnd, lines.length, latestEnd])
  return (
    <div ref={place} className={styles.list} style={{ blockSize: virtual.getTotalSize() }}>
      {partsOf(items, lines).map(({ section, head, shown }) => (
        <Part key={section} section={hasSections ? section : undefined}>
          {head && (
            <h2
              ref={virtual.measureElement}
              data-index={head.item.index}
              className={styles.head}
              style={{ transform: `translateY(${head.item.start - margin}px)` }}
            >
              <HeadWords section={section} count={head.count} isComplete={isComplete} />
            </h2>
          )}
          <List section={hasSections ? section : undefined}>
            {shown.map(({ item, row, index }) => (
              <li
                key={row.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={styles.place}
                style={{ transform: `translateY(${item.start - margin}px)` }}
                aria-posinset={index + 1}
                aria-setsize={isComplete ? rows.length : -1}
              >
                <InboxRow
                  row={row}
                  href={hrefOf(row)}
                  isOpen={row.key === openKey}
                  isCursor={row.key === cursor || (kept === -1 && index === 0)}
                  onFocus={onCursor}
                  onOpen={follow}
                />
              </li>
            ))}
          </List>
        </Part>
      ))}
    </div>
  )
}

function Part({ section, children }: { section: Section | undefined; children: ReactNode }) {
  return section === undefined ? children : <section>{children}</section>
}

function List({ section, children }: { section: Section | undefined; children: ReactNode }) {
  const words = useWords(inboxWords)
  return (
    <ul className={styles.rows} aria-label={section === undefined ? words.list : words.sections[section]}>
      {children}
    </ul>
  )
}

function HeadWords({ section, count, isComplete }: { section: Section; count: number; isComplete: boolean }) {
  const words = useWords(inboxWords)
  const mayGrow = section === 'toKnow' || section === 'undated' || section === 'later'
  return (
    <>
      {words.sections[section]} <span className="soft">{`${count}${mayGrow && !isComplete ? '+' : ''}`}</span>
    </>
  )
}

function linesOf(rows: readonly Row[], hasSections: boolean): Line[] {
  const lines = rows.map((row, index): Line => ({ kind: 'row', row, index }))
  if (!hasSections) return lines
  const heads = new Map(countBySection(rows).map(({ first, ...head }) => [first, head]))
  return lines.flatMap((line, index): Line[] => {
    const head = heads.get(index)
    return head ? [{ kind: 'head', ...head }, line] : [line]
  })
}

const keyOf = (line: Line | undefined) => (line?.kind === 'row' ? line.row.key : `head ${line?.section}`)

type Part = {
  section: Section
  head?: { item: VirtualItem; count: number }
  shown: { item: VirtualItem; row: Row; index: number }[]
}

/** What is in the window, by heading. */
function partsOf(items: readonly VirtualItem[], lines: readonly Line[]): Part[] {
  const parts = new Map<Section, Part>()
  for (const item of items) {
    const line = lines[item.index]
    if (!line) continue
    const section = line.kind === 'head' ? line.section : line.row.section
    const part = parts.get(section) ?? { section, shown: [] }
    parts.set(section, part)
    if (line.kind === 'head') part.head = { item, count: line.count }
    else part.shown.push({ item, row: line.row, index: line.index })
  }
  return [...parts.values()]
}
