import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { download } from '../../design/download.ts'
import { Answered, Empty } from '../../design/states.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { BarTable } from './bar-table.tsx'
import { type Cell, csvOf } from './csv.ts'
import { DelayChart } from './delay-chart.tsx'
import { delayText } from './delay-text.ts'
import { FigureButton } from './figure-button.tsx'
import { MonthChart } from './month-chart.tsx'
import { monthName } from './month-name.ts'
import { countOf, DelayTable, MonthTable, shownFigures } from './month-table.tsx'
import { monthsBetween } from './months.ts'
import { RecipientTable } from './recipient-table.tsx'
import { type Asked, type Behind, type ReferralStatistics, statisticsQuery } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'
import styles from './statistics.module.css'

type Shown = {
  statistics: ReferralStatistics
  asked: Asked
  onShow: (behind: Behind) => void
  /** Absent once a recipient is chosen. */
  onChoose: ((recipient: string) => void) | undefined
}

export function FigureSections({ statistics, asked, onShow, onChoose }: Shown) {
  const words = useWords(statisticsWords)
  const { because } = useWords(domainWords)
  const { language } = useLanguage()
  const { all, declinedBy, ageing, groups = [] } = statistics
  const byKey = new Map(groups.map((figures) => [figures.key, figures]))
  const rows = monthsBetween(asked.from, asked.to).map((month) => ({
    month,
    name: monthName(month, language, 'short'),
    figures: byKey.get(month),
  }))
  if (all.asked === 0)
    return (
      <Empty title={words.none}>
        <p>{words.noneHelp}</p>
      </Empty>
    )
  const open = ageing.reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <Summary statistics={statistics} asked={asked} onShow={onShow} />
      <Section
        title={words.byMonth}
        file="mois"
        csv={[
          [words.month, ...shownFigures.map((figure) => words.figures[figure])],
          ...rows.map(({ month, figures }) => [
            month,
            ...shownFigures.map((figure) => (figures ? countOf(figures, figure) : 0)),
          ]),
        ]}
      >
        <MonthChart title={words.byMonth} months={rows} />
        <MonthTable caption={words.byMonth} rows={rows} asked={asked} onShow={onShow} />
      </Section>
      <Section
        title={words.delays}
        help={words.delaysHelp}
        file="delais"
        csv={[
          [words.month, `${words.median} (s)`, `${words.p90} (s)`],
          ...rows.map(({ month, figures }) => [month, figures?.delaySeconds?.median, figures?.delaySeconds?.p90]),
        ]}
      >
        <DelayChart title={words.delays} months={rows} />
        <DelayTable caption={words.delays} rows={rows} />
      </Section>
      <Section
        title={words.byReason}
        file="refus"
        csv={[[words.reason, words.count], ...declinedBy.map(({ reason, count }) => [because[reason], count])]}
      >
        {declinedBy.length === 0 ? (
          <p>{words.noDeclines}</p>
        ) : (
          <BarTable
            caption={words.byReason}
            heading={words.reason}
            onShow={onShow}
            rows={declinedBy.map(({ reason, count }) => ({
              key: reason,
              name: capital(because[reason]),
              count,
              behind: { ...asked, figure: 'declined', reason, title: because[reason] },
            }))}
          />
        )}
      </Section>
      <Section
        title={words.ageing}
        file="sans-reponse"
        csv={[[words.age, words.count], ...ageing.map(({ age, count }) => [words.ages[age], count])]}
      >
        {open === 0 ? (
          <p>{words.nothingOpen}</p>
        ) : (
          <BarTable
            caption={words.ageing}
            heading={words.age}
            onShow={onShow}
            rows={ageing.map(({ age, count }) => ({
              key: age,
              name: capital(words.ages[age]),
              count,
              behind: { ...asked, figure: 'open', age, title: `${words.figures.open}, ${words.ages[age]}` },
            }))}
          />
        )}
      </Section>
      {onChoose && <ByRecipient asked={asked} onShow={onShow} onChoose={onChoose} />}
    </>
  )
}

function Summary({ statistics: { all }, asked, onShow }: Omit<Shown, 'onChoose'>) {
  const words = useWords(statisticsWords)
  const { language } = useLanguage()
  const share = (count: number) => `${Math.round((100 * count) / Math.max(1, all.asked))} %`
  return (
    <section aria-label={words.summary}>
      <dl className={styles.tiles}>
        {shownFigures.map((figure) => (
          <div key={figure} className="card">
            <dt>{words.figures[figure]}</dt>
            <dd>
              <FigureButton
                count={countOf(all, figure)}
                behind={{ ...asked, figure, title: words.figures[figure] }}
                onShow={onShow}
              />
              {figure !== 'asked' && <span className="soft">{share(countOf(all, figure))}</span>}
            </dd>
          </div>
        ))}
        {all.delaySeconds && (
          <>
            <div className="card">
              <dt>{words.median}</dt>
              <dd>{delayText(all.delaySeconds.median, language)}</dd>
            </div>
            <div className="card">
              <dt>{words.p90}</dt>
              <dd>{delayText(all.delaySeconds.p90, language)}</dd>
            </div>
          </>
        )}
      </dl>
    </section>
  )
}

type Part = { asked: Asked; onShow: (behind: Behind) => void; onChoose: (recipient: string) => void }

function ByRecipient({ asked, onShow, onChoose }: Part) {
  const words = useWords(statisticsWords)
  const query = useQuery(statisticsQuery(asked, 'recipient'))
  const groups = query.data?.groups ?? []
  return (
    <Section
      title={words.byRecipient}
      file="destinataires"
      csv={[
        [
          words.recipient,
          ...shownFigures.map((figure) => words.figures[figure]),
          `${words.median} (s)`,
          `${words.p90} (s)`,
        ],
        ...groups.map((figures) => [
          figures.key,
          ...shownFigures.map((figure) => countOf(figures, figure)),
          figures.delaySeconds?.median,
          figures.delaySeconds?.p90,
        ]),
      ]}
    >
      <Answered query={query}>
        {() => <RecipientTable groups={groups} asked={asked} onShow={onShow} onChoose={onChoose} />}
      </Answered>
    </Section>
  )
}

type SectionOf = { title: string; help?: string; file: string; csv: readonly (readonly Cell[])[]; children: ReactNode }

function Section({ title, help, file, csv, children }: SectionOf) {
  const words = useWords(statisticsWords)
  return (
    <section className={`card ${styles.section}`} aria-label={title}>
      <header className={styles.sectionHead}>
        <h2>{title}</h2>
        <span className="unprinted">
          <Button
            kind="quiet"
            label={`${words.exportCsv} : ${title}`}
            onPress={() => download(`relais-${file}.csv`, 'text/csv', csvOf(csv))}
          >
            {words.exportCsv}
          </Button>
        </span>
      </header>
      {help !== undefined && <p className="soft">{help}</p>}
      <div className={styles.parts}>{children}</div>
    </section>
  )
}
