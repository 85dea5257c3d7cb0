import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import type { AnswerOf } from '../../api/call.ts'
import type { getPathway } from '@relais/contracts/http'
import { Answered, Empty } from '../../design/states.tsx'
import { Button } from '../../design/button.tsx'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { fullMoment } from '../../messages/times.ts'
import { pathwayQuery } from './patient-queries.ts'
import { PathwayControls } from './pathway-controls.tsx'
import { chosenOf, collapsed, knownAt, linesOf, type Shown } from './pathway-lines.ts'
import { PathwayList } from './pathway-list.tsx'
import { pathwayWords } from './pathway-words.ts'
import styles from './pathway.module.css'
import { titlesOf } from './titles.ts'

type View = AnswerOf<typeof getPathway>

const route = getRouteApi('/patients/$patientId')

export function PathwayTab() {
  const { patientId } = route.useParams()
  const query = useQuery(pathwayQuery(patientId))
  return <Answered query={query}>{(view) => <Pathway patientId={patientId} view={view} />}</Answered>
}

const EVERYTHING: Shown = { chosen: {}, instant: undefined, isCollapsed: true }

function Pathway({ patientId, view }: { patientId: string; view: View }) {
  const words = useWords(pathwayWords)
  const { language } = useLanguage()
  const { entry } = route.useSearch()
  const [wanted, setWanted] = useState(EVERYTHING)
  // A cursor is moved faster than a thousand lines are made.
  const shown = useDeferredValue(wanted)
  const [pointed, setPointed] = useState(() => (entry === undefined ? undefined : { id: entry }))
  const all = useMemo(() => linesOf(view), [view])
  const { chosen, instant, isCollapsed } = shown
  const single = useMemo(
    () => chosenOf(instant === undefined ? all : linesOf(knownAt(view, instant)), chosen),
    [all, view, instant, chosen],
  )
  const lines = useMemo(() => (isCollapsed ? collapsed(single) : single), [single, isCollapsed])
  const titles = useMemo(() => titlesOf(view.exchanges), [view.exchanges])
  const show = useCallback((id: string) => {
    setWanted({ ...EVERYTHING, isCollapsed: false })
    setPointed({ id })
  }, [])
  const pointedAt = pointed?.id
  const context = useMemo(() => ({ patientId, titles, pointedAt, show }), [patientId, titles, pointedAt, show])
  const isChosen = Object.values(chosen).some((one) => one !== undefined)
  const isPart = instant !== undefined || isChosen
  const empty = isChosen ? words.noneChosen : instant === undefined ? words.empty : words.emptyThen
  return (
    <section aria-labelledby="pathway" className={styles.pathway}>
      <h2 id="pathway" className="aside">
        {words.title}
      </h2>
      <PathwayControls view={view} lines={all} shown={wanted} onChange={setWanted} />
      <div role="status">
        {isPart && (
          <p className={styles.banner}>
            {instant === undefined
              ? `${words.filtered} : ${words.lines(single.length)}.`
              : words.thenShown(fullMoment(instant, language), single.length, all.length)}{' '}
            <span className="unprinted">
              <Button onPress={() => setWanted(EVERYTHING)}>{instant === undefined ? words.clear : words.now}</Button>
            </span>
          </p>
        )}
      </div>
      {lines.length === 0 ? <Empty title={empty} /> : <PathwayList lines={lines} context={context} pointed={pointed} />}
    </section>
  )
}
