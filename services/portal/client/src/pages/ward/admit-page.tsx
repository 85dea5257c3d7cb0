import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useActOn, usePerform } from '../../acts/acts.tsx'
import { useDraft } from '../../acts/draft.ts'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { platformTime } from '../../live/now.ts'
import { useWhileHere } from '../../live/while-here.ts'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery } from '../../people/people.tsx'
import { bodyOf, missingOf, newAdmission, openings } from './admission-draft.ts'
import { admitWords } from './admit-words.ts'
import { missingIn } from './movement-draft.ts'
import { MovementFields } from './movement-fields.tsx'
import { PatientFields } from './patient-fields.tsx'
import { Radios } from './radios.tsx'
import { stayWords } from './stay-words.ts'
import { WardLabel } from './ward-label.tsx'
import styles from './ward.module.css'

/** An admission, or its announcement, for a ward whose software sends none. */
export function AdmitPage() {
  const { code } = useParams({ from: '/ward/$code/admit' })
  const words = useWords(admitWords)
  return (
    <div className="stack">
      <p className="unprinted">
        <Link to="/ward/$code" params={{ code }}>
          ← <WardLabel code={code} />
        </Link>
      </p>
      <h1>{words.title}</h1>
      <p className="soft">{words.lead}</p>
      <AdmissionForm key={code} code={code} />
    </div>
  )
}

const isOpened = (answer: unknown): answer is { stayId: string } =>
  typeof answer === 'object' && answer !== null && 'stayId' in answer && typeof answer.stayId === 'string'

function AdmissionForm({ code }: { code: string }) {
  const words = useWords(admitWords)
  const stay = useWords(stayWords)
  const { organisation } = usePerson()
  const navigate = useNavigate()
  const perform = usePerform()
  const whileHere = useWhileHere()
  const [first] = useState(() => newAdmission(code, () => crypto.randomUUID()))
  const [draft, setDraft, clear] = useDraft(`admission.${code}`, first)
  const [isAsked, setAsked] = useState(false)
  const { data: facility } = useQuery({ ...facilityQuery(organisation ?? ''), enabled: organisation !== undefined })
  const act = useActOn(`admission/${draft.requestId}`)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const missing = missingOf(draft)
  const missingOfMovement = missingIn(draft.movement)
  const missingWords = [
    ...missing.map((field) => words.fields[field]),
    ...missingOfMovement.map((field) => stay.fields[field]),
  ]

  function submit(): void {
    setAsked(true)
    if (missingWords.length > 0) return
    const labels = new Map(facility?.wards.map((ward) => [ward.code, ward.label]))
    perform(
      {
        subject: `admission/${draft.requestId}`,
        method: 'POST',
        path: '/stays',
        body: bodyOf(draft, { now: platformTime(Date.now()), labels }),
        what: words.done,
        affects: [['board', 'ward']],
        undo: {
          method: 'POST',
          path: '/stays/{stayId}/movements/{movementId}/withdraw',
          body: { requestId: draft.undoId },
          what: words.undone,
        },
      },
      (answer) => {
        clear()
        if (isOpened(answer))
          whileHere(() => void navigate({ to: '/ward/$code/stays/$stayId', params: { code, stayId: answer.stayId } }))
      },
    )
  }

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <section className="card stack" aria-labelledby="who">
        <h2 id="who">{words.who}</h2>
        <PatientFields draft={draft} onChange={setDraft} missing={isAsked ? missing : []} />
      </section>
      <section className="card stack" aria-labelledby="where">
        <h2 id="where">{words.where}</h2>
        <Radios
          legend={words.kind}
          value={openings.find((kind) => kind === draft.movement.kind) ?? ''}
          options={openings.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={(kind) =>
            setDraft({
              ...draft,
              movement: { ...draft.movement, kind, patientClass: kind === 'registration' ? 'E' : 'I' },
            })
          }
        />
        <MovementFields
          draft={draft.movement}
          onChange={(movement) => setDraft({ ...draft, movement })}
          missing={isAsked ? missingOfMovement : []}
          wards={facility?.wards ?? []}
        />
      </section>
      <div className={styles.confirm}>
        {isAsked && missingWords.length > 0 && (
          <p role="alert" className={styles.notice}>
            {`${stay.missing} : ${missingWords.join(', ')}`}
          </p>
        )}
        <div className="row">
          <Button type="submit" kind="primary" isPending={isWaiting}>
            {isWaiting ? words.waiting : words.record}
          </Button>
        </div>
      </div>
    </form>
  )
}
