import type { StayItem } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { circleQuery, explanationQuery, pathwayQuery } from '../patient/patient-queries.ts'
import { inboxWords } from './inbox-words.ts'
import styles from './inbox.module.css'

type Told = { recipient: string; receipt: 'delivered' | 'read' | 'acted' | 'returned' | undefined; at: string }

/** The care circle, and whom the same news has reached, as far as its reader may know. */
export function WhoKnows({ item }: { item: StayItem }) {
  const words = useWords(inboxWords)
  const domain = useWords(domainWords)
  const { id } = usePerson()
  const { data: members } = useQuery(circleQuery(item.patientId))
  const told = useTold(item)
  const now = (members ?? []).filter(({ leftAt }) => leftAt === undefined)
  const others = [...new Map(now.map((member) => [`${member.memberId} ${member.role}`, member])).values()].filter(
    ({ memberId }) => memberId !== id && memberId !== item.recipient,
  )
  if (!members) return null
  return (
    <section>
      <h3>{words.whoKnows}</h3>
      {others.length === 0 ? (
        <p className="soft">{words.alone}</p>
      ) : (
        <ul className={styles.people}>
          {others.map(({ memberId, role }) => {
            const one = told?.find(({ recipient }) => recipient === memberId)
            return (
              <li key={`${memberId} ${role}`}>
                <span>
                  <RecipientName id={memberId} /> <span className="soft">{domain.circleRole[role]}</span>
                </span>
                {told && <ReceiptOf told={one} />}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}

function ReceiptOf({ told }: { told: Told | undefined }) {
  const words = useWords(inboxWords)
  const domain = useWords(domainWords)
  if (!told) return <span className="soft">{words.notTold}</span>
  const { receipt, at } = told
  return (
    <span>
      <Badge tone={receipt === 'acted' ? 'done' : receipt === 'returned' ? 'alert' : 'plain'}>
        {receipt ? domain.receipt[receipt] : words.sent}
      </Badge>{' '}
      <span className="soft">
        <Moment at={at} only="relative" />
      </span>
    </span>
  )
}

/** Of the last entry that tells of this stay, who was told and what became of it; `undefined` until it is known. */
function useTold({ patientId, stayId, happenedAt }: StayItem): readonly Told[] | undefined {
  const { data: pathway } = useQuery({ ...pathwayQuery(patientId), staleTime: 60_000 })
  const entry = pathway?.entries.findLast((one) => one.stayId === stayId && one.happenedAt === happenedAt)
  const { data } = useQuery({ ...explanationQuery(patientId, entry?.entryId ?? ''), enabled: entry !== undefined })
  return data?.told.map(({ recipient, receipts }): Told => {
    const { returned, acted, read, delivered, sentAt } = receipts
    if (returned) return { recipient, receipt: 'returned', at: returned.at }
    if (acted) return { recipient, receipt: 'acted', at: acted.at }
    if (read) return { recipient, receipt: 'read', at: read.at }
    return { recipient, receipt: delivered && 'delivered', at: delivered?.at ?? sentAt }
  })
}
