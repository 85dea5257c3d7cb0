import { useLanguage, useWords } from '../../messages/language.tsx'
import { delayText } from './delay-text.ts'
import { FigureButton } from './figure-button.tsx'
import { addMonths } from './months.ts'
import { type Asked, type Behind, type FigureName, type Figures, openOf } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'
import styles from './charts.module.css'

export const shownFigures = ['asked', 'accepted', 'declined', 'redirected', 'stoodDown', 'open'] as const

export const countOf = (figures: Figures, figure: FigureName) => (figure === 'open' ? openOf(figures) : figures[figure])

export type MonthRow = { month: string; name: string; figures: Figures | undefined }
type Table = { caption: string; rows: readonly MonthRow[]; asked: Asked; onShow: (behind: Behind) => void }

/** The figures of each month, and the way to what is behind each. */
export function MonthTable({ caption, rows, asked, onShow }: Table) {
  const words = useWords(statisticsWords)
  return (
    <div className={styles.scrolling}>
      <table className={styles.table}>
        <caption className="aside">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.month}</th>
            {shownFigures.map((figure) => (
              <th key={figure} scope="col">
                {words.figures[figure]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ month, name, figures }) => (
            <tr key={month}>
              <th scope="row">{name}</th>
              {shownFigures.map((figure) => (
                <td key={figure}>
                  <FigureButton
                    count={figures ? countOf(figures, figure) : 0}
                    behind={{
                      ...asked,
                      from: month,
                      to: addMonths(month, 1),
                      figure,
                      title: `${words.figures[figure]}, ${name}`,
                    }}
                    onShow={onShow}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** How long answers took, month by month; the events are those that were answered. */
export function DelayTable({ caption, rows }: { caption: string; rows: readonly MonthRow[] }) {
  const words = useWords(statisticsWords)
  const { language } = useLanguage()
  return (
    <table className={styles.table}>
      <caption className="aside">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.month}</th>
          <th scope="col">{words.median}</th>
          <th scope="col">{words.p90}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ month, name, figures }) => {
          const delay = figures?.delaySeconds
          return (
            <tr key={month}>
              <th scope="row">{name}</th>
              <td>{delay ? delayText(delay.median, language) : '—'}</td>
              <td>{delay ? delayText(delay.p90, language) : '—'}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
