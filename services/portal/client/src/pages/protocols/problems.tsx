import type { DefinitionProblem } from '@relais/contracts/protocols'
import type { validateProtocol } from '@relais/contracts/protocol-routes'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState } from 'react'
import { call } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import { editorWords } from './editor-words.ts'
import { fieldId, pathsOutwards, problemAt } from './problem-paths.ts'
import type { WrittenDefinition } from './written-definition.ts'
import styles from './editor.module.css'

const PAUSE_MILLISECONDS = 400

export const Problems = createContext<readonly DefinitionProblem[]>([])

/** What is wrong with a field; of what is inside it too, unless it has fields of its own. */
export function useProblem(path: string, isWhole = true): string | undefined {
  return problemAt(useContext(Problems), path, isWhole)
}

/** A field of the definition: where it is found from the list of problems, and what is wrong with it. */
export function useField(path: string) {
  return { id: fieldId(path), error: useProblem(path) }
}

/** What the platform says of a definition as it is written; it is asked when whoever writes pauses. */
export function useValidation(written: WrittenDefinition) {
  const text = JSON.stringify(written)
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [text])
  const { data, isFetching, isError } = useQuery({
    queryKey: ['protocol-problems', asked],
    queryFn: async ({ signal }) => {
      const definition: unknown = JSON.parse(asked)
      const body = { definition }
      return (await call<typeof validateProtocol>({ method: 'POST', path: '/protocols/validate', body, signal }))
        .problems
    },
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
  const isChecked = data !== undefined && asked === text && !isFetching && !isError
  return { problems: data ?? [], isChecked, isGood: isChecked && data.length === 0 }
}

/** A problem that belongs to a group of fields, and to none of them. */
export function ProblemOf({ path }: { path: string }) {
  const message = useProblem(path, false)
  if (message === undefined) return null
  return (
    <p className={styles.problem} lang="fr">
      {message}
    </p>
  )
}

type Listed = {
  problems: readonly DefinitionProblem[]
  isChecked: boolean
  steps: readonly { title: string }[]
}

/** All that is wrong, each with the way to its field. */
export function ProblemList({ problems, isChecked, steps }: Listed) {
  const words = useWords(editorWords)
  const placeOf = (path: string) => {
    const index = Number(/^steps\[(\d+)\]/.exec(path)?.[1] ?? -1)
    if (index >= 0) return words.step(index + 1, steps[index]?.title ?? '')
    return path.startsWith('trigger') ? words.trigger : words.about
  }
  return (
    <section className={styles.problems} aria-labelledby="problems">
      <h2 id="problems">{words.problems}</h2>
      <p role="status">
        {problems.length > 0 ? words.problemCount(problems.length) : isChecked ? words.noProblems : words.checking}
      </p>
      {problems.length > 0 && (
        <ul className={styles.problemList}>
          {problems.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <span>
                {placeOf(path)} — <span lang="fr">{message}</span>
              </span>
              <Button kind="quiet" label={`${words.goTo} : ${placeOf(path)}, ${message}`} onPress={() => goTo(path)}>
                {words.goTo}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function goTo(path: string): void {
  const place = pathsOutwards(path)
    .map((each) => document.getElementById(fieldId(each)))
    .find((each) => each !== null)
  if (!place) return
  for (let part = place.parentElement; part; part = part.parentElement)
    if (part instanceof HTMLDetailsElement) part.open = true
  const control = place.matches('input, select, textarea')
    ? place
    : place.querySelector<HTMLElement>('input, select, textarea, button')
  ;(control ?? place).scrollIntoView({ block: 'center' })
  ;(control ?? place).focus()
}
