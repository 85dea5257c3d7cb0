import type { readStay } from '@relais/contracts/stay-routes'
import { Link, useParams } from '@tanstack/react-router'
import type { AnswerOf } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Answered } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName } from '../../people/people.tsx'
import { Confidentiality } from './confidentiality.tsx'
import { Movements } from './movements.tsx'
import { ReceiptList } from './receipt-list.tsx'
import { SayMovement } from './say-movement.tsx'
import { SentReferrals } from './sent-referrals.tsx'
import { StandingLine } from './standing-line.tsx'
import { stayWords } from './stay-words.ts'
import { useBoard } from './use-board.ts'
import { useStay } from './use-stay.ts'
import { WardLabel } from './ward-label.tsx'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

type Stay = AnswerOf<typeof readStay>

/** One stay, for the ward: what it is now, who was told, what was said of it, and what may be said next. */
export function StayPage() {
  const { code, stayId } = useParams({ from: '/ward/$code/stays/$stayId' })
  const stay = useStay(code, stayId)
  return (
    <div className="stack">
      <p className="unprinted">
        <Link to="/ward/$code" params={{ code }}>
          ← <WardLabel code={code} />
        </Link>
      </p>
      <Answered query={stay} isPage>
        {(found) => <WholeStay key={stayId} code={code} stay={found} />}
      </Answered>
    </div>
  )
}

function WholeStay({ code, stay }: { code: string; stay: Stay }) {
  const words = useWords(stayWords)
  const { room } = useWords(wardWords)
  const person = usePerson()
  const now = useNow()
  const { patientId, standing, stayId } = stay
  return (
    <>
      <header>
        <h1>
          <PatientName patientId={patientId} />
        </h1>
        <p>
          <strong>{room(standing.room, standing.bed)}</strong> <StandingLine row={{ standing }} today={now} />
        </p>
        <p className="unprinted">
          <Link to="/patients/$patientId" params={{ patientId }}>
            {words.pathway}
          </Link>
        </p>
      </header>
      {hasScope(person, 'stay:write') && <SayMovement code={code} stay={stay} />}
      <div className={styles.columns}>
        <Told code={code} stayId={stayId} />
        <Movements stay={stay} />
        {hasScope(person, 'referral:read') && <SentReferrals stay={stay} />}
        <Confidentiality stay={stay} />
      </div>
    </>
  )
}

function Told({ code, stayId }: { code: string; stayId: string }) {
  const words = useWords(stayWords)
  const now = useNow()
  const board = useBoard(code)
  return (
    <section className="card stack" aria-labelledby="told">
      <h2 id="told">{words.told}</h2>
      <Answered query={board}>
        {(rows) => {
          const row = rows.find((one) => one.stayId === stayId)
          if (!row) return <p className="soft">{words.toldGone}</p>
          return <ReceiptList notices={row.notices} today={now} isWhole />
        }}
      </Answered>
    </section>
  )
}
