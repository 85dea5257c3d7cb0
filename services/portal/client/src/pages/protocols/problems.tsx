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

type Known = {
  problems: readonly DefinitionProblem[]
  /** The fields that somebody has been in; all of a protocol that was published before. */
  visited: ReadonlySet<string> | 'all'
}
export const Problems = createContext<Known>({ problems: [], visited: 'all' })

/** What is wrong with a field; of what is inside it too, unless it has fields of its own. */
function useProblem(path: string, isWhole = true): string | undefined {
  return problemAt(useContext(Problems).problems, path, isWhole)
}

/**
 * A field of the definition: where it is found from the list of problems, and what is wrong with it. Nobody is told that a
 * field is empty before having been there.
 */
export function useField(path: string) {
  const { visited } = useContext(Problems)
  const [id, error] = [fieldId(path), useProblem(path)]
  return { id, error: visited === 'all' || visited.has(id) ? error : undefined }
}

/** Whether something is wrong with a group of fields, one of which somebody has been in. */
export function useHasProblem(path: string): boolean {
  const { visited } = useContext(Problems)
  const hasProblem = useProblem(path) !== undefined
  const isVisited = visited === 'all' || [...visited].some((id) => id.startsWith(`${fieldId(path)}-`))
  return hasProblem && isVisited
}

/** The fields that somebody has been in: the group that holds them says so. */
export function useVisited(isKnown: boolean) {
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set())
  const onBlur = ({ target: { id } }: { target: Element }) => {
    if (id !== '' && !visited.has(id)) setVisited(new Set([...visited, id]))
  }
  return { visited: isKnown ? ('all' as const) : visited, onBlur }
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
