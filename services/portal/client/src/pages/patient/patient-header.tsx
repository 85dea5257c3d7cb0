import type { PathwayStay } from '@relais/contracts/pathway'
import type { ReportedIdentity } from '@relais/contracts/patients'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef } from 'react'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy-button.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Moment } from '../../design/moment.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { birthDate } from '../../messages/times.ts'
import { facilityQuery, identityQuery, nameOf, RecipientName, WardName } from '../../people/people.tsx'
import { peopleWords } from '../../people/people-words.ts'
import { PhoneLink, useWardPhone } from '../../people/phone.tsx'
import { pathwayQuery } from './patient-queries.ts'
import { patientWords } from './patient-words.ts'
import styles from './patient.module.css'
import { tellingStay } from './whereabouts.ts'

/** Who it is, who is the médecin traitant, and where he or she is now: the same on each part of the page. */
export function PatientHeader({ patientId }: { patientId: string }) {
  const words = useWords(patientWords)
  const said = useRef<HTMLDivElement>(null)
  const { data: identity } = useQuery(identityQuery(patientId))
  return (
    <header className={styles.header}>
      <div ref={said} className={styles.said}>
        <div className={styles.who}>
          <h1>{identity ? nameOf(identity) : words.unnamed}</h1>
          {identity && <Identity identity={identity} />}
          <Physician patientId={patientId} />
        </div>
        <Whereabouts patientId={patientId} />
      </div>
      <div className={styles.beside}>
        {identity && <WholeIdentity identity={identity} />}
        <div className="row unprinted">
          <CopyButton text={() => said.current?.innerText ?? ''}>{words.copy}</CopyButton>
          <Button kind="quiet" onPress={() => print()}>
            {words.print}
          </Button>
        </div>
      </div>
    </header>
  )
}

function Identity({ identity: { sex, birthDate: born, ins, status } }: { identity: ReportedIdentity }) {
  const words = useWords(patientWords)
  const { identityStatus } = useWords(domainWords)
  const { born: bornWords } = useWords(peopleWords)
  const { language } = useLanguage()
  return (
    <p className={styles.line}>
      {sex && <span>{words.sex[sex]}</span>}
      {born !== undefined && <span>{bornWords(sex, birthDate(born, language))}</span>}
      {ins && status === 'qualified' ? (
        <Badge tone="done">{words.insQualified}</Badge>
      ) : (
        <Badge tone="warn">{ins ? identityStatus[status] : `${identityStatus[status]}, ${words.insAbsent}`}</Badge>
      )}
    </p>
  )
}

function Physician({ patientId }: { patientId: string }) {
  const words = useWords(patientWords)
  const { data } = useQuery(pathwayQuery(patientId))
  const physician = data?.primaryPhysician
  if (!data) return null
  return (
    <p className={styles.line}>
      <span className="soft">{`${words.physician} :`}</span>
      {physician ? (
        <>
          <RecipientName id={physician.memberId} />
          <span className="soft">{`(${words[physician.source]})`}</span>
        </>
      ) : (
        <span>{words.noPhysician}</span>
      )}
    </p>
  )
}

function Whereabouts({ patientId }: { patientId: string }) {
  const words = useWords(patientWords)
  const { data } = useQuery(pathwayQuery(patientId))
  const stay = data && tellingStay(data.stays)
  if (!data) return null
  return (
    <section className={styles.where} aria-labelledby="where-now">
      <h2 id="where-now" className="aside">
        {words.whereNow}
      </h2>
      {stay ? <WhereNow stay={stay} /> : <p className="soft">{words.nowhere}</p>}
    </section>
  )
}

function WhereNow({ stay }: { stay: PathwayStay }) {
  const words = useWords(patientWords)
  const { standing, patientClass, exitMode, destination } = useWords(domainWords)
  const { status, died, facility, wards, room, bed, plannedDischarge = {}, plannedTransfer } = stay
  const { discharge = plannedDischarge } = stay
  const exits: Readonly<Record<string, string>> = exitMode
  const destinations: Readonly<Record<string, string>> = destination
  const since = status === 'onLeave' ? stay.awaySince : status === 'present' ? stay.placeSince : undefined
  const { exitMode: mode = '', destinationKind = '', destinationFacility: finess } = discharge
  const kinds = [exits[mode], destinations[destinationKind]].filter(Boolean).join(', ')
  const towards = finess === undefined ? kinds : <Towards finess={finess} kinds={kinds} />
  return (
    <>
      <p className={styles.line}>
        <Badge tone={status === 'present' ? 'calm' : status === 'discharged' ? 'done' : 'warn'}>
          {capital(died ? standing.died : standing[status])}
        </Badge>
        {stay.patientClass && status !== 'discharged' && <span>{patientClass[stay.patientClass]}</span>}
        {since !== undefined && (
          <span>
            {`${words.since} `}
            <Moment at={since} />
          </span>
        )}
      </p>
      {wards.map((ward) => (
        <WardLine key={`${ward.facility} ${ward.code}`} ward={ward} />
      ))}
      {wards.length === 0 && <RecipientName id={`finess:${facility}`} />}
      <p className={styles.line}>
        {status !== 'discharged' && (room !== undefined || bed !== undefined) && (
          <span>{room === undefined ? words.bed(bed ?? '') : words.room(room, bed)}</span>
        )}
        {stay.attendingPhysician && <RecipientName id={stay.attendingPhysician} />}
      </p>
      <When label={words.expectedIn} at={status === 'expected' ? stay.expectedAt : undefined} />
      <When
        label={words.expectedOut}
        at={status === 'discharged' ? undefined : stay.expectedDischargeAt}
        more={towards}
      />
      <When label={words.plannedTransfer} at={status === 'discharged' ? undefined : plannedTransfer?.at} />
      <When label={words.left} at={stay.dischargedAt} more={towards} />
    </>
  )
}

function Towards({ finess, kinds }: { finess: string; kinds: string }) {
  return (
    <>
      <RecipientName id={`finess:${finess}`} />
      {kinds && ` (${kinds})`}
    </>
  )
}

function When({ label, at, more }: { label: string; at: string | undefined; more?: ReactNode }) {
  if (at === undefined) return null
  return (
    <p className={styles.line}>
      <strong>{label}</strong>
      <Moment at={at} />
      {more && <span>{more}</span>}
    </p>
  )
}

function WardLine({ ward: { facility, code, label } }: { ward: PathwayStay['wards'][number] }) {
  const phone = useWardPhone({ facility, wards: [{ facility, code }] })
  return (
    <p className={styles.line}>
      <WardName facility={facility} code={code} label={label} />
      {phone !== undefined && <PhoneLink phone={phone} />}
    </p>
  )
}

/** Another authority is none of the directory. */
const FINESS = /^[0-9][0-9AB][0-9]{7}$/

function WholeIdentity({ identity }: { identity: ReportedIdentity }) {
  const words = useWords(patientWords)
  const { birthName, usedName, givenNames, givenName, birthplaceCog, ins, ipp } = identity
  const { data: facility } = useQuery({ ...facilityQuery(ipp.authority), enabled: FINESS.test(ipp.authority) })
  const facts: readonly (readonly [string, string | undefined])[] = [
    [words.birthName, birthName],
    [words.usedName, usedName],
    [words.givenNames, givenNames ?? givenName],
    [words.birthplace, birthplaceCog],
    [words.ins, ins?.matricule],
    [words.ipp(facility?.name ?? ipp.authority), ipp.number],
  ]
  return (
    <details className={styles.identity}>
      <summary>{words.identity}</summary>
      <Facts>
        {facts.map(([label, value]) =>
          value === undefined ? null : (
            <Fact key={label} label={label}>
              {value}
            </Fact>
          ),
        )}
      </Facts>
    </details>
  )
}
