import type { searchDirectory } from '@relais/contracts/directory-routes'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { type AnswerOf, call } from '../api/call.ts'
import { Button } from '../design/button.tsx'
import { Field } from '../design/field.tsx'
import { useWords } from '../messages/language.tsx'
import styles from './directory-search.module.css'
import { facilityQuery, RecipientName } from './people.tsx'
import { peopleWords } from './people-words.ts'

type Found = AnswerOf<typeof searchDirectory>['found'][number]

const SHORTEST = 2
const PAUSE_MILLISECONDS = 250
const MOST_SHOWN = 12

/** Somebody, a team or an establishment, found in the directory and chosen; under the id that is written to. */
export function DirectorySearch({
  label,
  kind,
  withWards = false,
  onChoose,
}: {
  label: string
  kind?: Found['kind']
  /** Also the wards of an establishment. */
  withWards?: boolean
  onChoose: (recipient: string) => void
}) {
  const words = useWords(peopleWords)
  const [text, setText] = useState('')
  const asked = usePaused(text.trim())
  const [facility, setFacility] = useState<string>()
  const { data, isFetching } = useQuery({
    queryKey: ['directory', kind, asked],
    queryFn: ({ signal }) =>
      call<typeof searchDirectory>({
        path: '/directory/search',
        query: { q: asked, kind, limit: MOST_SHOWN },
        signal,
      }),
    enabled: asked.length >= SHORTEST,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const found = asked.length >= SHORTEST ? data?.found : undefined
  const choose = (recipient: string) => {
    setText('')
    setFacility(undefined)
    onChoose(recipient)
  }
  const chosen = (one: Found) => {
    if (one.kind === 'professional') choose(one.id)
    else if (withWards) setFacility(one.id)
    else choose(`finess:${one.id}`)
  }
  return (
    <div className={styles.search}>
      <Field type="search" label={label} help={words.searchHelp} value={text} onChange={setText} />
      <p role="status" className="aside">
        {found && !isFetching ? words.found(found.length) : ''}
      </p>
      {found?.length === 0 && !isFetching && <p className="soft">{words.nobodyFound}</p>}
      {found && found.length > 0 && (
        <ul className={styles.list} aria-label={words.results}>
          {found.map((one) => (
            <li key={`${one.kind} ${one.id}`}>
              <button type="button" className={styles.one} onClick={() => chosen(one)}>
                <strong>{one.name}</strong>
                <span className="soft">{[whatOf(one), ...one.cities.slice(0, 2)].filter(Boolean).join(' · ')}</span>
              </button>
              {facility === one.id && one.kind === 'facility' && <Wards finess={one.id} onChoose={choose} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** A profession; of an establishment, its name says more than the number of its category. */
const whatOf = ({ kind, what }: Found) => (kind === 'professional' ? what : '')

function Wards({ finess, onChoose }: { finess: string; onChoose: (recipient: string) => void }) {
  const words = useWords(peopleWords)
  const { data } = useQuery(facilityQuery(finess))
  return (
    <ul className={styles.wards} aria-label={words.wards}>
      <li>
        <Button onPress={() => onChoose(`finess:${finess}`)}>{words.wholeFacility}</Button>
      </li>
      {data?.wards.map(({ code, label }) => (
        <li key={code}>
          <Button onPress={() => onChoose(`uf:${finess}/${code}`)}>{label}</Button>
        </li>
      ))}
    </ul>
  )
}

/** Several who were chosen, each of whom may be left out again. */
export function ChosenRecipients({
  recipients,
  label,
  onRemove,
}: {
  recipients: readonly string[]
  label: string
  onRemove: (recipient: string) => void
}) {
  const id = useId()
  if (recipients.length === 0) return null
  return (
    <div>
      <p id={id} className="soft">
        {label}
      </p>
      <ul className={styles.chosen} aria-labelledby={id}>
        {recipients.map((recipient) => (
          <li key={recipient}>
            <ChosenRecipient recipient={recipient} onRemove={onRemove} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function ChosenRecipient({ recipient, onRemove }: { recipient: string; onRemove: (recipient: string) => void }) {
  const words = useWords(peopleWords)
  return (
    <Button onPress={() => onRemove(recipient)}>
      <span className="aside">{`${words.leaveOut} `}</span>
      <RecipientName id={recipient} />
      <span aria-hidden="true">×</span>
    </Button>
  )
}

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [value])
  return paused
}
