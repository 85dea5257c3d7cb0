import type { WardBoardRow } from '@relais/contracts/boards'
import { Link } from '@tanstack/react-router'
import { memo, type ReactNode, useId, useState } from 'react'
import { useActOn } from '../../acts/acts.tsx'
import { Badge } from '../../design/badge.tsx'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { moment } from '../../messages/times.ts'
import { PatientName } from '../../people/people.tsx'
import { lateKinds } from './lateness.ts'
import { ReceiptList } from './receipt-list.tsx'
import { countStages, type ReceiptStage } from './receipts.ts'
import { StandingLine } from './standing-line.tsx'
import type { LateStepOfStay } from './ward-queries.ts'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

export type RowProps = {
  code: string
  row: WardBoardRow
  /** Of `lateKinds`, parted by spaces: a text, so that a row that is as it was is not drawn again. */
  late: string
  steps: readonly LateStepOfStay[] | undefined
  /** Any moment of the present day. */
  today: number
  isCompact: boolean
}

/** The element that says who it is about, to who cannot see what a link stands beside. */
type OfWhom = { whoId: string }

const stages = ['acted', 'read', 'delivered', 'sent', 'returned'] as const satisfies readonly ReceiptStage[]

/** One stay of the board. Drawn again only when something of it changed. */
export const WardRow = memo(function WardRow(props: RowProps) {
  const { row, isCompact } = props
  const [isOpen, setOpen] = useState(false)
  const whoId = useId()
  if (!isCompact)
    return (
      <li className={styles.row} data-group={row.group}>
        <Head {...props} whoId={whoId} />
        <Body {...props} whoId={whoId} />
      </li>
    )
  return (
    <li className={styles.row} data-group={row.group} data-compact>
      <Head {...props} whoId={whoId} />
      <Details isOpen={isOpen} onToggle={setOpen} row={row}>
        {isOpen && <Body {...props} whoId={whoId} />}
      </Details>
    </li>
  )
})

function Head({ code, row, today, late, whoId }: RowProps & OfWhom) {
  const words = useWords(wardWords)
  const { stayId, patientId, standing } = row
  const act = useActOn(`stay/${stayId}`)
  return (
    <>
      <p className={styles.place}>{words.room(standing.room, standing.bed)}</p>
      <h3 id={whoId} className={styles.who}>
        <Link to="/ward/$code/stays/$stayId" params={{ code, stayId }} preload={false}>
          <PatientName patientId={patientId} />
        </Link>
      </h3>
      <div className={styles.standing}>
        <StandingLine row={row} today={today} />
        {act && act.state !== 'refused' && <Badge tone="warn">{words.rowWaiting}</Badge>}
        {lateKinds
          .filter((kind) => late.split(' ').includes(kind))
          .map((kind) => (
            <Badge key={kind} tone="alert">
              {words.late[kind]}
            </Badge>
          ))}
      </div>
    </>
  )
}

function Details({
  isOpen,
  onToggle,
  row: { notices, standing },
  children,
}: {
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
  row: WardBoardRow
  children: ReactNode
}) {
  const words = useWords(wardWords)
  const counts = countStages(notices)
  const summary = stages.flatMap((stage) => {
    const count = counts.get(stage)
    return count === undefined ? [] : [words.stageCounts[stage](count)]
  })
  return (
    <details className={styles.details} open={isOpen} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>
        {standing.confidential
          ? words.confidentialShort
          : summary.length === 0
            ? words.details
            : `${words.told(notices.length)} : ${summary.join(', ')}`}
      </summary>
      {children}
    </details>
  )
}

function Body({ code, row: { stayId, group, notices, standing }, steps = [], today, whoId }: RowProps & OfWhom) {
  const words = useWords(wardWords)
  const { language } = useLanguage()
  const isThere = group === 'present' || group === 'onLeave'
  return (
    <div className={styles.body}>
      {steps.map(({ runId, stepId, title, dueAt }) => (
        <p key={`${runId} ${stepId}`} className={styles.lateStep}>
          {`${words.lateStep} : ${title}, ${words.dueAt} ${moment(dueAt, today, language)}`}
        </p>
      ))}
      {standing.confidential ? <p className="soft">{words.confidential}</p> : <ReceiptList {...{ notices, today }} />}
      <p className={`${styles.actions} unprinted`}>
        {isThere && (
          <Link
            to="/ward/$code/stays/$stayId/discharge"
            params={{ code, stayId }}
            className={styles.action ?? ''}
            preload={false}
            aria-describedby={whoId}
          >
            {words.discharge}
          </Link>
        )}
        <Link
          to="/ward/$code/stays/$stayId"
          params={{ code, stayId }}
          className={styles.action ?? ''}
          preload={false}
          aria-describedby={whoId}
        >
          {words.openStay}
        </Link>
      </p>
    </div>
  )
}
