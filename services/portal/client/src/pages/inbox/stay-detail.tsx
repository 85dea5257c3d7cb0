import type { StayItem } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Badge } from '../../design/badge.tsx'
import { CopyButton } from '../../design/copy-button.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Moment } from '../../design/moment.tsx'
import { capital, domainWords, wordOf } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery, PatientName, RecipientName, WardName } from '../../people/people.tsx'
import { PhoneLink, useWardPhone } from '../../people/phone.tsx'
import { circumstancesOf, destinationOf } from './destination.ts'
import { natureWord, saidAt } from './nature-word.ts'
import { ExpectedLine } from './inbox-row.tsx'
import { inboxWords } from './inbox-words.ts'
import { useStayText } from './use-stay-text.ts'
import { WhoKnows } from './who-knows.tsx'
import styles from './inbox.module.css'

/** Of a stay, in ten seconds: from where, when, to where, what is expected by when, who else knows, whom to call. */
export function StayDetail({ item, acts }: { item: StayItem; acts: ReactNode }) {
  const words = useWords(inboxWords)
  const domain = useWords(domainWords)
  const text = useStayText(item)
  const { patientId, nature, standing } = item
  const { finess, kind } = destinationOf(standing, domain)
  const circumstances = circumstancesOf(standing, domain.circumstances)
  const phone = useWardPhone(standing)
  const [ward] = standing.wards
  const changed = item.changed.filter((fact) => fact !== 'placeSince' && fact !== 'status')
  return (
    <>
      <header className={styles.detailHead}>
        <h2>
          <PatientName patientId={patientId} />
        </h2>
        <p className={styles.nature}>
          <Badge tone={standing.died ? 'alert' : 'calm'}>{capital(natureWord(item, domain))}</Badge>{' '}
          <Moment at={saidAt(item)} />
        </p>
      </header>
      <Facts>
        <Fact label={standing.status === 'discharged' || standing.status === 'withdrawn' ? words.from : words.where}>
          {ward ? <WardName {...ward} /> : <FacilityName finess={standing.facility} />}
          {standing.room !== undefined && standing.status !== 'discharged' && (
            <span className="soft">{` · ${words.room} ${standing.room}`}</span>
          )}
        </Fact>
        {(finess ?? kind) !== undefined && (
          <Fact label={words.to}>{finess === undefined ? kind : <FacilityName finess={finess} />}</Fact>
        )}
        {circumstances !== undefined && <Fact label={words.circumstances}>{circumstances}</Fact>}
        <PlannedFact item={item} />
        <Fact label={words.expected}>
          {item.status === 'done' ? <DoneLine item={item} /> : <ExpectedLine item={item} />}
        </Fact>
        <Fact label={words.phone}>
          {phone === undefined ? <span className="soft">{words.phoneUnknown}</span> : <PhoneLink phone={phone} />}
        </Fact>
        {standing.attendingPhysician !== undefined && (
          <Fact label={words.attending}>
            <RecipientName id={standing.attendingPhysician} />
          </Fact>
        )}
        {changed.length > 0 && nature === 'corrected' && (
          <Fact label={words.changed}>{changed.map((fact) => wordOf(domain.fact, fact)).join(', ')}</Fact>
        )}
      </Facts>
      {acts}
      <WhoKnows item={item} />
      <div className="row unprinted">
        <Link to="/patients/$patientId" params={{ patientId }}>
          {words.pathway}
        </Link>
        {text && <CopyButton text={text}>{words.copy}</CopyButton>}
      </div>
    </>
  )
}

function PlannedFact({ item: { standing } }: { item: StayItem }) {
  const words = useWords(inboxWords)
  const domain = useWords(domainWords)
  const { status, expectedDischargeAt, expectedAt, plannedTransfer } = standing
  const [ward] = plannedTransfer?.wards ?? []
  if (status === 'discharged' || status === 'withdrawn') return null
  return (
    <>
      {expectedAt !== undefined && status === 'expected' && (
        <Fact label={words.plannedFor}>
          <Moment at={expectedAt} />
        </Fact>
      )}
      {plannedTransfer && (
        <Fact label={capital(domain.fact.plannedTransfer)}>
          <Moment at={plannedTransfer.at} /> {ward && <WardName {...ward} />}
        </Fact>
      )}
      {expectedDischargeAt !== undefined && (
        <Fact label={capital(domain.fact.expectedDischargeAt)}>
          <Moment at={expectedDischargeAt} />
        </Fact>
      )}
    </>
  )
}

function DoneLine({ item: { receipts } }: { item: StayItem }) {
  const words = useWords(inboxWords)
  const domain = useWords(domainWords)
  const { acted } = receipts
  if (!acted) return <span>{words.nothingExpected}</span>
  return (
    <>
      <Badge tone="done">{domain.acted[acted.action]}</Badge> <RecipientName id={acted.by} /> <Moment at={acted.at} />
    </>
  )
}

function FacilityName({ finess }: { finess: string }) {
  const { data } = useQuery(facilityQuery(finess))
  return <span>{data?.name ?? finess}</span>
}
