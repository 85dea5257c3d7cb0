import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice } from '../../design/field.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { professionalQuery, useRecipientName } from '../../people/people.tsx'
import { circleRoles, declareAct, declaredGrounds, type Declaration, likelyRole } from './circle-acts.ts'
import { circleWords } from './circle-words.ts'
import styles from './circle.module.css'

export function DeclareMember({ patientId }: { patientId: string }) {
  const words = useWords(circleWords)
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="unprinted">
      <Button kind="primary" onPress={() => setOpen(true)}>
        {words.add}
      </Button>
      <Dialog title={words.addTitle} isOpen={isOpen} onClose={() => setOpen(false)}>
        <DeclareForm patientId={patientId} onDone={() => setOpen(false)} />
      </Dialog>
    </div>
  )
}

type Begun = { memberId: string; role: Declaration['role'] | ''; ground: Declaration['ground'] }
const NOBODY: Begun = { memberId: '', role: '', ground: 'exchange' }

function DeclareForm({ patientId, onDone }: { patientId: string; onDone: () => void }) {
  const words = useWords(circleWords)
  const { circleRole, ground: grounds } = useWords(domainWords)
  const person = usePerson()
  const perform = usePerform()
  const [begun, setBegun, clear] = useDraft(`declare ${patientId}`, NOBODY)
  const [isMissing, setMissing] = useState(false)
  const { memberId, ground } = begun
  const name = useRecipientName(memberId)
  const { data: professional } = useQuery({ ...professionalQuery(memberId), enabled: memberId.startsWith('rpps:') })
  const role = begun.role === '' ? likelyRole(memberId, professional?.profession) : begun.role
  const isOwn = memberId === person.id
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setMissing(memberId === '')
    if (memberId === '' || isOwn) return
    perform(declareAct({ memberId, role, ground }, { patientId, what: words.added(name), back: words.ended(name) }))
    clear()
    onDone()
  }
  return (
    <form onSubmit={submit} className="stack">
      {memberId === '' ? (
        <DirectorySearch
          label={words.search}
          onChoose={(chosen) => setBegun({ ...NOBODY, ground, memberId: chosen })}
        />
      ) : (
        <ChosenRecipients recipients={[memberId]} label={words.chosen} onRemove={() => setBegun(NOBODY)} />
      )}
      <p role="alert" className={styles.problem}>
        {isOwn ? words.own : isMissing && memberId === '' ? words.missing : ''}
      </p>
      <Choice
        label={words.role}
        value={role}
        options={circleRoles.map((value) => ({ value, label: capital(circleRole[value]) }))}
        onChange={(value) => setBegun({ ...begun, role: value })}
      />
      <Choice
        label={words.ground}
        value={ground}
        options={declaredGrounds.map((value) => ({ value, label: capital(grounds[value]) }))}
        onChange={(value) => setBegun({ ...begun, ground: value })}
      />
      <p className="soft">{words.groundHelp}</p>
      <div className="row">
        <Button type="submit" kind="primary">
          {words.submit}
        </Button>
        <Button onPress={onDone}>{words.cancel}</Button>
      </div>
    </form>
  )
}
