import type { readStay } from '@relais/contracts/stay-routes'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import type { AnswerOf } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Tick } from '../../design/field.tsx'
import { Moment } from '../../design/moment.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { WardName } from '../../people/people.tsx'
import { draftOf } from './movement-draft.ts'
import { MovementDialog } from './movement-dialog.tsx'
import { Destination } from './standing-line.tsx'
import { stayWords } from './stay-words.ts'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

type Stay = AnswerOf<typeof readStay>
type Known = Stay['movements'][number]

/** What was said of a stay, the last first; each may be said again, or withdrawn. */
export function Movements({ stay }: { stay: Stay }) {
  const words = useWords(stayWords)
  return (
    <section className="card stack" aria-labelledby="movements">
      <h2 id="movements">{words.movements}</h2>
      <p className="soft">{words.movementsText}</p>
      <ol className={styles.plain} reversed>
        {stay.movements.toReversed().map((known) => (
          <KnownMovement key={known.movement.movementId} stay={stay} known={known} />
        ))}
      </ol>
    </section>
  )
}

function KnownMovement({ stay, known }: { stay: Stay; known: Known }) {
  const words = useWords(stayWords)
  const ward = useWords(wardWords)
  const { entry } = useWords(domainWords)
  const person = usePerson()
  const [asked, setAsked] = useState<'correct' | 'withdraw'>()
  const { kind, movement, withdrawnAt } = known
  const { effectiveAt, medicalWard, careWard, room, bed, plannedAt, plannedWard, expectedDischargeAt } = movement
  const at = medicalWard ?? careWard ?? plannedWard
  const act = useActOn(`stay/${stay.stayId}`)
  const isWaiting = act !== undefined && act.state !== 'refused'
  return (
    <li className={styles.movement}>
      <h3>
        {withdrawnAt === undefined ? capital(entry[kind]) : <s>{capital(entry[kind])}</s>}{' '}
        {withdrawnAt !== undefined && (
          <Badge tone="warn">
            {words.withdrawn} <Moment at={withdrawnAt} only="absolute" />
          </Badge>
        )}
      </h3>
      <p>
        <Moment at={effectiveAt} />
        {at && (
          <>
            {' · '}
            <WardName {...at} />
          </>
        )}
        {(room ?? bed) !== undefined && ` · ${ward.room(room, bed)}`}{' '}
        <Destination standing={{ died: false, discharge: movement.discharge }} />
      </p>
      {(plannedAt ?? expectedDischargeAt) !== undefined && (
        <p className="soft">
          {`${plannedAt === undefined ? ward.leavingAt : words.fields.plannedAt} `}
          <Moment at={plannedAt ?? expectedDischargeAt ?? ''} only="absolute" />
        </p>
      )}
      {withdrawnAt === undefined && hasScope(person, 'stay:write') && (
        <p className={`${styles.actions} unprinted`}>
          <Button onPress={() => setAsked('correct')} isDisabled={isWaiting}>
            {words.correct}
          </Button>
          <Button onPress={() => setAsked('withdraw')} isDisabled={isWaiting}>
            {words.withdraw}
          </Button>
        </p>
      )}
      {asked === 'correct' && (
        <MovementDialog
          title={`${words.correct} : ${entry[kind]}`}
          name={`correct.${movement.movementId}`}
          initial={() => draftOf(kind, movement, () => crypto.randomUUID())}
          stay={stay}
          path={`/stays/${stay.stayId}/movements/${movement.movementId}/correct`}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked === 'withdraw' && <WithdrawDialog stay={stay} known={known} onClose={() => setAsked(undefined)} />}
    </li>
  )
}

function WithdrawDialog({ stay, known, onClose }: { stay: Stay; known: Known; onClose: () => void }) {
  const words = useWords(stayWords)
  const { entry } = useWords(domainWords)
  const perform = usePerform()
  const [requestId] = useState(() => crypto.randomUUID())
  const [returnsToPreadmission, setReturns] = useState(false)
  const { stayId, patientId } = stay
  const { kind, movement } = known
  const isArrival = kind === 'admission' || kind === 'registration'
  const withdraw = () => {
    perform({
      subject: `stay/${stayId}`,
      method: 'POST',
      path: `/stays/${stayId}/movements/${movement.movementId}/withdraw`,
      body: { requestId, returnsToPreadmission: isArrival && returnsToPreadmission },
      what: `${words.movementWithdrawn} : ${entry[kind]}`,
      affects: [
        ['board', 'ward'],
        ['stay', stayId],
        ['pathway', patientId],
      ],
    })
    onClose()
  }
  return (
    <Dialog title={words.withdrawTitle} isOpen onClose={onClose}>
      <p>
        <strong>{capital(entry[kind])}</strong>, <Moment at={movement.effectiveAt} only="absolute" />
      </p>
      <p>{words.withdrawText}</p>
      {isArrival && (
        <Tick isOn={returnsToPreadmission} onChange={setReturns}>
          {words.returnsToPreadmission}
        </Tick>
      )}
      <div className="row">
        <Button kind="danger" onPress={withdraw}>
          {words.withdraw}
        </Button>
        <Button onPress={onClose}>{words.keep}</Button>
      </div>
    </Dialog>
  )
}
