import { useWords } from '../../messages/language.tsx'
import { linear } from './chart-scales.ts'
import { FigureButton } from './figure-button.tsx'
import { statisticsWords } from './statistics-words.ts'
import type { Behind } from './statistics-data.ts'
import styles from './charts.module.css'

const WIDTH = 200

type Bars = {
  caption: string
  heading: string
  rows: readonly { key: string; name: string; count: number; behind: Behind }[]
  onShow: (behind: Behind) => void
}

/** Counts with a bar each: the chart is in the table, so that it needs no other one. */
export function BarTable({ caption, heading, rows, onShow }: Bars) {
  const words = useWords(statisticsWords)
  const most = Math.max(1, ...rows.map(({ count }) => count))
  const length = linear([0, most], [0, WIDTH])
  return (
    <table className={styles.table}>
      <caption className="aside">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{heading}</th>
          <th scope="col">{words.count}</th>
          <td aria-hidden="true" />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, count, behind }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>
              <FigureButton count={count} behind={behind} onShow={onShow} />
            </td>
            <td className={styles.bar} aria-hidden="true">
              <svg viewBox={`0 0 ${WIDTH} 14`} preserveAspectRatio="none" className={styles.barDrawing}>
                <rect width={length(count)} height="14" className={styles.barFill} />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
