import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { hasScope, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered, Failed } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { DefinitionView } from './definition-view.tsx'
import { type Protocol, protocolsQuery, type Version } from './protocol-data.ts'
import { ProtocolRuns } from './protocol-runs.tsx'
import { protocolWords } from './protocol-words.ts'
import { StandingBadges } from './protocols-page.tsx'
import { RetireDialog } from './retire-dialog.tsx'
import styles from './protocols.module.css'

/** One protocol: what it says, its versions, what is under way. */
export function ProtocolPage() {
  const { protocolId } = useParams({ from: '/protocols/$protocolId' })
  const query = useQuery(protocolsQuery)
  return (
    <Answered query={query} isPage>
      {({ protocols }) => {
        const protocol = protocols.find((each) => each.protocolId === protocolId)
        const last = protocol?.versions.at(-1)
        if (!protocol || !last) return <Failed error={new Error('no such protocol')} isPage />
        return <OneProtocol key={protocolId} protocol={protocol} last={last} />
      }}
    </Answered>
  )
}

function OneProtocol({ protocol, last }: { protocol: Protocol; last: Version }) {
  const words = useWords(protocolWords)
  const mayWrite = hasScope(usePerson(), 'protocol:write')
  const [isRetiring, setRetiring] = useState(false)
  // Until an older one is asked for, the last one: also when the next is published meanwhile.
  const [chosen, setChosen] = useState<number>()
  const { protocolId, versions, retiredFrom } = protocol
  const shown = versions.find(({ version }) => version === chosen) ?? last
  return (
    <div className={styles.page}>
      <header className="stack">
        <p>
          <Link to="/protocols">{words.all}</Link>
        </p>
        <h1>{last.definition.title}</h1>
        <p className="row">
          <StandingBadges protocol={protocol} />
        </p>
        <p>
          {words.coordinator} : <RecipientName id={last.definition.coordinator} />
        </p>
        {mayWrite && (
          <div className="row unprinted">
            <Link to="/protocols/$protocolId/edit" params={{ protocolId }} className={styles.create ?? ''}>
              {words.edit}
            </Link>
            {retiredFrom === undefined && <Button onPress={() => setRetiring(true)}>{words.retire}</Button>}
          </div>
        )}
      </header>
      <section className={styles.section} aria-labelledby="definition">
        <h2 id="definition">
          {words.definition} {shown.version}
        </h2>
        <DefinitionView definition={shown.definition} />
      </section>
      <Versions versions={versions} chosen={shown.version} onChoose={setChosen} />
      <ProtocolRuns protocol={protocol} />
      {isRetiring && (
        <RetireDialog protocolId={protocolId} title={last.definition.title} onClose={() => setRetiring(false)} />
      )}
    </div>
  )
}

type Listed = { versions: readonly Version[]; chosen: number; onChoose: (version: number) => void }

function Versions({ versions, chosen, onChoose }: Listed) {
  const words = useWords(protocolWords)
  return (
    <section className={styles.section} aria-labelledby="versions">
      <h2 id="versions">{words.versions}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.version}</th>
            <th scope="col">{words.effectiveFrom}</th>
            <th scope="col">{words.until}</th>
            <th scope="col">{words.publishedBy}</th>
          </tr>
        </thead>
        <tbody>
          {versions.toReversed().map(({ version, effectiveFrom, until, by, publishedAt }) => (
            <tr key={version}>
              <th scope="row">
                {version === chosen ? (
                  version
                ) : (
                  <Button kind="quiet" label={words.showVersion(version)} onPress={() => onChoose(version)}>
                    {String(version)}
                  </Button>
                )}
              </th>
              <td>
                <Moment at={effectiveFrom} only="absolute" />
              </td>
              <td>{until === undefined ? '' : <Moment at={until} only="absolute" />}</td>
              <td>
                <RecipientName id={by} />, <Moment at={publishedAt} only="absolute" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
