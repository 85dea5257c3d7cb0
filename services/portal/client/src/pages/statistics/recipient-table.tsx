import { Button } from '../../design/button.tsx'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { useRecipientName } from '../../people/people.tsx'
import { delayText } from './delay-text.ts'
import { FigureButton } from './figure-button.tsx'
import { countOf, shownFigures } from './month-table.tsx'
import type { Asked, Behind, Figures } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'
import styles from './charts.module.css'

type Table = {
  groups: readonly Figures[]
  asked: Asked
  onShow: (behind: Behind) => void
  onChoose: (recipient: string) => void
}

/** What each recipient makes of what is asked. */
export function RecipientTable({ groups, asked, onShow, onChoose }: Table) {
  const words = useWords(statisticsWords)
  const sorted = groups.toSorted((one, other) => other.asked - one.asked)
  return (
    <div className={styles.scrolling}>
      <table className={styles.table}>
        <caption className="aside">{words.byRecipient}</caption>
        <thead>
          <tr>
            <th scope="col">{words.recipient}</th>
            {shownFigures.map((figure) => (
              <th key={figure} scope="col">
                {words.figures[figure]}
              </th>
            ))}
            <th scope="col">{words.median}</th>
            <th scope="col">{words.p90}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((figures) => (
            <RecipientRow key={figures.key} {...{ figures, asked, onShow, onChoose }} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Row = Omit<Table, 'groups'> & { figures: Figures }

function RecipientRow({ figures, asked, onShow, onChoose }: Row) {
  const words = useWords(statisticsWords)
  const { language } = useLanguage()
  const recipient = figures.key ?? ''
  const name = useRecipientName(recipient)
  const { delaySeconds } = figures
  return (
    <tr>
      <th scope="row">
        <Button kind="quiet" label={`${words.only} : ${name}`} onPress={() => onChoose(recipient)}>
          {name}
        </Button>
      </th>
      {shownFigures.map((figure) => (
        <td key={figure}>
          <FigureButton
            count={countOf(figures, figure)}
            behind={{ ...asked, recipient, figure, title: `${words.figures[figure]}, ${name}` }}
            onShow={onShow}
          />
        </td>
      ))}
      <td>{delaySeconds ? delayText(delaySeconds.median, language) : '—'}</td>
      <td>{delaySeconds ? delayText(delaySeconds.p90, language) : '—'}</td>
    </tr>
  )
}
