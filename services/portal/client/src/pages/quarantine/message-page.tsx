import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { EditsMade } from './edits-made.tsx'
import { FieldTable } from './field-table.tsx'
import { ProblemList } from './problem-list.tsx'
import { messageQuery } from './quarantine-queries.ts'
import { quarantineWords } from './quarantine-words.ts'
import {
  nothingEdited,
  previewed,
  type RepairDraft,
  type Shown,
  toPreview,
  withEdit,
  withoutProblems,
} from './repair-edits.ts'
import { Repair } from './repair.tsx'
import { TriggerName } from './trigger-name.tsx'
import styles from './quarantine.module.css'

/** Somebody who looks several times in a row has looked. */
const withoutRepeats = (history: Shown['history']) =>
  history.filter(({ what, by }, index) => {
    const before = history[index - 1]
    return what !== 'viewed' || before?.what !== 'viewed' || before.by !== by
  })

/** One message in quarantine: why it waits, its fields, its repair, and who did what. */
export function QuarantinedMessagePage() {
  const { messageId } = useParams({ from: '/quarantine/$messageId' })
  const words = useWords(quarantineWords)
  const message = useQuery(messageQuery(messageId))
  return (
    <div className="stack">
      <p className="unprinted">
        <Link to="/quarantine">← {words.back}</Link>
      </p>
      <Answered query={message} isPage>
        {(shown) => <Message key={messageId} message={shown} />}
      </Answered>
    </div>
  )
}

function Message({ message }: { message: Shown }) {
  const words = useWords(quarantineWords)
  const { quarantine } = useWords(domainWords)
  const person = usePerson()
  const [draft, setDraft, clear] = useDraft<RepairDraft>(`repair.${message.messageId}`, nothingEdited)
  const [isBrief, setBrief] = useState(true)
  const { trigger, status, receivedAt, senderId, problems, segments, history } = message
  const isRepaired = history.some(({ what }) => what === 'repaired')
  const mayRepair = hasScope(person, 'quarantine:repair') && status !== 'resolved'
  const preview = toPreview(draft, isRepaired)
  return (
    <>
      <header>
        <h1>
          <TriggerName trigger={trigger} />
        </h1>
        <p>
          <Badge tone={status === 'resolved' ? 'done' : 'warn'}>{quarantine[status]}</Badge>{' '}
          <span className="soft">
            {`${words.received} `}
            <Moment at={receivedAt} />
            {` ${words.from} ${senderId}`}
          </span>
        </p>
      </header>
      {status === 'resolved' ? (
        <p>{words.resolved}</p>
      ) : (
        <section className="card stack" aria-labelledby="problems">
          <h2 id="problems">{status === 'repaired' ? words.problemsBefore : words.problems}</h2>
          <ProblemList problems={problems} label={words.problems} />
          {status === 'awaitingMovement' && <p className="soft">{words.awaits}</p>}
        </section>
      )}
      {mayRepair && <Repair message={message} draft={draft} onChange={setDraft} onSettled={clear} />}
      <section className="stack" aria-labelledby="fields">
        <h2 id="fields">{words.fields}</h2>
        <p className="soft">{words.maskedText}</p>
        {mayRepair && isRepaired && preview === undefined && <p className={styles.notice}>{words.repairedBefore}</p>}
        <FieldTable
          segments={previewed(status === 'repaired' ? withoutProblems(segments) : segments, preview ?? [])}
          isBrief={isBrief}
          onBrief={setBrief}
          onEdit={mayRepair ? (edit) => setDraft(withEdit(draft, edit)) : undefined}
        />
      </section>
      <section className="card stack" aria-labelledby="history">
        <h2 id="history">{words.history}</h2>
        <ol className={styles.history}>
          {withoutRepeats(history).map(({ at, what, by, edits }) => (
            <li key={`${at} ${what} ${by}`}>
              <Moment at={at} only="absolute" /> {`${words.steps[what]} ${words.by} `}
              <RecipientName id={by} />
              {edits && <EditsMade edits={edits} />}
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}
