import type { EhpadBoardRow, StayItem } from '@relais/contracts/boards'
import { isElsewhere } from '@relais/contracts/elsewhere'
import type { Standing } from '@relais/contracts/standing'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { useNow } from '../../live/now.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { destinationOf } from '../inbox/destination.ts'
import type { Resident } from './ehpad-data.ts'
import { ehpadWords } from './ehpad-words.ts'
import { leftAt } from './left-lately.ts'
import { NoticeAct } from './notice-act.tsx'
import { ReadinessList } from './readiness-list.tsx'
import { residentName, ResidentName } from './resident-name.tsx'
import { WardCall, WhereOf } from './ward-call.tsx'
import styles from './ehpad.module.css'

type Card = {
  row: EhpadBoardRow
  /** What the house was last told of the stay. */
  item: StayItem | undefined
  identity: Resident['identity'] | undefined
  finess: string
}

/** A resident who is away: where, since when, back when, whom to call, and what the house has to do. */
export const AwayCard = memo(function AwayCard({ row, item, identity, finess }: Card) {
  const words = useWords(ehpadWords)
  const { place } = useWords(domainWords)
  const { standing, since, patientId, stayId } = row
  return (
    <li className={`card ${styles.away}`} data-place={row.place}>
      <h3>
        <Badge tone={row.place === 'emergency' ? 'alert' : row.place === 'onLeave' ? 'calm' : 'warn'}>
          {capital(place[row.place])}
        </Badge>{' '}
        <ResidentName row={row} identity={identity} />
      </h3>
      <p>
        {standing && <WhereOf standing={standing} />}
        {since !== undefined && (
          <>
            {`, ${words.since} `}
            <Moment at={since} />
          </>
        )}
      </p>
      {standing && isForOthers(standing, finess) ? (
        <GoesOn standing={standing} />
      ) : (
        <ExpectedBack at={row.expectedBackAt} />
      )}
      <p className="row">
        {standing && <WardCall standing={standing} />}
        {patientId !== undefined && <PathwayLink patientId={patientId} name={nameIn(identity, row)} />}
      </p>
      {item && <NoticeAct item={item} name={nameIn(identity, row)} />}
      {patientId !== undefined && <ReadinessList {...{ patientId, stayId, finess, heading: words.readiness }} />}
    </li>
  )
})

/** Announced for another hospital, or another house. */
function isForOthers(standing: Standing, finess: string): boolean {
  const { destinationFacility = finess } = standing.plannedDischarge ?? {}
  return isElsewhere(standing) || destinationFacility !== finess
}

function GoesOn({ standing }: { standing: Standing }) {
  const words = useWords(ehpadWords)
  const domain = useWords(domainWords)
  const { finess, kind } = destinationOf(standing, domain)
  return (
    <p>
      <strong>{words.goesOn}</strong> {finess === undefined ? kind : <RecipientName id={`finess:${finess}`} />}{' '}
      {standing.expectedDischargeAt !== undefined && <Moment at={standing.expectedDischargeAt} />}
    </p>
  )
}

function ExpectedBack({ at }: { at: string | undefined }) {
  const words = useWords(ehpadWords)
  const now = useNow()
  if (at === undefined) return <p className="soft">{words.backUnknown}</p>
  return (
    <p>
      <strong>{Date.parse(at) < now ? words.backLate : words.back}</strong> <Moment at={at} />
    </p>
  )
}

/** A resident whom the hospital has discharged: on the way, or back. */
export const LeftCard = memo(function LeftCard({ row, item, identity, finess }: Card & { item: StayItem }) {
  const words = useWords(ehpadWords)
  const { standing } = item
  return (
    <li className={`card ${styles.away}`} data-place="left">
      <h3>
        <ResidentName row={row} identity={identity} />
      </h3>
      <p>
        {words.leftAt} <Moment at={leftAt(item)} />
        {' · '}
        <WhereOf standing={standing} />
      </p>
      <p className="row">
        <WardCall standing={standing} />
        <PathwayLink patientId={item.patientId} name={nameIn(identity, row)} />
      </p>
      <NoticeAct item={item} name={nameIn(identity, row)} />
      <ReadinessList patientId={item.patientId} stayId={item.stayId} finess={finess} heading={words.followUp} />
    </li>
  )
})

/** The same of somebody who left days ago, and whose return nobody has confirmed. */
export function LeftLine({ row, item, identity }: Pick<Card, 'row' | 'identity'> & { item: StayItem }) {
  const words = useWords(ehpadWords)
  return (
    <li>
      <ResidentName row={row} identity={identity} />
      <span className="soft">
        {words.leftAt} <Moment at={leftAt(item)} only="absolute" />
      </span>
      <NoticeAct item={item} name={nameIn(identity, row)} />
    </li>
  )
}

/** For who cannot see next to what a button is. */
export function nameIn(
  identity: Resident['identity'] | undefined,
  row: Pick<EhpadBoardRow, 'room'> | undefined,
): string {
  return identity ? residentName(identity) : (row?.room ?? '')
}

function PathwayLink({ patientId, name }: { patientId: string; name: string }) {
  const words = useWords(ehpadWords)
  return (
    <Link to="/patients/$patientId" params={{ patientId }} className={styles.pathway ?? ''}>
      {words.openPatient}
      <span className="aside">{` : ${name}`}</span>
    </Link>
  )
}
