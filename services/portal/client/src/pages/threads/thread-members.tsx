import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { hasScope, namesOf, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Moment } from '../../design/moment.tsx'
import { useWords } from '../../messages/language.tsx'
import { DirectorySearch } from '../../people/directory-search.tsx'
import { RecipientName, useRecipientName } from '../../people/people.tsx'
import { circleQuery } from '../patient/patient-queries.ts'
import { memberAct } from './thread-acts.ts'
import styles from './thread.module.css'
import type { Thread } from './thread-queries.ts'
import { threadWords } from './thread-words.ts'

/** Who is in a thread, and how far each has come. */
export function ThreadMembers({ thread }: { thread: Thread }) {
  const words = useWords(threadWords)
  const [isOpen, setOpen] = useState(false)
  const { kind, members } = thread
  const isNamed = kind === 'wardCommunity' || kind === 'group'
  return (
    <>
      <Button onPress={() => setOpen(true)}>{isNamed ? words.membersOf(members.length) : words.members}</Button>
      <Dialog title={words.members} isOpen={isOpen} onClose={() => setOpen(false)}>
        {isNamed && <NamedMembers thread={thread} />}
        {kind === 'territory' && <p>{words.everybody}</p>}
        {kind === 'patient' && <CircleMembers thread={thread} />}
        <Progress thread={thread} />
      </Dialog>
    </>
  )
}

function NamedMembers({ thread: { threadId, members, closedAt } }: { thread: Thread }) {
  const words = useWords(threadWords)
  const person = usePerson()
  const perform = usePerform()
  const mayChange = hasScope(person, 'thread:write') && closedAt === undefined
  const [chosen, setChosen] = useState<string>()
  const name = useRecipientName(chosen ?? '')
  const add = (member: string) => {
    const said = { what: words.added(name), back: words.removed(name) }
    perform(memberAct({ threadId, member, isIn: true }, said))
    setChosen(undefined)
  }
  return (
    <>
      <ul className={styles.members}>
        {members.map((member) => (
          <li key={member}>
            <RecipientName id={member} />
            {mayChange && <RemoveMember threadId={threadId} member={member} />}
          </li>
        ))}
      </ul>
      {mayChange && (
        <>
          <DirectorySearch label={words.addMember} withWards onChoose={setChosen} />
          {chosen !== undefined && (
            <div className="stack">
              <p>
                <strong>{name}</strong> — {words.addHelp}
              </p>
              <div className="row">
                <Button kind="primary" onPress={() => add(chosen)}>
                  {words.addMember}
                </Button>
                <Button onPress={() => setChosen(undefined)}>{words.cancel}</Button>
              </div>
            </div>
          )}
        </>
      )}
    </>
  )
}

function RemoveMember({ threadId, member }: { threadId: string; member: string }) {
  const words = useWords(threadWords)
  const perform = usePerform()
  const name = useRecipientName(member)
  const isMine = namesOf(usePerson()).includes(member)
  const act = memberAct({ threadId, member, isIn: false }, { what: words.removed(name), back: words.added(name) })
  const underWay = useActOn(act.subject)
  return (
    <Button
      label={isMine ? words.leave : words.removeOf(name)}
      onPress={() => perform(act)}
      isPending={underWay !== undefined && underWay.state !== 'refused'}
    >
      {isMine ? words.leave : words.remove}
    </Button>
  )
}

function CircleMembers({ thread: { patientId } }: { thread: Thread }) {
  const words = useWords(threadWords)
  const { data: circle = [] } = useQuery({ ...circleQuery(patientId ?? ''), enabled: patientId !== undefined })
  const present = circle.filter(({ leftAt }) => leftAt === undefined)
  return (
    <>
      <p>{words.circle}</p>
      <ul className={styles.members}>
        {[...new Set(present.map(({ memberId }) => memberId))].map((memberId) => (
          <li key={memberId}>
            <RecipientName id={memberId} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Progress({ thread: { marks } }: { thread: Thread }) {
  const words = useWords(threadWords)
  if (marks.length === 0) return null
  return (
    <section>
      <h3>{words.progress}</h3>
      <ul className={styles.members}>
        {marks.map(({ by, read, delivered }) => (
          <li key={by}>
            <RecipientName id={by} />
            <span className="soft">
              {read ? (
                <>
                  {`${words.readAt} `}
                  <Moment at={read.at} />
                </>
              ) : delivered ? (
                <>
                  {`${words.deliveredAt} `}
                  <Moment at={delivered.at} />
                </>
              ) : (
                words.notRead
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
