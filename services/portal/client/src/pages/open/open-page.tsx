import type { lookUpPatient } from '@relais/contracts/http'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useEffect, useState } from 'react'
import { call } from '../../api/call.ts'
import { Refused } from '../../api/problem.ts'
import { takeFragment, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { ChosenRecipients, DirectorySearch } from '../../people/directory-search.tsx'
import { type AskedPatient, askedIn } from './asked-patient.ts'
import { openWords } from './open-words.ts'
import styles from './open.module.css'

/** Who was asked for when the page was opened; the address forgets it at once, and so does the history. */
function takeAsked(): AskedPatient | undefined {
  const asked = askedIn(location.hash) ?? askedIn(takeFragment())
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname)
  return asked
}

/** Opens a patient whom another program, or a person, names by a number: it is sent in a body, and never in an address. */
export function OpenPage() {
  const words = useWords(openWords)
  const navigate = useNavigate()
  const [asked] = useState(takeAsked)
  const lookUp = useMutation({
    mutationFn: (body: AskedPatient) => call<typeof lookUpPatient>({ method: 'POST', path: '/patients/lookup', body }),
    onSuccess: ({ patientId }) => navigate({ to: '/patients/$patientId', params: { patientId }, replace: true }),
  })
  const { mutate } = lookUp
  useEffect(() => {
    if (asked) mutate(asked)
    // A program that asks again in the same tab changes nothing but the fragment.
    const askAgain = () => {
      const next = takeAsked()
      if (next) mutate(next)
    }
    addEventListener('hashchange', askAgain)
    return () => removeEventListener('hashchange', askAgain)
  }, [asked, mutate])
  return (
    <div className={styles.page}>
      <h1>{words.title}</h1>
      <p className="soft">{words.help}</p>
      <div role="status">{lookUp.isPending && <p>{words.opening}</p>}</div>
      {lookUp.error && <NotOpened error={lookUp.error} />}
      <AskForm first={asked} isPending={lookUp.isPending} onAsk={mutate} />
      <details>
        <summary className={styles.summary}>{words.fromSoftware}</summary>
        <p>{words.fromSoftwareHelp}</p>
        <p className={styles.address}>{`${location.origin}/app/open#authority=990000010&number=900001`}</p>
      </details>
    </div>
  )
}

function NotOpened({ error }: { error: unknown }) {
  const words = useWords(openWords)
  const code = error instanceof Refused ? error.code : 'unreachable'
  const text =
    code === 'authorityAmbiguous' ? words.ambiguous : code === 'unreachable' ? words.unreachable : words.unknown
  return (
    <div role="alert" className={styles.refused}>
      {code !== 'unreachable' && <h2>{words.unknownTitle}</h2>}
      <p>{text}</p>
    </div>
  )
}

type AskFormProps = {
  first: AskedPatient | undefined
  isPending: boolean
  onAsk: (asked: AskedPatient) => void
}

const PLACE = 'finess:'

function AskForm({ first, isPending, onAsk }: AskFormProps) {
  const words = useWords(openWords)
  const { organisation, wards } = usePerson()
  // Whoever works in a ward asks for the numbers of his or her hospital.
  const [authority, setAuthority] = useState(first?.authority ?? (wards.length > 0 ? organisation : undefined) ?? '')
  const [number, setNumber] = useState(first?.number ?? '')
  const [isTried, setTried] = useState(false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (authority !== '' && number.trim() !== '') onAsk({ authority, number: number.trim() })
  }
  return (
    <form onSubmit={submit} className="stack" noValidate>
      {authority === '' ? (
        <DirectorySearch
          label={words.authority}
          kind="facility"
          onChoose={(place) => setAuthority(place.replace(PLACE, ''))}
        />
      ) : (
        <ChosenRecipients
          recipients={[`${PLACE}${authority}`]}
          label={words.chosen}
          onRemove={() => setAuthority('')}
        />
      )}
      <p role="alert" className={styles.problem}>
        {isTried && authority === '' ? words.authorityNeeded : ''}
      </p>
      <Field
        label={words.number}
        value={number}
        onChange={setNumber}
        maxLength={100}
        isRequired
        error={isTried && number.trim() === '' ? words.numberNeeded : undefined}
      />
      <div>
        <Button type="submit" kind="primary" isPending={isPending}>
          {words.submit}
        </Button>
      </div>
    </form>
  )
}
