import type { Band } from './chart-scales.ts'
import styles from './charts.module.css'

export const WIDTH = 640
export const HEIGHT = 260
export const PLOT = { left: 52, right: WIDTH - 8, top: 12, bottom: HEIGHT - 28 } as const

/** More of them would lie over one another. */
const MOST_NAMES = 8

type Axes = {
  ticks: readonly { value: number; label: string }[]
  y: (value: number) => number
  names: readonly string[]
  places: readonly Band[]
}

/** The lines of a chart, and what is written beside and under it. */
export function Axis({ ticks, y, names, places }: Axes) {
  const every = Math.ceil(names.length / MOST_NAMES)
  return (
    <g>
      {ticks.map(({ value, label }) => (
        <g key={value}>
          <line x1={PLOT.left} x2={PLOT.right} y1={y(value)} y2={y(value)} className={styles.line} />
          <text x={PLOT.left - 6} y={y(value)} className={styles.tick}>
            {label}
          </text>
        </g>
      ))}
      {places.map(({ start, size }, index) => (
        <text key={names[index] ?? index} x={start + size / 2} y={HEIGHT - 10} className={styles.name}>
          {(names.length - 1 - index) % every === 0 && names[index]}
        </text>
      ))}
    </g>
  )
}
