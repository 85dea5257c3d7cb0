import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { hasScope, namesOf, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { useRecipientName } from '../../people/people.tsx'
import { endAct } from './circle-acts.ts'
import styles from './circle.module.css'
import { circleWords } from './circle-words.ts'
import { DeclareMember } from './declare-member.tsx'
import { type CircleMember, circleQuery } from './patient-queries.ts'

const route = getRouteApi('/patients/$patientId')

export function CircleTab() {
  const { patientId } = route.useParams()
  const words = useWords(circleWords)
  const query = useQuery(circleQuery(patientId))
  const person = usePerson()
  const mayWrite = hasScope(person, 'circle:write')
  return (
    <section aria-labelledby="circle" className="stack">
      <div className={styles.head}>
        <div>
          <h2 id="circle">{words.title}</h2>
          <p className="soft">{words.help}</p>
        </div>
        {mayWrite && <DeclareMember patientId={patientId} />}
      </div>
      <Answered query={query}>
        {(members) => <Members members={members} patientId={patientId} mayWrite={mayWrite} />}
      </Answered>
    </section>
  )
}

type MembersProps = { members: readonly CircleMember[]; patientId: string; mayWrite: boolean }

function Members({ members, patientId, mayWrite }: MembersProps) {
  const words = useWords(circleWords)
  const present = members.filter(({ leftAt }) => leftAt === undefined)
  const past = members.filter(({ leftAt }) => leftAt !== undefined)
  return (
    <>
      <h3>{words.present}</h3>
      {present.length === 0 ? (
        <p>{words.nobody}</p>
      ) : (
        <ul className={styles.members}>
          {present.map((member) => (
            <MemberCard key={keyOf(member)} member={member} patientId={patientId} mayWrite={mayWrite} />
          ))}
        </ul>
      )}
      {past.length > 0 && (
        <details>
          <summary className={styles.summary}>
            {words.past} ({past.length})
          </summary>
          <ul className={styles.members}>
            {past.map((member) => (
              <MemberCard key={keyOf(member)} member={member} patientId={patientId} mayWrite={false} />
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

const keyOf = ({ memberId, role, joinedAt }: CircleMember) => `${memberId} ${role} ${joinedAt}`

function MemberCard({ member, patientId, mayWrite }: { member: CircleMember; patientId: string; mayWrite: boolean }) {
  const words = useWords(circleWords)
  const { circleRole, ground } = useWords(domainWords)
  const name = useRecipientName(member.memberId)
  const isMine = namesOf(usePerson()).includes(member.memberId)
  return (
    <li className={styles.member} data-past={member.leftAt !== undefined || undefined}>
      <div className={styles.facts}>
        <p>
          <strong>{name}</strong> {isMine && <Badge tone="calm">{words.you}</Badge>}
        </p>
        <p>{circleRole[member.role]}</p>
        <p className="soft">
          {`${words.ground} : ${ground[member.ground]} (${words.source[member.source]}). `}
          {member.leftAt === undefined ? words.since : words.from} <Moment at={member.joinedAt} only="absolute" />
          {member.leftAt !== undefined && (
            <>
              {` ${words.until.toLowerCase()} `}
              <Moment at={member.leftAt} only="absolute" />
            </>
          )}
        </p>
      </div>
      {mayWrite && <EndMembership member={member} patientId={patientId} name={name} />}
    </li>
  )
}

function EndMembership({ member, patientId, name }: { member: CircleMember; patientId: string; name: string }) {
  const words = useWords(circleWords)
  const perform = usePerform()
  const [isAsked, setAsked] = useState(false)
  const act = endAct(member, { patientId, what: words.ended(name), back: words.backIn(name) })
  const underWay = useActOn(act.subject)
  const isWaiting = underWay !== undefined && underWay.state !== 'refused'
  return (
    <div className="unprinted">
      <Button onPress={() => setAsked(true)} label={words.endOf(name)} isPending={isWaiting}>
        {isWaiting ? words.pending : words.end}
      </Button>
      <Dialog title={words.endTitle} isOpen={isAsked} onClose={() => setAsked(false)}>
        <p>{words.endHelp(name)}</p>
        <div className="row">
          <Button
            kind="danger"
            onPress={() => {
              perform(act)
              setAsked(false)
            }}
          >
            {words.endOf(name)}
          </Button>
          <Button onPress={() => setAsked(false)}>{words.cancel}</Button>
        </div>
      </Dialog>
    </div>
  )
}
