import type { listLinkDoubts } from '@relais/contracts/link-routes'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import type { AnswerOf } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { IdentityCard } from './identity-card.tsx'
import { linkDoubtsQuery } from './quarantine-queries.ts'
import { linkWords } from './link-words.ts'
import styles from './quarantine.module.css'

type Doubt = AnswerOf<typeof listLinkDoubts>['doubts'][number]

/** What messages said of two patients, and a person has to decide. */
export function LinkDoubtsPage() {
  const words = useWords(linkWords)
  const doubts = useQuery(linkDoubtsQuery)
  return (
    <div className="stack">
      <p className="unprinted">
        <Link to="/quarantine">← {words.back}</Link>
      </p>
      <h1>{words.title}</h1>
      <p className="soft">{words.lead}</p>
      <Answered query={doubts}>
        {(found) =>
          found.length === 0 ? (
            <Empty title={words.empty} />
          ) : (
            <ul className={styles.list}>
              {found.map((doubt) => (
                <LinkDoubt key={`${doubt.linkId} ${doubt.messageId}`} doubt={doubt} />
              ))}
            </ul>
          )
        }
      </Answered>
    </div>
  )
}

function LinkDoubt({ doubt }: { doubt: Doubt }) {
  const words = useWords(linkWords)
  const person = usePerson()
  const perform = usePerform()
  const { linkId, messageId, patientId, otherId, asked, doubt: why, reportedAt } = doubt
  const subject = `linkDoubt/${linkId}/${messageId}`
  const act = useActOn(subject)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const decide = (outcome: 'applied' | 'dismissed') =>
    perform({
      subject,
      method: 'POST',
      path: `/patients/link-doubts/${linkId}/decisions`,
      body: { messageId, outcome },
      what: words.outcomes[outcome],
      affects: [['linkDoubts'], ['identity', patientId], ['identity', otherId]],
    })
  return (
    <li className={`card ${styles.one}`}>
      <h2>{words.asked[asked]}</h2>
      <p>
        <Badge tone="warn">{words.doubts[why]}</Badge>{' '}
        <span className="soft">
          {`${words.said} `}
          <Moment at={reportedAt} />
        </span>
      </p>
      <div className={styles.two}>
        <IdentityCard title={words.kept} identity={doubt.patient} />
        <IdentityCard title={words.other} identity={doubt.other} />
      </div>
      {hasScope(person, 'link:write') && (
        <div className="row unprinted">
          <Button kind="danger" onPress={() => decide('applied')} isPending={isWaiting}>
            {isWaiting ? words.waiting : words.apply[asked]}
          </Button>
          <Button onPress={() => decide('dismissed')} isPending={isWaiting}>
            {words.dismiss}
          </Button>
        </div>
      )}
    </li>
  )
}
