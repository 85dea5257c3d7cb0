import type { listAbsences } from '@relais/contracts/absence-routes'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { call } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { DirectorySearch } from '../../people/directory-search.tsx'
import { RecipientName } from '../../people/people.tsx'
import { type Absence, withdrawAct } from './absence-acts.ts'
import { AbsenceForm } from './absence-form.tsx'
import { absencesWords } from './absences-words.ts'
import styles from './absences.module.css'

/** Who is away and who stands in: oneself, or, for who tends the directory, somebody else. */
export function AbsencesPage() {
  const words = useWords(absencesWords)
  const person = usePerson()
  const [professional, setProfessional] = useState(person.id)
  const isOwn = professional === person.id
  return (
    <div className={styles.page}>
      <h1>{words.title}</h1>
      <p className="soft">{words.help}</p>
      {hasScope(person, 'directory:write') && (
        <DirectorySearch label={words.other} kind="professional" onChoose={setProfessional} />
      )}
      <section className="stack" aria-labelledby="whose">
        <div className={styles.between}>
          <h2 id="whose">
            {isOwn ? (
              words.own
            ) : (
              <>
                {`${words.whose} `}
                <RecipientName id={professional} />
              </>
            )}
          </h2>
          <Declare professional={professional} />
        </div>
        <AbsenceList professional={professional} isOwn={isOwn} />
      </section>
    </div>
  )
}

function Declare({ professional }: { professional: string }) {
  const words = useWords(absencesWords)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button kind="primary" onPress={() => setOpen(true)}>
        {words.declare}
      </Button>
      <Dialog title={words.declare} isOpen={isOpen} onClose={() => setOpen(false)}>
        <AbsenceForm professional={professional} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function AbsenceList({ professional, isOwn }: { professional: string; isOwn: boolean }) {
  const words = useWords(absencesWords)
  const query = useQuery({
    queryKey: ['absences', professional],
    queryFn: ({ signal }) => call<typeof listAbsences>({ path: '/absences', query: { professional }, signal }),
  })
  return (
    <Answered query={query}>
      {({ absences }) =>
        absences.length === 0 ? (
          <Empty title={words.none} />
        ) : (
          <ul className={styles.absences}>
            {absences.map((absence) => (
              <AbsenceCard key={absence.absenceId} absence={absence} isOwn={isOwn} />
            ))}
          </ul>
        )
      }
    </Answered>
  )
}

function AbsenceCard({ absence, isOwn }: { absence: Absence; isOwn: boolean }) {
  const words = useWords(absencesWords)
  const perform = usePerform()
  const now = new Date(useNow()).toISOString()
  const [isChanging, setChanging] = useState(false)
  const underWay = useActOn(`absence ${absence.absenceId}`)
  const isWaiting = underWay !== undefined && underWay.state !== 'refused'
  const hasBegun = absence.from <= now
  const end = () => {
    const what = hasBegun ? words.ended : words.withdrawn
    perform(withdrawAct(absence, { what, back: words.redeclared }))
  }
  return (
    <li className="card">
      <p className="row">
        <Badge tone={hasBegun ? 'warn' : 'calm'}>{hasBegun ? words.now : words.coming}</Badge>
        {isWaiting && <Badge>{words.pending}</Badge>}
      </p>
      <p>
        {`${words.from} `}
        <Moment at={absence.from} only="absolute" />
        {` ${words.to.toLowerCase()} `}
        <Moment at={absence.to} />
      </p>
      <p>
        {absence.replacement === undefined ? (
          words.nobody
        ) : (
          <>
            {`${words.replacedBy} : `}
            <strong>
              <RecipientName id={absence.replacement} />
            </strong>
          </>
        )}
      </p>
      <div className="row unprinted">
        <Button onPress={() => setChanging(true)}>{words.change}</Button>
        <Button onPress={end} isPending={isWaiting}>
          {hasBegun ? (isOwn ? words.back : words.isBack) : words.withdraw}
        </Button>
      </div>
      <Dialog title={words.edit} isOpen={isChanging} onClose={() => setChanging(false)}>
        <AbsenceForm professional={absence.professionalId} before={absence} onDone={() => setChanging(false)} />
      </Dialog>
    </li>
  )
}
