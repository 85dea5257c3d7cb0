import type { ReceiverView } from '@relais/contracts/referral-views'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { Attachments } from './attachments.tsx'
import type { Referral } from './referral-queries.ts'
import { ReferralText } from './referral-text.tsx'
import { referralWords } from './referral-words.ts'
import styles from './referrals.module.css'

const tones = {
  sent: 'plain',
  received: 'plain',
  moreInfo: 'warn',
  accepted: 'done',
  declined: 'alert',
  redirected: 'warn',
  scheduled: 'done',
  noShow: 'alert',
  seen: 'done',
  answered: 'done',
  closed: 'plain',
  cancelled: 'plain',
} as const satisfies Record<ReceiverView['status'], string>

/** How far one of those who were asked has come, and what this one said. */
export function ReceiverPart({ referral: { referralId }, receiver }: { referral: Referral; receiver: ReceiverView }) {
  const words = useWords(referralWords)
  const domain = useWords(domainWords)
  const { recipient, role, status, isOverdue, takenFor, declined, redirected, appointment, seenAt, answer } = receiver
  return (
    <div className={styles.receiver}>
      <p className="row">
        <strong>
          <RecipientName id={recipient} />
        </strong>
        {role && <span className="soft">{domain.circleRole[role]}</span>}
        <Badge tone={tones[status]}>{capital(domain.receiver[status])}</Badge>
        {isOverdue && <Badge tone="alert">{words.overdue}</Badge>}
      </p>
      {takenFor !== undefined && (
        <p>
          <span className="soft">{`${words.taken} `}</span>
          <RecipientName id={takenFor} />
        </p>
      )}
      {declined && (
        <>
          <p>{`${words.declinedBecause} : ${domain.because[declined.reason]}`}</p>
          {declined.comment && <ReferralText referralId={referralId} document={declined.comment} />}
        </>
      )}
      {redirected && (
        <p>
          {`${words.redirectedTo} `}
          <RecipientName id={redirected.to} />
          {` (${domain.because[redirected.reason]})`}
        </p>
      )}
      {appointment && (
        <p>
          <span className="soft">{`${words.appointment} `}</span>
          <Moment at={appointment.startsAt} />
          {appointment.place !== undefined && ` · ${appointment.place}`}
        </p>
      )}
      {seenAt !== undefined && (
        <p>
          <span className="soft">{`${words.seen} `}</span>
          <Moment at={seenAt} />
        </p>
      )}
      <Questions referralId={referralId} receiver={receiver} />
      {answer && (
        <section className="stack">
          <h4>{words.answer}</h4>
          <ReferralText referralId={referralId} document={answer.answer} />
          <Attachments referralId={referralId} attachments={answer.attachments} />
        </section>
      )}
    </div>
  )
}

function Questions({ referralId, receiver: { questions } }: { referralId: string; receiver: ReceiverView }) {
  const words = useWords(referralWords)
  if (questions.length === 0) return null
  return (
    <section className="stack">
      <h4>{words.questions}</h4>
      <ol className={styles.questions}>
        {questions.map(({ questionId, question, askedAt, answer }) => (
          <li key={questionId} className="stack">
            <p className="soft">
              <Moment at={askedAt} />
            </p>
            <ReferralText referralId={referralId} document={question} />
            {answer ? (
              <ReferralText referralId={referralId} document={answer} />
            ) : (
              <p>
                <Badge tone="warn">{words.noAnswerYet}</Badge>
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
