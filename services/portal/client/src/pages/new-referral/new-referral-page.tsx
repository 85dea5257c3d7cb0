import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { attachmentWords } from '../../attachments/attachment-words.ts'
import { useAttachments } from '../../attachments/use-attachments.tsx'
import { Button } from '../../design/button.tsx'
import { Empty } from '../../design/states.tsx'
import { platformTime, useNow } from '../../live/now.ts'
import { useWhileHere } from '../../live/while-here.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName } from '../../people/people.tsx'
import styles from '../ward/ward.module.css'
import { Ladder } from './ladder.tsx'
import { newReferralWords } from './new-referral-words.ts'
import { bodyOf, faultsOf, newReferral } from './referral-draft.ts'
import { ReferralQuestion } from './referral-question.tsx'
import { ReferralReceivers } from './referral-receivers.tsx'
import { ReferralTimes } from './referral-times.tsx'

/** Asks others about a patient: an advice, to take over, or unscheduled care. */
export function NewReferralPage() {
  const { patient, stay } = useSearch({ from: '/referrals/new' })
  const words = useWords(newReferralWords)
  return (
    <div className="stack">
      <h1>{words.title}</h1>
      {patient === undefined ? (
        <Empty title={words.noPatient}>
          <p>{words.noPatientText}</p>
        </Empty>
      ) : (
        <>
          <p>
            {`${words.about} `}
            <PatientName patientId={patient} />
          </p>
          <ReferralForm key={`${patient} ${stay ?? ''}`} patientId={patient} stayId={stay} />
        </>
      )}
    </div>
  )
}

function ReferralForm({ patientId, stayId }: { patientId: string; stayId: string | undefined }) {
  const words = useWords(newReferralWords)
  const navigate = useNavigate()
  const perform = usePerform()
  const whileHere = useWhileHere()
  const [first] = useState(() => newReferral(() => crypto.randomUUID()))
  const [kept, setDraft, clear] = useDraft(`referral.${stayId ?? patientId}`, first)
  // What an earlier version of the page kept lacks what was added since.
  const draft = useMemo(() => ({ ...first, ...kept }), [first, kept])
  const { unsent } = useWords(attachmentWords)
  const files = useAttachments({
    addressOf: (documentId) => ({ path: '/attachments', query: { owner: patientId, documentId } }),
    attachments: draft.attachments,
    onChange: (attachments) => setDraft({ ...draft, attachments }),
  })
  const { hasFailed, isUploading } = files
  const [isAsked, setAsked] = useState(false)
  const { referralId } = draft
  const subject = `referral/${referralId}`
  const act = useActOn(subject)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const now = useNow()
  const faults = isAsked ? faultsOf(draft, now) : []

  function submit(): void {
    setAsked(true)
    const at = platformTime(Date.now())
    if (faultsOf(draft, at).length > 0 || hasFailed) return
    perform(
      {
        subject,
        method: 'POST',
        path: `/referrals/${referralId}`,
        body: bodyOf(draft, { patientId, stayId, now: at }),
        what: `${words.sent} : ${draft.title.trim()}`,
        affects: [['referrals'], ['pathway', patientId]],
        undo: {
          method: 'POST',
          path: `/referrals/${referralId}/cancel`,
          body: { reason: 'mistake' },
          what: words.undone,
        },
      },
      () => {
        clear()
        whileHere(() => void navigate({ to: '/referrals/$referralId', params: { referralId } }))
      },
    )
  }

  const parts = { draft, onChange: setDraft, faults }
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <ReferralQuestion {...parts} files={files} />
      <div className="stack">
        <ReferralReceivers {...parts} patientId={patientId} />
        <ReferralTimes {...parts} />
        <Ladder {...parts} />
      </div>
      <div className={styles.confirm}>
        {isAsked && hasFailed && (
          <p role="alert" className={styles.notice}>
            {unsent}
          </p>
        )}
        {faults.length > 0 && (
          <div role="alert" className={styles.notice}>
            <p>{words.toDo}</p>
            <ul>
              {faults.map((fault) => (
                <li key={fault}>{words.faults[fault]}</li>
              ))}
            </ul>
          </div>
        )}
        <div className="row">
          <Button type="submit" kind="primary" isPending={isWaiting} isDisabled={isUploading}>
            {isWaiting ? words.waiting : words.send}
          </Button>
        </div>
      </div>
    </form>
  )
}
