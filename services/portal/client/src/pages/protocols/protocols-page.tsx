import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { lateQuery } from '../late/late-data.ts'
import { definitionWords } from './definition-words.ts'
import { type Protocol, protocolsQuery, standingOf } from './protocol-data.ts'
import { protocolWords } from './protocol-words.ts'
import styles from './protocols.module.css'

/** The protocols of the territory: what applies, what will, and what is late. */
export function ProtocolsPage() {
  const words = useWords(protocolWords)
  const query = useQuery(protocolsQuery)
  const mayWrite = hasScope(usePerson(), 'protocol:write')
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{words.title}</h1>
        {mayWrite && (
          <Link to="/protocols/new" className={styles.create ?? ''}>
            {words.create}
          </Link>
        )}
      </header>
      <Answered query={query}>
        {({ protocols }) =>
          protocols.length === 0 ? (
            <Empty title={words.none}>
              <p>{words.noneHelp}</p>
            </Empty>
          ) : (
            <ul className={styles.cards}>
              {protocols.map((protocol) => (
                <ProtocolCard key={protocol.protocolId} protocol={protocol} />
              ))}
            </ul>
          )
        }
      </Answered>
    </div>
  )
}

function ProtocolCard({ protocol }: { protocol: Protocol }) {
  const words = useWords(protocolWords)
  const { moments } = useWords(definitionWords)
  const now = useNow()
  const { last } = standingOf(protocol, new Date(now).toISOString())
  const { data: late } = useQuery(lateQuery)
  if (!last) return null
  const { protocolId } = protocol
  const lateSteps = late?.filter((step) => step.protocolId === protocolId).length ?? 0
  return (
    <li className="card stack">
      <h2>
        <Link to="/protocols/$protocolId" params={{ protocolId }}>
          {last.definition.title}
        </Link>
      </h2>
      <p className="row">
        <StandingBadges protocol={protocol} />
        {lateSteps > 0 && <Badge tone="alert">{words.lateCount(lateSteps)}</Badge>}
      </p>
      <p className="soft">
        {moments[last.definition.trigger.on]} · {words.stepCount(last.definition.steps.length)}
      </p>
    </li>
  )
}

/** What applies of a protocol now, and what will. */
export function StandingBadges({ protocol }: { protocol: Protocol }) {
  const words = useWords(protocolWords)
  const { isRetired, inForce, upcoming } = standingOf(protocol, new Date(useNow()).toISOString())
  return (
    <>
      {inForce && <Badge tone="done">{words.inForce(inForce.version)}</Badge>}
      {upcoming && (
        <>
          <Badge tone="calm">{words.upcoming(upcoming.version)}</Badge> <Moment at={upcoming.effectiveFrom} />
        </>
      )}
      {isRetired && <Badge>{words.retired}</Badge>}
      {!isRetired && protocol.retiredFrom !== undefined && (
        <span>
          {words.retiredFrom} <Moment at={protocol.retiredFrom} />
        </span>
      )}
    </>
  )
}
