import { useWords } from '../../messages/language.tsx'
import { bands, linear, stacked, ticksUpTo } from './chart-scales.ts'
import { Axis, HEIGHT, PLOT, WIDTH } from './chart-axis.tsx'
import { type Figures, openOf } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'
import styles from './charts.module.css'

const kinds = ['accepted', 'declined', 'redirected', 'stoodDown', 'open'] as const
/** The least height in which a number can be read. */
const LABELLED = 16

type Months = { title: string; months: readonly { name: string; figures: Figures | undefined }[] }

/** What came of what was asked, month by month: parts are told apart by their patterns too. */
export function MonthChart({ title, months }: Months) {
  const words = useWords(statisticsWords)
  const values = months.map(({ figures }) =>
    figures ? [figures.accepted, figures.declined, figures.redirected, figures.stoodDown, openOf(figures)] : [],
  )
  const ticks = ticksUpTo(Math.max(0, ...months.map(({ figures }) => figures?.asked ?? 0)))
  const y = linear([0, ticks.at(-1) ?? 1], [PLOT.bottom, PLOT.top])
  const places = bands(months.length, [PLOT.left, PLOT.right])
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.chart(title)} className={styles.chart}>
        <Patterns />
        <Axis
          ticks={ticks.map((value) => ({ value, label: String(value) }))}
          y={y}
          names={months.map(({ name }) => name)}
          places={places}
        />
        {places.map(({ start, size }, index) => (
          <g key={months[index]?.name ?? index}>
            {stacked(values[index] ?? []).map(({ from, to }, part) => {
              const height = y(from) - y(to)
              return height === 0 ? null : (
                <g key={kinds[part]}>
                  <rect
                    x={start}
                    y={y(to)}
                    width={size}
                    height={height}
                    className={styles.part}
                    data-kind={kinds[part]}
                  />
                  {height >= LABELLED && (
                    <text x={start + size / 2} y={(y(from) + y(to)) / 2} className={styles.value}>
                      {to - from}
                    </text>
                  )}
                </g>
              )
            })}
          </g>
        ))}
      </svg>
      <figcaption>
        <ul className={styles.legend}>
          {kinds.map((kind) => (
            <li key={kind}>
              <svg viewBox="0 0 16 16" className={styles.swatch} aria-hidden="true">
                <Patterns />
                <rect width="16" height="16" className={styles.part} data-kind={kind} />
              </svg>
              {words.figures[kind]}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  )
}

/** Fills that differ without their colours. */
function Patterns() {
  return (
    <defs>
      <pattern id="declined" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" className={styles.declinedGround} />
        <rect width="2" height="6" className={styles.declinedInk} />
      </pattern>
      <pattern id="redirected" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" className={styles.redirectedGround} />
        <rect width="6" height="2" className={styles.redirectedInk} />
      </pattern>
      <pattern id="open" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" className={styles.openGround} />
        <circle cx="3" cy="3" r="1.5" className={styles.openInk} />
      </pattern>
    </defs>
  )
}
