import { useMemo } from 'react'
import type { AnswerOf } from '../../api/call.ts'
import type { getPathway } from '@relais/contracts/http'
import { Choice, Field, Tick } from '../../design/field.tsx'
import { useNow } from '../../live/now.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { day, fullMoment } from '../../messages/times.ts'
import { facilityQuery, useRecipientName } from '../../people/people.tsx'
import { useQuery } from '@tanstack/react-query'
import { localInput } from '../../messages/local-time.ts'
import { endOfMinute } from './instant-field.ts'
import { actorsOf, type LineKind, momentsOf, type Shown, type SingleLine } from './pathway-lines.ts'
import { pathwayWords } from './pathway-words.ts'
import styles from './pathway.module.css'

type View = AnswerOf<typeof getPathway>
type Props = { view: View; lines: readonly SingleLine[]; shown: Shown; onChange: (shown: Shown) => void }

const kinds: readonly LineKind[] = ['stay', 'circle', 'referral', 'protocol', 'thread']

export function PathwayControls({ view, lines, shown, onChange }: Props) {
  const words = useWords(pathwayWords)
  return (
    <div className={`${styles.controls} unprinted`}>
      <details className={styles.control}>
        <summary>{words.filter}</summary>
        <Filters view={view} lines={lines} shown={shown} onChange={onChange} />
      </details>
      <details className={styles.control}>
        <summary>{words.knownAt}</summary>
        <Instant view={view} shown={shown} onChange={onChange} />
      </details>
    </div>
  )
}

function Filters({ view, lines, shown, onChange }: Props) {
  const words = useWords(pathwayWords)
  const { chosen } = shown
  const present = useMemo(() => new Set(lines.map(({ kind }) => kind)), [lines])
  const actors = useMemo(() => [...new Set(lines.flatMap(actorsOf))], [lines])
  const choose = (part: Partial<Shown['chosen']>) => onChange({ ...shown, chosen: { ...chosen, ...part } })
  return (
    <div className={styles.filters}>
      <Choice
        label={words.kind}
        value={chosen.kind ?? 'all'}
        options={[
          { value: 'all', label: words.all },
          ...kinds.filter((kind) => present.has(kind)).map((kind) => ({ value: kind, label: words.kinds[kind] })),
        ]}
        onChange={(kind) => choose({ kind: kind === 'all' ? undefined : kind })}
      />
      <label className={styles.select}>
        <span>{words.stay}</span>
        <select value={chosen.stayId ?? ''} onChange={(event) => choose({ stayId: event.target.value || undefined })}>
          <option value="">{words.all}</option>
          {view.stays.toReversed().map((stay) => (
            <StayOption key={stay.stayId} stay={stay} />
          ))}
        </select>
      </label>
      <label className={styles.select}>
        <span>{words.actor}</span>
        <select value={chosen.actor ?? ''} onChange={(event) => choose({ actor: event.target.value || undefined })}>
          <option value="">{words.all}</option>
          {actors.map((actor) => (
            <ActorOption key={actor} id={actor} />
          ))}
        </select>
      </label>
      <Tick isOn={shown.isCollapsed} onChange={(isCollapsed) => onChange({ ...shown, isCollapsed })}>
        {words.collapse}
      </Tick>
    </div>
  )
}

function StayOption({
  stay: { stayId, facility, arrivedAt, expectedAt, placeSince },
}: {
  stay: View['stays'][number]
}) {
  const words = useWords(pathwayWords)
  const { language } = useLanguage()
  const now = useNow()
  const { data } = useQuery(facilityQuery(facility))
  const since = arrivedAt ?? expectedAt ?? placeSince
  const place = data?.name ?? facility
  return (
    <option value={stayId}>{since === undefined ? place : words.whichStay(place, day(since, now, language))}</option>
  )
}

function ActorOption({ id }: { id: string }) {
  return <option value={id}>{useRecipientName(id)}</option>
}

function Instant({ view, shown, onChange }: Omit<Props, 'lines'>) {
  const words = useWords(pathwayWords)
  const { language } = useLanguage()
  const moments = useMemo(() => momentsOf(view), [view])
  const { instant } = shown
  const last = moments.length - 1
  const reached = instant === undefined ? last : moments.findLastIndex((moment) => moment <= instant)
  const choose = (next: string | undefined) => onChange({ ...shown, instant: next })
  const said = instant ?? moments[last]
  return (
    <div className={styles.filters}>
      <p className="soft">{words.knownAtHelp}</p>
      <label className={styles.cursor}>
        <span>{words.cursor}</span>
        <input
          type="range"
          min={-1}
          max={last}
          value={reached}
          aria-valuetext={instant === undefined ? words.now : said && fullMoment(said, language)}
          onChange={({ target: { valueAsNumber: next } }) =>
            choose(next === last ? undefined : (moments[next] ?? before(moments)))
          }
        />
      </label>
      <Field
        type="datetime-local"
        label={words.instant}
        value={said === undefined ? '' : localInput(Date.parse(said))}
        onChange={(text) => choose(endOfMinute(text))}
      />
    </div>
  )
}

/** The instant before anything was learned. */
function before([first]: readonly string[]): string | undefined {
  return first === undefined ? undefined : new Date(Date.parse(first) - 1).toISOString()
}
