import { startTransition, useEffect, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Empty } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { groups, type Seen } from './board-rows.ts'
import { useHeldOrder } from './use-held-order.ts'
import type { LateStepOfStay } from './ward-queries.ts'
import { WardRow } from './ward-row.tsx'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

/** As many rows are drawn at once as fit between two frames. */
const PIECE = 10

type GroupsProps = {
  code: string
  seen: readonly Seen[]
  lateSteps: Readonly<Record<string, readonly LateStepOfStay[]>>
  today: number
  isCompact: boolean
  /** One list for each group; else one for all, in one order. */
  isByGroup: boolean
  showAll: () => void
}

/** The stays that were asked for. */
export function WardGroups({ seen, isByGroup, showAll, ...rest }: GroupsProps) {
  const words = useWords(wardWords)
  const { shown, putInOrder, hold } = useHeldOrder(seen)
  const most = usePieces(shown.length)
  if (shown.length === 0)
    return (
      <Empty title={words.noMatch}>
        <Button onPress={showAll}>{words.showAll}</Button>
      </Empty>
    )
  const drawn = shown.slice(0, most)
  const lists = isByGroup
    ? groups.map((group) => ({ group, rows: drawn.filter((one) => one.group === group) }))
    : [{ group: undefined, rows: drawn }]
  return (
    <div className="stack" {...hold} aria-busy={most < shown.length}>
      {lists
        .filter(({ rows }) => rows.length > 0)
        .map(({ group, rows }) => (
          <section key={group ?? 'all'} className={styles.group} aria-label={group ? words.groups[group] : words.title}>
            <h2 className={group ? undefined : 'aside'}>
              {group ? `${words.groups[group]} (${rows.length})` : words.title}
            </h2>
            <ul className={styles.rows}>
              {rows.map(({ row, late }) => (
                <WardRow
                  key={row.stayId}
                  code={rest.code}
                  row={row}
                  late={late.join(' ')}
                  steps={rest.lateSteps[row.stayId]}
                  today={rest.today}
                  isCompact={rest.isCompact}
                />
              ))}
            </ul>
          </section>
        ))}
      {putInOrder && (
        <p className={`${styles.held} unprinted`} role="status">
          {words.orderWaits} <Button onPress={putInOrder}>{words.reorder}</Button>
        </p>
      )}
    </div>
  )
}

/** How many rows are drawn by now: all of them soon, and never so many at once that a key that is pressed waits. */
function usePieces(total: number): number {
  const [most, setMost] = useState(PIECE)
  useEffect(() => {
    if (most >= total) return
    const timer = setTimeout(() => startTransition(() => setMost((before) => before + PIECE)))
    return () => clearTimeout(timer)
  }, [most, total])
  return most
}
