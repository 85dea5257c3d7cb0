import { type FunctionComponent, useEffect, useState } from 'react'
import { Unreachable } from '../api/problem.ts'
import { Failed, Loading } from '../design/states.tsx'

const RELOADED = 'relais.reloaded'

/** What a page returns MUST NOT be asked for: it depends on the routes, and they on this. */
type Page = () => void
type LazyPage = FunctionComponent & { preload(): Promise<void> }

/**
 * A page whose code comes when it is first opened. Where there is no network it says so and waits for it, instead of leaving
 * what is shown; where the platform has another version meanwhile, the whole application is loaded anew, once.
 */
export function lazyPage<Name extends string>(
  load: () => Promise<Record<Name, Page>>,
  name: Name,
  /** Of a page that has its heading already. */
  { isPart = false } = {},
): LazyPage {
  let arrived: FunctionComponent | undefined
  const fetchPage = async (): Promise<FunctionComponent> => {
    // What a page returns is rendered.
    arrived ??= (await load())[name] as FunctionComponent
    return arrived
  }

  function LazyPage() {
    const [Page, setPage] = useState(() => arrived)
    const [error, setError] = useState<unknown>()
    const [attempt, setAttempt] = useState(0)
    useEffect(() => {
      if (Page) return
      let isOver = false
      const failed = async (cause: unknown) => {
        if (await isAnotherVersion()) location.reload()
        else if (!isOver) setError(new Unreachable('no answer', { cause }))
      }
      fetchPage().then((found) => !isOver && setPage(() => found), failed)
      return () => {
        isOver = true
      }
    }, [Page, attempt])
    const retry = () => {
      setError(undefined)
      setAttempt((before) => before + 1)
    }
    useEffect(() => {
      if (error === undefined) return
      addEventListener('online', retry)
      return () => removeEventListener('online', retry)
    }, [error])
    if (Page) return <Page />
    return error === undefined ? <Loading isPage={!isPart} /> : <Failed error={error} retry={retry} isPage={!isPart} />
  }
  // What may be needed next is fetched before it is: nothing is lost where that fails.
  LazyPage.preload = () =>
    fetchPage().then(
      () => {},
      () => {},
    )
  return LazyPage
}

/** The platform answers, and has no such file any more. Tried once in a tab: what does not help is not done for ever. */
async function isAnotherVersion(): Promise<boolean> {
  const isThere = await fetch('/app/icon.svg', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )
  if (!isThere || sessionStorage.getItem(RELOADED) !== null) return false
  sessionStorage.setItem(RELOADED, 'yes')
  return true
}
