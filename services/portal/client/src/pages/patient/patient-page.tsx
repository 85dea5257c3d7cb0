import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Refused } from '../../api/problem.ts'
import { Button } from '../../design/button.tsx'
import { Empty } from '../../design/states.tsx'
import { lazyPage } from '../../frame/lazy-page.tsx'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { timeOfDay } from '../../messages/times.ts'
import { PatientHeader } from './patient-header.tsx'
import { type Ended, usePatientLive } from './patient-live.ts'
import { pathwayQuery } from './patient-queries.ts'
import { tabs, type Tab } from './patient-search.ts'
import { patientWords } from './patient-words.ts'
import styles from './patient.module.css'

const route = getRouteApi('/patients/$patientId')

const parts = {
  pathway: lazyPage(() => import('./pathway-tab.tsx'), 'PathwayTab', { isPart: true }),
  circle: lazyPage(() => import('./circle-tab.tsx'), 'CircleTab', { isPart: true }),
  steps: lazyPage(() => import('./steps-tab.tsx'), 'StepsTab', { isPart: true }),
  thread: lazyPage(() => import('./thread-tab.tsx'), 'ThreadTab', { isPart: true }),
}

export function PatientPage() {
  const { patientId } = route.useParams()
  // Anew for each patient: nothing of one is shown under the name of another.
  return <OnePatient key={patientId} patientId={patientId} />
}

function OnePatient({ patientId }: { patientId: string }) {
  const { tab = 'pathway' } = route.useSearch()
  const ended = usePatientLive(patientId)
  const { error } = useQuery(pathwayQuery(patientId))
  const words = useWords(patientWords)
  if (ended && ended.reason !== 'cursorUnknown') return <NoLongerTheirs ended={ended} />
  if (error instanceof Refused && error.status === 404 && tab !== 'circle') return <NotTheirs />
  const Part = parts[tab]
  return (
    <div className={styles.page}>
      <PatientHeader patientId={patientId} />
      {ended && (
        <p role="status" className={styles.notice}>
          {words.notLive} <Button onPress={() => location.reload()}>{words.reload}</Button>
        </p>
      )}
      <Tabs patientId={patientId} current={tab} />
      <Part />
    </div>
  )
}

function Tabs({ patientId, current }: { patientId: string; current: Tab }) {
  const words = useWords(patientWords)
  return (
    <nav aria-label={words.sections} className={`${styles.tabs} unprinted`}>
      {tabs.map((tab) => (
        <Link
          key={tab}
          to="/patients/$patientId"
          params={{ patientId }}
          search={tab === 'pathway' ? {} : { tab }}
          resetScroll={false}
          className={styles.tab ?? ''}
          activeOptions={{ exact: true, includeSearch: true }}
          aria-current={tab === current ? 'page' : undefined}
        >
          {words.tabs[tab]}
        </Link>
      ))}
    </nav>
  )
}

function NoLongerTheirs({ ended: { reason, at } }: { ended: Ended }) {
  const words = useWords(patientWords)
  const { language } = useLanguage()
  if (reason === 'forbidden') return <NotTheirs />
  return (
    <div role="alert">
      <Empty title={words.endedTitle} isPage>
        <p>{words.ended(timeOfDay(at, language))}</p>
        <Link to="/">{words.home}</Link>
      </Empty>
    </div>
  )
}

function NotTheirs() {
  const words = useWords(patientWords)
  return (
    <div role="alert">
      <Empty title={words.forbiddenTitle} isPage>
        <p>{words.forbidden}</p>
        <Link to="/">{words.home}</Link>
      </Empty>
    </div>
  )
}
