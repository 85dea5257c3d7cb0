import type { WardBoardRow } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Answered, Empty } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { type Asked, askedRows, countRows, dayOf } from './board-rows.ts'
import { BoardTools, type Density } from './board-tools.tsx'
import { Misdirections } from './misdirections.tsx'
import { useBoard } from './use-board.ts'
import { useSeenRows } from './use-seen-rows.ts'
import { WardLabel } from './ward-label.tsx'
import { WardGroups } from './ward-groups.tsx'
import { lateStepsQuery, misdirectionsQuery } from './ward-queries.ts'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

const nothingAsked: Asked = { group: 'all', only: 'all', search: '', sorting: 'room' }
const noStep = {}
/** Above, a board is read by running one's eye down it. */
const MOST_COMFORTABLE = 40

/** A ward: who is where, who leaves, who was told of it, and what is late. */
export function WardPage() {
  const { code } = useParams({ from: '/ward/$code' })
  return <Ward key={code} code={code} />
}

function Ward({ code }: { code: string }) {
  const words = useWords(wardWords)
  const person = usePerson()
  const board = useBoard(code)
  // So that a network that is lost meanwhile does not keep anybody from saying what happened.
  useEffect(() => {
    Promise.all([import('./stay-page.tsx'), import('./discharge-page.tsx')]).catch(() => undefined)
  }, [])
  return (
    <div className="stack">
      <header className={styles.head}>
        <h1>
          <WardLabel code={code} />
        </h1>
        {hasScope(person, 'stay:write') && (
          <Link
            to="/ward/$code/admit"
            params={{ code }}
            className={`${styles.link ?? ''} unprinted`}
            data-kind="primary"
          >
            {words.admit}
          </Link>
        )}
      </header>
      <Answered query={board}>{(rows) => <Board code={code} rows={rows} />}</Answered>
      <Misdirections code={code} />
    </div>
  )
}

function Board({ code, rows }: { code: string; rows: readonly WardBoardRow[] }) {
  const words = useWords(wardWords)
  const [kept, setKept] = useDraft<{ asked: Asked; density?: Density }>(`board.${code}`, { asked: nothingAsked })
  const [search, setSearch] = useState('')
  const now = useNow()
  const { data: lateSteps = noStep } = useQuery(lateStepsQuery)
  const { data: returned } = useQuery(misdirectionsQuery('open'))
  const openReturns = useMemo(
    () => new Set<string>(returned?.misdirections.map(({ noticeId }) => noticeId)),
    [returned],
  )
  const seen = useSeenRows(rows, { now, lateSteps, openReturns })
  const today = dayOf(now)
  const text = useDeferredValue(search)
  const { asked } = kept
  const found = useMemo(
    () => askedRows(seen, { ...asked, search: text }, { from: today.from, to: today.to }),
    [seen, asked, text, today.from, today.to],
  )
  const density = kept.density ?? (rows.length > MOST_COMFORTABLE ? 'compact' : 'comfortable')
  const showAll = () => {
    setSearch('')
    setKept({ ...kept, asked: nothingAsked })
  }
  if (rows.length === 0)
    return (
      <Empty title={words.empty}>
        <p>{words.emptyText}</p>
      </Empty>
    )
  return (
    <>
      <BoardTools
        counts={countRows(seen, today)}
        total={rows.length}
        asked={{ ...kept.asked, search }}
        density={density}
        onAsk={({ search: text, ...next }) => {
          setSearch(text)
          setKept({ ...kept, asked: { ...next, search: '' } })
        }}
        onDensity={(next) => setKept({ ...kept, density: next })}
      />
      <WardGroups
        code={code}
        seen={found}
        lateSteps={lateSteps}
        today={today.from}
        isCompact={density === 'compact'}
        isByGroup={asked.sorting === 'room'}
        showAll={showAll}
      />
    </>
  )
}
