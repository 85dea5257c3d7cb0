import { useQuery } from '@tanstack/react-query'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Tick } from '../../design/field.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { RecipientName } from '../../people/people.tsx'
import { circleQuery } from '../patient/patient-queries.ts'
import { Radios } from '../ward/radios.tsx'
import styles from '../ward/ward.module.css'
import { newReferralWords } from './new-referral-words.ts'
import { modes, withoutReceiver, withReceiver } from './referral-draft.ts'
import type { PartProps } from './referral-question.tsx'

/** Who is asked: a person, a team or several. */
export function ReferralReceivers({ draft, onChange, faults, patientId }: PartProps & { patientId: string }) {
  const words = useWords(newReferralWords)
  return (
    <section className="card stack" aria-labelledby="whom">
      <h2 id="whom">{words.whom}</h2>
      <ChosenRecipients
        recipients={draft.receivers}
        label={words.receivers}
        onRemove={(recipient) => onChange(withoutReceiver(draft, recipient))}
      />
      <DirectorySearch
        label={words.search}
        withWards
        onChoose={(recipient) => onChange(withReceiver(draft, recipient))}
      />
      {faults.includes('receiverMissing') && <p className={styles.error}>{words.faults.receiverMissing}</p>}
      <OfTheCircle
        patientId={patientId}
        without={draft.receivers}
        onChoose={(recipient) => onChange(withReceiver(draft, recipient))}
      />
      {draft.receivers.length > 1 && (
        <Radios
          legend={words.mode}
          value={draft.mode}
          options={modes.map((value) => ({ value, label: words.modes[value] }))}
          onChange={(mode) => onChange({ ...draft, mode })}
        />
      )}
      <Tick isOn={draft.identityWithheld} onChange={(identityWithheld) => onChange({ ...draft, identityWithheld })}>
        {words.identityWithheld}
      </Tick>
    </section>
  )
}

/** Those who know the patient are asked most often: one press. */
function OfTheCircle({
  patientId,
  without,
  onChoose,
}: {
  patientId: string
  without: readonly string[]
  onChoose: (recipient: string) => void
}) {
  const words = useWords(newReferralWords)
  const { circleRole } = useWords(domainWords)
  const { id } = usePerson()
  const { data: members = [] } = useQuery(circleQuery(patientId))
  const present = members.filter(
    ({ memberId, leftAt }) => leftAt === undefined && memberId !== id && !without.includes(memberId),
  )
  // Whoever is there in two roles is asked once.
  const offered = present.filter(
    ({ memberId }, index) => present.findIndex((one) => one.memberId === memberId) === index,
  )
  if (offered.length === 0) return null
  return (
    <div role="group" aria-label={words.circle}>
      <p className="soft">{words.circle}</p>
      <div className={styles.actions}>
        {offered.map(({ memberId, role }) => (
          <Button key={memberId} onPress={() => onChoose(memberId)}>
            <span>
              + <RecipientName id={memberId} />
              {`, ${circleRole[role]}`}
            </span>
          </Button>
        ))}
      </div>
    </div>
  )
}
