import { useLanguage, useWords } from '../../messages/language.tsx'
import { Axis, HEIGHT, PLOT, WIDTH } from './chart-axis.tsx'
import { bands, linear, ticksUpTo } from './chart-scales.ts'
import { delayText } from './delay-text.ts'
import type { Figures } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'
import styles from './charts.module.css'

const HOUR = 3600

type Months = { title: string; months: readonly { name: string; figures: Figures | undefined }[] }

/** How long answers take, month by month: half of them below the dot, nine of ten below the line. */
export function DelayChart({ title, months }: Months) {
  const words = useWords(statisticsWords)
  const { language } = useLanguage()
  const longest = Math.max(0, ...months.map(({ figures }) => figures?.delaySeconds?.p90 ?? 0))
  const ticks = ticksUpTo(longest / HOUR)
  const y = linear([0, (ticks.at(-1) ?? 1) * HOUR], [PLOT.bottom, PLOT.top])
  const places = bands(months.length, [PLOT.left, PLOT.right])
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.chart(title)} className={styles.chart}>
        <Axis
          ticks={ticks.map((hours) => ({ value: hours * HOUR, label: delayText(hours * HOUR, language) }))}
          y={y}
          names={months.map(({ name }) => name)}
          places={places}
        />
        {places.map(({ start, size }, index) => {
          const month = months[index]
          const delay = month?.figures?.delaySeconds
          if (!month || !delay) return null
          const middle = start + size / 2
          return (
            <g key={month.name}>
              <line x1={middle} x2={middle} y1={y(0)} y2={y(delay.p90)} className={styles.stem} />
              <line x1={middle - 14} x2={middle + 14} y1={y(delay.p90)} y2={y(delay.p90)} className={styles.stem} />
              <circle cx={middle} cy={y(delay.median)} r="6" className={styles.dot} />
            </g>
          )
        })}
      </svg>
      <figcaption>
        <ul className={styles.legend}>
          <li>
            <svg viewBox="0 0 16 16" className={styles.swatch} aria-hidden="true">
              <circle cx="8" cy="8" r="6" className={styles.dot} />
            </svg>
            {words.median}
          </li>
          <li>
            <svg viewBox="0 0 16 16" className={styles.swatch} aria-hidden="true">
              <line x1="0" x2="16" y1="3" y2="3" className={styles.stem} />
              <line x1="8" x2="8" y1="3" y2="16" className={styles.stem} />
            </svg>
            {words.p90}
          </li>
        </ul>
      </figcaption>
    </figure>
  )
}
