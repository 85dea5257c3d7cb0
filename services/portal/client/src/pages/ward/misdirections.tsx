import type { Misdirection } from '@relais/contracts/notice-routes'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName, RecipientName } from '../../people/people.tsx'
import { misdirectionsQuery } from './ward-queries.ts'
import { wardWords } from './ward-words.ts'
import styles from './ward.module.css'

type Outcome = NonNullable<Misdirection['closed']>['outcome']
const outcomes = ['recipientCorrected', 'recipientConfirmed', 'nobodyToTell'] as const satisfies readonly Outcome[]

/** What came back with "not my patient": somebody has to say what is the case. */
export function Misdirections({ code }: { code: string }) {
  const words = useWords(wardWords)
  const open = useQuery(misdirectionsQuery('open'))
  const count = open.data?.misdirections.length ?? 0
  return (
    <section className="stack" aria-labelledby="misdirections">
      <h2 id="misdirections">{`${words.misdirections}${count > 0 ? ` (${count})` : ''}`}</h2>
      <Answered query={open}>
        {({ misdirections }) =>
          misdirections.length === 0 ? (
            <p className="soft">{words.noMisdirection}</p>
          ) : (
            <>
              <p>{words.misdirectionsText}</p>
              <ul className={styles.plain}>
                {misdirections.map((one) => (
                  <OpenMisdirection key={one.noticeId} code={code} misdirection={one} />
                ))}
              </ul>
            </>
          )
        }
      </Answered>
      <ClosedMisdirections code={code} />
    </section>
  )
}

function What({ code, misdirection }: { code: string; misdirection: Misdirection }) {
  const words = useWords(wardWords)
  const { circleRole } = useWords(domainWords)
  const { patientId, stayId, recipient, role, returnedAt } = misdirection
  return (
    <>
      <h3 className={styles.who}>
        <Link to="/ward/$code/stays/$stayId" params={{ code, stayId }} preload={false}>
          <PatientName patientId={patientId} />
        </Link>
      </h3>
      <p>
        {`${words.returnedBy} `}
        <strong>
          <RecipientName id={recipient} />
        </strong>
        {` (${circleRole[role]}) `}
        <Moment at={returnedAt} />
      </p>
    </>
  )
}

function OpenMisdirection({ code, misdirection }: { code: string; misdirection: Misdirection }) {
  const words = useWords(wardWords)
  const domain = useWords(domainWords)
  const { noticeId } = misdirection
  const [outcome, setOutcome] = useState<Outcome | ''>('')
  const perform = usePerform()
  const subject = `misdirection/${noticeId}`
  const act = useActOn(subject)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const close = () => {
    if (outcome === '') return
    perform({
      subject,
      method: 'POST',
      path: `/misdirections/${noticeId}/close`,
      body: { outcome },
      what: `${words.misdirectionClosed} : ${domain.misdirection[outcome]}`,
      affects: [['misdirections'], ['board', 'ward']],
    })
  }
  return (
    <li className="card stack">
      <What code={code} misdirection={misdirection} />
      <div className={`${styles.tools} unprinted`}>
        <Choice
          label={words.closeAs}
          value={outcome}
          options={outcomes.map((value) => ({ value, label: domain.misdirection[value] }))}
          onChange={setOutcome}
        />
      </div>
      <div className="row unprinted">
        <Button onPress={close} isDisabled={outcome === ''} isPending={isWaiting}>
          {isWaiting ? words.waiting : words.closeMisdirection}
        </Button>
        <Link to="/patients/$patientId" params={{ patientId: misdirection.patientId }} search={{ tab: 'circle' }}>
          {words.correctCircle}
        </Link>
      </div>
    </li>
  )
}

function ClosedMisdirections({ code }: { code: string }) {
  const words = useWords(wardWords)
  const domain = useWords(domainWords)
  const [isOpen, setOpen] = useState(false)
  const closed = useQuery({ ...misdirectionsQuery('closed'), enabled: isOpen })
  return (
    <details className={`${styles.panel ?? ''} unprinted`} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.closedOnes}</summary>
      {isOpen && (
        <Answered query={closed}>
          {({ misdirections }) => (
            <ul className={styles.plain}>
              {misdirections.map((one) => (
                <li key={one.noticeId} className="card">
                  <What code={code} misdirection={one} />
                  {one.closed && (
                    <p>
                      {`${domain.misdirection[one.closed.outcome]}, ${words.closedBy} `}
                      <RecipientName id={one.closed.by} /> <Moment at={one.closed.at} only="absolute" />
                    </p>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Answered>
      )}
    </details>
  )
}
