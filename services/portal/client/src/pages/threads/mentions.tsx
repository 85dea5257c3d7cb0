import type { CircleRole } from '@relais/contracts/patients'
import { useQuery } from '@tanstack/react-query'
import { usePerson } from '../../api/session.ts'
import { Tick } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { circleQuery } from '../patient/patient-queries.ts'
import styles from './composer.module.css'
import { type MessageDraft, toggled } from './message-draft.ts'
import type { Thread } from './thread-queries.ts'
import { writingWords } from './writing-words.ts'

/** Who may be mentioned: those whom the thread names, or those who give care to its patient, by name and by role. */
function useAudience({ kind, members, patientId }: Thread): { people: string[]; roles: CircleRole[] } {
  const person = usePerson()
  const isOfCircle = kind === 'patient' && patientId !== undefined
  const { data: circle = [] } = useQuery({ ...circleQuery(patientId ?? ''), enabled: isOfCircle })
  const present = circle.filter(({ leftAt }) => leftAt === undefined)
  const people = isOfCircle ? present.map(({ memberId }) => memberId) : members
  return {
    people: [...new Set(people)].filter((id) => id !== person.id),
    roles: [...new Set(present.map(({ role }) => role))],
  }
}

export function Mentions({
  thread,
  draft,
  onChange,
}: {
  thread: Thread
  draft: MessageDraft
  onChange: (part: Partial<MessageDraft>) => void
}) {
  const words = useWords(writingWords)
  const { circleRole } = useWords(domainWords)
  const { people, roles } = useAudience(thread)
  const count = draft.mentions.length + draft.mentionedRoles.length
  if (thread.kind === 'territory') return null
  return (
    <details className={styles.mentions}>
      <summary>
        {words.mention}
        {count > 0 && ` (${count})`}
      </summary>
      <div className={styles.audience}>
        {people.length === 0 && <p className="soft">{words.mentionNobody}</p>}
        {people.map((id) => (
          <Tick
            key={id}
            isOn={draft.mentions.includes(id)}
            onChange={(isOn) => onChange({ mentions: toggled(draft.mentions, id, isOn) })}
          >
            <RecipientName id={id} />
          </Tick>
        ))}
        {roles.length > 0 && (
          <fieldset className={styles.roles}>
            <legend>{words.mentionRoles}</legend>
            {roles.map((role) => (
              <Tick
                key={role}
                isOn={draft.mentionedRoles.includes(role)}
                onChange={(isOn) => onChange({ mentionedRoles: toggled(draft.mentionedRoles, role, isOn) })}
              >
                {capital(circleRole[role])}
              </Tick>
            ))}
          </fieldset>
        )}
      </div>
    </details>
  )
}
