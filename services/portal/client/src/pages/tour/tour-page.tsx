import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { hasScope, signIn, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Tick } from '../../design/field.tsx'
import { useWords } from '../../messages/language.tsx'
import { DayControls } from './day-controls.tsx'
import { OPERATOR, type StepId, type TourStep, tourSteps } from './tour-steps.ts'
import { tourWords } from './tour-words.ts'
import styles from './tour.module.css'

/** What to try in a demonstration, step by step, and as whom. */
export function TourPage() {
  const words = useWords(tourWords)
  const steps = useWords(tourSteps)
  const person = usePerson()
  const [done, setDone, begin] = useDone()
  const count = steps.filter(({ id }) => done.includes(id)).length
  return (
    <div className={styles.page}>
      <h1>{words.title}</h1>
      <p>{words.intro}</p>
      <section className="card stack" aria-labelledby="day">
        <h2 id="day">{words.day}</h2>
        <p className="soft">{words.dayHelp}</p>
        {hasScope(person, 'demonstration') ? (
          <DayControls />
        ) : (
          <>
            <p>{words.onlyOperator}</p>
            <p className={styles.command}>npx -y pnpm@12 relais demo play --speed 60</p>
            <div>
              <Become name={OPERATOR} />
            </div>
          </>
        )}
      </section>
      <section className="stack" aria-labelledby="steps">
        <h2 id="steps">{words.steps}</h2>
        <div className="row">
          <p role="status" className="soft">
            {count === steps.length ? words.finished : words.count(count, steps.length)}
          </p>
          {count > 0 && (
            <Button kind="quiet" onPress={begin}>
              {words.again}
            </Button>
          )}
        </div>
        <ol className={styles.steps}>
          {steps.map((step, index) => (
            <StepCard key={step.id} step={step} place={index + 1} isDone={done.includes(step.id)} onDone={setDone} />
          ))}
        </ol>
      </section>
    </div>
  )
}

type StepCardProps = {
  step: TourStep
  place: number
  isDone: boolean
  onDone: (id: StepId, isDone: boolean) => void
}

function StepCard({ step: { id, title, what, as, path }, place, isDone, onDone }: StepCardProps) {
  const words = useWords(tourWords)
  const isThem = usePerson().name === as
  return (
    <li className="card stack" data-done={isDone || undefined}>
      <h3>{`${place}. ${title}`}</h3>
      <p className="row">
        {`${words.as} ${as}`}
        {isThem && <Badge tone="done">{words.youAre}</Badge>}
      </p>
      <ul className={styles.what}>
        {what.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <div className="row">
        {isThem ? (
          <Link to={path} className={styles.go ?? ''}>
            {words.go}
            <span className="aside">{` : ${title}`}</span>
          </Link>
        ) : (
          <Become name={as} />
        )}
        <Tick isOn={isDone} onChange={(isOn) => onDone(id, isOn)}>
          {words.done}
          <span className="aside">{` : ${title}`}</span>
        </Tick>
      </div>
    </li>
  )
}

function Become({ name }: { name: string }) {
  const words = useWords(tourWords)
  return <Button onPress={() => signIn({ change: true })}>{words.be(name)}</Button>
}

const KEPT = 'relais.tour'

/** Kept on this device, whoever one is: the tour goes from one person to the next. */
function useDone(): [readonly string[], change: (id: StepId, isDone: boolean) => void, begin: () => void] {
  const [done, setDone] = useState<readonly string[]>(() => localStorage.getItem(KEPT)?.split(' ') ?? [])
  const keep = (next: readonly string[]) => {
    localStorage.setItem(KEPT, next.join(' '))
    setDone(next)
  }
  const change = (id: StepId, isDone: boolean) => {
    const others = done.filter((one) => one !== id)
    keep(isDone ? [...others, id] : others)
  }
  return [done, change, () => keep([])]
}
