import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useActs } from '../acts/acts.tsx'
import { forgetOthers } from '../acts/kept.ts'
import { answer } from '../api/call.ts'
import { signIn } from '../api/session.ts'
import { Button } from '../design/button.tsx'
import { useWords } from '../messages/language.tsx'
import { frameWords } from './frame-words.ts'

type Way = 'person' | 'signOut'

/** Leaves the place to somebody else. What this tab has not sent yet would go with it: that is asked first. */
export function Leaving() {
  const words = useWords(frameWords)
  const { acts } = useActs()
  const signOut = useSignOut()
  const [asked, setAsked] = useState<Way>()
  const unsent = acts.filter(({ state }) => state !== 'refused').length
  const leave = {
    person: () => {
      // Said once is enough: what waits is given up here.
      if (unsent > 0) forgetOthers()
      signIn({ change: true })
    },
    signOut: () => void signOut.run(),
  }
  const begin = (way: Way) => (unsent > 0 && asked !== way ? setAsked(way) : leave[way]())
  const isAsked = asked !== undefined && unsent > 0
  return (
    <div className="stack">
      <div className="row">
        <Button onPress={() => begin('person')}>
          {isAsked && asked === 'person' ? words.changeAnyway : words.changePerson}
        </Button>
        <Button onPress={() => begin('signOut')} isPending={signOut.isPending}>
          {isAsked && asked === 'signOut' ? words.signOutAnyway : words.signOut}
        </Button>
      </div>
      <p role="status">{isAsked ? words.unsent(unsent) : ''}</p>
      {signOut.hasFailed && <p role="alert">{words.signOutFailed}</p>}
    </div>
  )
}

function useSignOut() {
  const queries = useQueryClient()
  const [state, setState] = useState<'pending' | 'failed'>()
  const run = async () => {
    setState('pending')
    try {
      const { continueAt } = await answer<{ continueAt?: string }>({ method: 'POST', path: '/app/sign-out' })
      forgetOthers()
      queries.clear()
      location.assign(continueAt ?? '/app/')
    } catch {
      setState('failed')
    }
  }
  return { run, isPending: state === 'pending', hasFailed: state === 'failed' }
}
