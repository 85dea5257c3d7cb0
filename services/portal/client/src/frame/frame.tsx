import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { ActsProvider } from '../acts/acts.tsx'
import { forgetOthers } from '../acts/kept.ts'
import { type Person, sessionQuery, signIn, usePerson } from '../api/session.ts'
import { Announcements } from '../design/announcements.tsx'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Failed, Loading } from '../design/states.tsx'
import { LiveProvider } from '../live/live.tsx'
import { useWords } from '../messages/language.tsx'
import { facilityQuery } from '../people/people.tsx'
import { Appearance } from './appearance.tsx'
import { ConnectionLine } from './connection-line.tsx'
import { frameWords, roleWords } from './frame-words.ts'
import { Leaving } from './leaving.tsx'
import { PageNotes } from './page-notes.tsx'
import { usePageTitle } from './page-title.ts'
import { type PlaceOfNavigation, placesOf } from './places.ts'
import styles from './frame.module.css'

/** What is around every page: who is signed in, where one may go, and how the page stands with the platform. */
export function Frame() {
  const { data: session, error, refetch } = useQuery(sessionQuery)
  usePageTitle()
  const [last, setLast] = useState<Person>()
  const isAnother = session && last !== undefined && session.person.id !== last.id
  if (session && !isAnother && session.person !== last) setLast(session.person)
  useEffect(() => {
    if (last) forgetOthers(last.id)
  }, [last])
  // What a page was told is for one person: whoever signs in elsewhere on this device begins with none of it.
  useEffect(() => {
    if (isAnother) location.reload()
  }, [isAnother])
  if (isAnother || session === undefined)
    return (
      <main>
        {error && !isAnother ? <Failed error={error} retry={() => void refetch()} isPage /> : <Loading isPage />}
      </main>
    )
  if (session === null && last === undefined) return <Welcome />
  if (session === null) return <SessionEnded />
  return (
    <Announcements>
      <LiveProvider key={session.person.id}>
        <ActsProvider>
          <Signed mode={session.mode} />
        </ActsProvider>
      </LiveProvider>
    </Announcements>
  )
}

function Signed({ mode }: { mode: string }) {
  const person = usePerson()
  const words = useWords(frameWords)
  const isBare = useRouterState({ select: ({ matches }) => matches.some(({ staticData }) => staticData.isBare) })
  if (isBare)
    return (
      <main id="content" tabIndex={-1} data-bare>
        <Outlet />
      </main>
    )
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {words.toContent}
      </a>
      <header className={`${styles.head} unprinted`}>
        <Link to="/" className={styles.brand ?? ''}>
          Relais
        </Link>
        <nav aria-label={words.navigation} className={styles.navigation}>
          {placesOf(person).map((place) => (
            <PlaceLink key={place.path} place={place} />
          ))}
        </nav>
        <PersonMenu person={person} isDemonstration={mode === 'demonstration'} />
      </header>
      <ConnectionLine />
      <main id="content" className={styles.content} tabIndex={-1}>
        <FocusOnArrival />
        <PageNotes />
        <Outlet />
      </main>
    </div>
  )
}

function PlaceLink({ place: { word, path, ward } }: { place: PlaceOfNavigation }) {
  const words = useWords(frameWords)
  const { organisation } = usePerson()
  const { data: facility } = useQuery({
    ...facilityQuery(organisation ?? ''),
    enabled: ward !== undefined && organisation !== undefined,
  })
  const label = word === 'ward' ? (facility?.wards.find(({ code }) => code === ward)?.label ?? ward ?? '') : words[word]
  return (
    <Link to={path} className={styles.place ?? ''} activeProps={{ 'aria-current': 'page' }}>
      {label}
    </Link>
  )
}

function PersonMenu({ person, isDemonstration }: { person: Person; isDemonstration: boolean }) {
  const words = useWords(frameWords)
  const roleOf = useWords(roleWords)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        <span className="aside">{`${words.you} : `}</span>
        <span className={styles.who}>
          <strong>{person.name}</strong>
          <span className="soft">{person.organisationName ?? roleOf(person.role)}</span>
        </span>
      </Button>
      <Dialog title={person.name} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p className="soft">{[roleOf(person.role), person.organisationName].filter(Boolean).join(' · ')}</p>
        <Appearance />
        {isDemonstration && <p className="soft">{words.demonstration}</p>}
        <div className="row">
          <Link to="/preferences" onClick={() => setOpen(false)}>
            {words.preferences}
          </Link>
          {isDemonstration && (
            <Link to="/tour" onClick={() => setOpen(false)}>
              {words.tour}
            </Link>
          )}
        </div>
        <Leaving />
      </Dialog>
    </>
  )
}

function Welcome() {
  const words = useWords(frameWords)
  return (
    <main className={styles.welcome}>
      <h1>Relais</h1>
      <p className={styles.lead}>{words.welcome}</p>
      <p className="soft">{words.welcomeText}</p>
      <Button kind="primary" onPress={() => signIn()}>
        {words.signIn}
      </Button>
    </main>
  )
}

function SessionEnded() {
  const words = useWords(frameWords)
  return (
    <main className={styles.welcome}>
      <h1>{words.signedOutTitle}</h1>
      <p>{words.signedOutText}</p>
      <Button kind="primary" onPress={() => signIn()}>
        {words.signInAgain}
      </Button>
    </main>
  )
}

/** A page that arrives is read from its beginning, by eye and aloud. */
function FocusOnArrival() {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    document.getElementById('content')?.focus()
  }, [path])
  return null
}
