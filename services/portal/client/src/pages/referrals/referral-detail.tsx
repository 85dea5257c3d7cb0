import { useQuery, useQueryClient } from '@tanstack/react-query'
import { givesCare, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { useChannel } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { AskedPatient, PatientLink } from '../inbox/item-patient.tsx'
import { Attachments } from './attachments.tsx'
import { ReferralActs, type ReferralActsProps } from './referral-acts.tsx'
import type { ReferralAct } from './referral-offers.ts'
import { type Referral, referralQuery } from './referral-queries.ts'
import { ReceiverPart } from './receiver-part.tsx'
import { ReferralText } from './referral-text.tsx'
import { referralWords } from './referral-words.ts'
import styles from './referrals.module.css'

/** A referral as one of its parties sees it, and all that this one may do about it. */
export function ReferralDetail({
  referralId,
  wanted,
  onWanted,
  shortcuts = {},
}: {
  referralId: string
  /** An act that was asked for by a key, before this was shown. */
  wanted?: ReferralAct | undefined
  onWanted?: () => void
  shortcuts?: Partial<Record<ReferralAct, string>>
}) {
  const query = useQuery(referralQuery(referralId))
  const queries = useQueryClient()
  const heard = useRefreshing(() => {
    void query.refetch()
    // Whoever accepts may know who the patient is, a moment later.
    void queries.invalidateQueries({ queryKey: ['identity', query.data?.patientId] })
  })
  useChannel(`referral/${referralId}`, { onEntry: heard })
  return (
    <Answered query={query}>
      {(referral) => <Shown referral={referral} wanted={wanted} onWanted={onWanted} shortcuts={shortcuts} />}
    </Answered>
  )
}

function Shown({ referral, ...wanting }: ReferralActsProps) {
  const words = useWords(referralWords)
  const domain = useWords(domainWords)
  const { kind, title, urgency, from, patientId, status, requestedAt, answerBy, promise, mode } = referral
  const isSeveral = referral.receivers.length > 1
  const isWithheld = referral.identityWithheld && patientId === undefined
  return (
    <article className="stack">
      <header className={styles.head}>
        <h2>
          <AskedPatient patientId={patientId} isWithheld={isWithheld} />
        </h2>
        <p className="row">
          <Badge tone="calm">{capital(domain.referral[kind])}</Badge>
          <strong>{title}</strong>
          {urgency !== 'routine' && (
            <Badge tone={urgency === 'urgent' ? 'alert' : 'warn'}>{domain.urgency[urgency]}</Badge>
          )}
        </p>
        {status !== 'open' && <p>{words.ended[status]}</p>}
      </header>
      <Facts>
        <Fact label={words.from}>
          <RequesterName from={from} />
        </Fact>
        <Fact label={words.requestedAt}>
          <Moment at={requestedAt} />
        </Fact>
        <Fact label={words.answerBy}>
          <Moment at={answerBy} />
        </Fact>
        {promise && (
          <Fact label={words.promise}>
            {domain.because[promise.promise]} · <Moment at={promise.dueAt} />{' '}
            {promise.isKept !== undefined && (
              <Badge tone={promise.isKept ? 'done' : 'alert'}>
                {promise.isKept ? words.promiseKept : words.promiseMissed}
              </Badge>
            )}
          </Fact>
        )}
        {isSeveral && <Fact label={words.mode}>{domain.mode[mode]}</Fact>}
      </Facts>
      <ReferralActs referral={referral} {...wanting} />
      <Asked referral={referral} />
      <section className="stack">
        <h3>{referral.party === 'receiver' && !isSeveral ? words.yours : words.asked}</h3>
        <ul className={styles.receivers}>
          {referral.receivers.map((receiver) => (
            <li key={receiver.recipient}>
              <ReceiverPart referral={referral} receiver={receiver} />
            </li>
          ))}
        </ul>
      </section>
      <PatientLink patientId={patientId} />
    </article>
  )
}

/** Who asks: the team first, whom one calls back; and who it was, where the directory knows. */
function RequesterName({ from: { by, organisation, wards } }: Pick<Referral, 'from'>) {
  const teams = wards.map(({ facility, code }) => `uf:${facility}/${code}`)
  const house = teams.length === 0 && organisation !== undefined ? [`finess:${organisation}`] : []
  const isKnown = by.startsWith('rpps:') || teams.length + house.length === 0
  return [...teams, ...house, ...(isKnown ? [by] : [])].map((id, index) => (
    <span key={id} className={index === 0 ? undefined : 'soft'}>
      {index > 0 && ' · '}
      <RecipientName id={id} />
    </span>
  ))
}

function Asked({ referral: { referralId, question, attachments = [] } }: { referral: Referral }) {
  const words = useWords(referralWords)
  const person = usePerson()
  return (
    <section className="stack">
      <h3>{words.question}</h3>
      {question ? (
        <ReferralText referralId={referralId} document={question} />
      ) : (
        <p className="soft">{givesCare(person) ? words.questionGone : words.questionWithheld}</p>
      )}
      <Attachments referralId={referralId} attachments={attachments} />
    </section>
  )
}
