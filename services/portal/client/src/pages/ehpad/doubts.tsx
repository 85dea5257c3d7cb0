import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Moment } from '../../design/moment.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { birthDate } from '../../messages/times.ts'
import { identityQuery, PatientName, RecipientName } from '../../people/people.tsx'
import { boardKey, type Doubt, doubtsKey, doubtsQuery, registerKey, type Resident } from './ehpad-data.ts'
import { RefusedAct } from './refused-act.tsx'
import { registerWords } from './register-words.ts'
import { residentName } from './resident-name.tsx'
import styles from './register.module.css'

/** Residents of whom nobody knows whether they are that patient: a person looks. */
export function Doubts({ finess, residents }: { finess: string; residents: readonly Resident[] }) {
  const words = useWords(registerWords)
  const { data: doubts } = useQuery(doubtsQuery(finess))
  if (doubts === undefined || doubts.length === 0) return null
  return (
    <section className={styles.section} aria-labelledby="doubts">
      <h2 id="doubts" tabIndex={-1}>
        {words.doubts} <span className="soft">({doubts.length})</span>
      </h2>
      <p className="soft">{words.doubtsHelp}</p>
      <ul className={styles.doubts}>
        {doubts.map((doubt) => (
          <DoubtCard
            key={`${doubt.residentId} ${doubt.patientId ?? doubt.otherEhpad ?? ''} ${doubt.reason}`}
            doubt={doubt}
            finess={finess}
            resident={residents.find(({ residentId }) => residentId === doubt.residentId)}
          />
        ))}
      </ul>
    </section>
  )
}

type Card = { doubt: Doubt; finess: string; resident: Resident | undefined }

function DoubtCard({ doubt, finess, resident }: Card) {
  const words = useWords(registerWords)
  const { language } = useLanguage()
  const domain = useWords(domainWords)
  const { patientId, reason, otherEhpad, differing, doubtedAt } = doubt
  const name = resident ? residentName(resident.identity) : words.unknownResident
  return (
    <li className="card stack">
      <h3>{name}</h3>
      <p>
        <Badge tone="warn">{capital(domain.residentDoubt[reason])}</Badge>{' '}
        <span className="soft">
          {words.doubtSince} <Moment at={doubtedAt} />
        </span>
      </p>
      <dl className={styles.compared}>
        {resident && (
          <div>
            <dt>{words.inRegister}</dt>
            <dd>
              {[resident.identity.birthName, resident.identity.givenNames].join(' ')} ·{' '}
              {birthDate(resident.identity.birthDate, language)} · {words.sexes[resident.identity.sex]}
            </dd>
          </div>
        )}
        {patientId !== undefined && (
          <div>
            <dt>{words.atHospital}</dt>
            <dd>
              <HospitalIdentity patientId={patientId} />
            </dd>
          </div>
        )}
        {otherEhpad !== undefined && (
          <div>
            <dt>{words.otherHouse}</dt>
            <dd>
              <RecipientName id={`finess:${otherEhpad}`} />
            </dd>
          </div>
        )}
      </dl>
      {differing.length > 0 && <p>{words.differing(differing.map((trait) => domain.trait[trait]).join(', '))}</p>}
      {patientId === undefined ? (
        <p className="soft">{words.twiceHelp}</p>
      ) : (
        <Verdict residentId={doubt.residentId} patientId={patientId} finess={finess} name={name} />
      )}
    </li>
  )
}

function HospitalIdentity({ patientId }: { patientId: string }) {
  const words = useWords(registerWords)
  const { data: identity, isPending } = useQuery(identityQuery(patientId))
  if (isPending || identity) return <PatientName patientId={patientId} />
  return <span className="soft">{words.hospitalHidden}</span>
}

type Judged = { residentId: string; patientId: string; finess: string; name: string }

/** What is said here stands against any later message: it is asked twice. */
function Verdict({ residentId, patientId, finess, name }: Judged) {
  const words = useWords(registerWords)
  const perform = usePerform()
  const subject = `resident/${residentId}/match/${patientId}`
  const act = useActOn(subject)
  const [asked, setAsked] = useState<'match' | 'unmatch'>()
  const say = (verdict: 'match' | 'unmatch') => {
    setAsked(undefined)
    perform({
      subject,
      method: 'POST',
      path: `/residents/${residentId}/${verdict}`,
      body: { patientId },
      what: verdict === 'match' ? words.matchedDone(name) : words.unmatchedDone(name),
      affects: [doubtsKey(finess), registerKey(finess), boardKey(finess)],
    })
  }
  const isUnderWay = act !== undefined && act.state !== 'refused'
  return (
    <>
      <RefusedAct act={act} />
      <div className="row unprinted">
        <Button label={`${words.same} : ${name}`} isPending={isUnderWay} onPress={() => setAsked('match')}>
          {words.same}
        </Button>
        <Button label={`${words.different} : ${name}`} isPending={isUnderWay} onPress={() => setAsked('unmatch')}>
          {words.different}
        </Button>
      </div>
      {asked && (
        <Dialog
          title={`${asked === 'match' ? words.same : words.different} : ${name}`}
          isOpen
          onClose={() => setAsked(undefined)}
        >
          <p>{asked === 'match' ? words.sameSure : words.differentSure}</p>
          <div className="row">
            <Button kind="primary" onPress={() => say(asked)}>
              {words.confirm}
            </Button>
            <Button onPress={() => setAsked(undefined)}>{words.cancel}</Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
