import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import type { AnswerOf } from '../../api/call.ts'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useLatest } from '../../live/latest.ts'
import { platformTime, useNow } from '../../live/now.ts'
import { useWhileHere } from '../../live/while-here.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName } from '../../people/people.tsx'
import { circleQuery } from '../patient/patient-queries.ts'
import type { readStay } from '@relais/contracts/stay-routes'
import { DestinationFields } from './destination-fields.tsx'
import { type DischargeDraft, movementOf, newDischarge, problemsOf } from './discharge-draft.ts'
import { DischargeWhen } from './discharge-when.tsx'
import { StandingLine } from './standing-line.tsx'
import { dischargeWords } from './discharge-words.ts'
import { stayWords } from './stay-words.ts'
import { useStay } from './use-stay.ts'
import styles from './ward.module.css'
import { WhoWillBeTold } from './who-will-be-told-list.tsx'
import { whoWillBeTold } from './who-will-be-told.ts'

type Stay = AnswerOf<typeof readStay>

/** One screen to discharge: when, where to, and who will be told. */
export function DischargePage() {
  const { code, stayId } = useParams({ from: '/ward/$code/stays/$stayId/discharge' })
  const stay = useStay(code, stayId)
  return (
    <Answered query={stay} isPage>
      {(found) => <Discharge key={stayId} code={code} stay={found} />}
    </Answered>
  )
}

function Discharge({ code, stay }: { code: string; stay: Stay }) {
  const words = useWords(dischargeWords)
  const ofStays = useWords(stayWords)
  const now = useNow()
  const navigate = useNavigate()
  // Asked of the page: the form goes as soon as the discharge is heard of, which may be before it is answered.
  const whileHere = useWhileHere()
  const { standing, patientId, stayId } = stay
  const isThere = standing.status === 'present' || standing.status === 'onLeave'
  return (
    <div className="stack">
      <p className="unprinted">
        <Link to="/ward/$code" params={{ code }}>
          {ofStays.backToWard}
        </Link>
      </p>
      <header>
        <h1>
          {`${words.dischargeOf} `}
          <PatientName patientId={patientId} />
        </h1>
        <p className="soft">
          <StandingLine row={{ standing }} today={now} />
        </p>
      </header>
      {isThere ? (
        <DischargeForm
          code={code}
          stay={stay}
          onSaid={() => whileHere(() => void navigate({ to: '/ward/$code/stays/$stayId', params: { code, stayId } }))}
        />
      ) : (
        <Empty
          title={standing.died ? words.hasDied : standing.status === 'discharged' ? words.hasLeft : words.notThere}
        >
          <Link to="/ward/$code/stays/$stayId" params={{ code, stayId }}>
            {ofStays.movements}
          </Link>
        </Empty>
      )}
    </div>
  )
}

/** A discharge that is being said, under an id that nothing on record has: else what was said before would be said again. */
function useDischargeDraft({ stayId, movements, standing }: Stay) {
  const begin = () => newDischarge(() => crypto.randomUUID(), standing.plannedDischarge)
  const [first] = useState(begin)
  const [draft, setDraft, clear] = useDraft<DischargeDraft>(`discharge.${stayId}`, first)
  const isOnRecord = movements.some(({ movement }) => movement.source.number === draft.requestId)
  const latest = useLatest(begin)
  useEffect(() => {
    if (isOnRecord) setDraft(latest.current())
  }, [isOnRecord, setDraft, latest])
  return { draft, setDraft, clear }
}

function DischargeForm({ code, stay, onSaid }: { code: string; stay: Stay; onSaid: () => void }) {
  const words = useWords(dischargeWords)
  const ofStays = useWords(stayWords)
  const { stayId, patientId, standing } = stay
  const person = usePerson()
  const perform = usePerform()
  const { draft, setDraft, clear } = useDischargeDraft(stay)
  const [isAsked, setAsked] = useState(false)
  const circle = useQuery(circleQuery(patientId))
  const act = useActOn(`stay/${stayId}`)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const now = useNow()
  const problems = problemsOf(draft, now)
  const isPlanned = draft.when === 'planned'
  const isDeath = !isPlanned && draft.destination === 'death'
  const what = isPlanned ? 'planned' : isDeath ? 'death' : 'discharge'
  const members = circle.data ?? []
  const told = whoWillBeTold(standing, members, { teller: person, isDeath })
  const ehpad = draft.destination === 'ehpad' && draft.facility !== '' ? draft.facility : undefined
  const isEhpadKnown = members.some(({ memberId, leftAt }) => leftAt === undefined && memberId === `finess:${ehpad}`)
  const mayJoin = ehpad !== undefined && !isEhpadKnown && told.nobodyBecause === undefined

  function submit(): void {
    setAsked(true)
    if (problemsOf(draft, platformTime(Date.now())).length > 0) return
    // The EHPAD is in the circle before the discharge is said, so that it is told.
    if (mayJoin && draft.joinsCircle)
      perform({
        subject: `circle/${patientId}/${ehpad}`,
        method: 'POST',
        path: `/patients/${patientId}/circle`,
        body: { memberId: `finess:${ehpad}`, role: 'ehpad', ground: 'exchange' },
        what: words.joined,
        affects: [['circle', patientId]],
      })
    perform(
      {
        subject: `stay/${stayId}`,
        method: 'POST',
        path: `/stays/${stayId}/movements`,
        body: { requestId: draft.requestId, movement: movementOf(draft, platformTime(Date.now())) },
        what: words.done[what],
        affects: [
          ['board', 'ward'],
          ['stay', stayId],
          ['pathway', patientId],
        ],
        undo: {
          method: 'POST',
          path: `/stays/${stayId}/movements/{movementId}/withdraw`,
          body: { requestId: draft.undoId },
          what: words.taken[what],
        },
      },
      () => {
        clear()
        onSaid()
      },
    )
  }

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="stack">
        <DischargeWhen draft={draft} onChange={setDraft} problems={isAsked ? problems : []} />
        {isPlanned && <p>{words.plannedText}</p>}
        <DestinationFields draft={draft} onChange={setDraft} problems={isAsked ? problems : []} />
      </div>
      <WhoWillBeTold
        query={circle}
        told={told}
        joining={mayJoin && ehpad !== undefined ? { isOn: draft.joinsCircle, ehpad } : undefined}
        onJoin={(joinsCircle) => setDraft({ ...draft, joinsCircle })}
      />
      <div className={styles.confirm}>
        {isAsked && problems.length > 0 && (
          <div role="alert" className={styles.notice}>
            <p>{words.toDo}</p>
            <ul>
              {problems.map((problem) => (
                <li key={problem}>{words.problems[problem]}</li>
              ))}
            </ul>
          </div>
        )}
        <div className="row">
          <Button type="submit" kind={isDeath ? 'danger' : 'primary'} isPending={isWaiting}>
            {isWaiting
              ? ofStays.waiting
              : isPlanned
                ? words.confirmPlanned
                : isDeath
                  ? words.recordDeath
                  : words.confirm}
          </Button>
          <Link to="/ward/$code/stays/$stayId" params={{ code, stayId }}>
            {ofStays.keep}
          </Link>
        </div>
      </div>
    </form>
  )
}
