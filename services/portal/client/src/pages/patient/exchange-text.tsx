import type { Exchange } from '@relais/contracts/pathway'
import { Link } from '@tanstack/react-router'
import { Moment } from '../../design/moment.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { Parts, wordFor } from './entry-text.tsx'
import { pathwayWords } from './pathway-words.ts'
import { titleOf, type Titles } from './titles.ts'

/** What a row says first: `Étape faite`, `Demande acceptée`. */
export function useExchangeWord(exchange: Exchange): string {
  const { loop, thread } = useWords(domainWords)
  const words = useWords(pathwayWords)
  if (exchange.kind === 'thread') return capital(thread[exchange.change])
  const said = loop[exchange.change]
  return exchange.referralId === undefined || exchange.change === 'requested'
    ? capital(said)
    : `${words.referral} : ${said}`
}

/** The rest of a row about what people asked of each other, or wrote. */
export function ExchangeDetails({ exchange, titles }: { exchange: Exchange; titles: Titles }) {
  const words = useWords(pathwayWords)
  const { because: reasons, threadKind } = useWords(domainWords)
  const title = titleOf(exchange, titles)
  if (exchange.kind === 'thread') {
    const { by, members = [], threadKind: kind, change, threadId, patientId } = exchange
    const named = change === 'memberAdded' || change === 'memberRemoved' ? members : []
    return (
      <Parts
        parts={[
          title,
          kind && change === 'opened' && threadKind[kind],
          ...named.map((id) => <RecipientName key={id} id={id} />),
          <By key="by" id={by} />,
          patientId !== undefined && (
            <Link
              key="open"
              to="/patients/$patientId"
              params={{ patientId }}
              search={{ tab: 'thread', thread: threadId }}
              resetScroll={false}
              className="unprinted"
            >
              {words.openThread}
            </Link>
          ),
        ]}
      />
    )
  }
  const { recipient, by, because, dueAt, startsAt } = exchange
  return (
    <Parts
      parts={[
        title,
        recipient && (
          <>
            {'→ '}
            <RecipientName id={recipient} />
          </>
        ),
        because !== undefined && wordFor(reasons, because),
        startsAt !== undefined && (
          <>
            {`${words.for} `}
            <Moment at={startsAt} only="absolute" />
          </>
        ),
        dueAt !== undefined && (
          <>
            {`${words.before} `}
            <Moment at={dueAt} only="absolute" />
          </>
        ),
        by !== undefined && by !== recipient && <By key="by" id={by} />,
      ]}
    />
  )
}

function By({ id }: { id: string }) {
  const words = useWords(pathwayWords)
  return (
    <>
      {`${words.by} `}
      <RecipientName id={id} />
    </>
  )
}
