import type { Method } from '../api/call.ts'
import { isPassing, isSignedOut, Refused } from '../api/problem.ts'

/** What somebody does: one command of the platform. Ids in it are chosen here, so that sent again it is the same act. */
export type Act = {
  id: string
  /** What it is about. One act at a time is under way for each. */
  subject: string
  method: Exclude<Method, 'GET'>
  path: string
  body?: unknown
  /** In the words of who did it: `Prise de connaissance`. */
  what: string
  /** The keys of what is shown differently once it is done. */
  affects: readonly (readonly string[])[]
  /** What takes it back, where the domain knows such a thing. `{name}` in its path is that field of the answer. */
  undo?: Pick<Act, 'method' | 'path' | 'body' | 'what'>
  at: number
}
export type Refusal = { code: string; errors: readonly { pointer: string; message: string }[] }
export type KeptAct = Act & { state: 'waiting' | 'sending' | 'refused'; refusal?: Refusal }

export type OutboxDeps = {
  /** Answers what the platform answered, where it said something. */
  send(act: Act): Promise<unknown>
  load(): KeptAct[]
  save(acts: readonly KeptAct[]): void
  after(milliseconds: number, run: () => void): () => void
  onDone(act: Act, answer: unknown): void
  onRefused(act: Act, refusal: Refusal): void
  /** It waits: for the network, or for who sent it to sign in again. */
  onWaiting(act: Act, because: 'unreachable' | 'signedOut'): void
}

export type Outbox = {
  /** `false` where an act about the same subject is under way: a second click sends nothing. */
  add(act: Act): boolean
  /** Now rather than when the time comes: the network is back, or somebody asks. */
  retry(): void
  /** Gives up what was refused, or what waits. What is being sent is not given up: it may have arrived. */
  drop(id: string): void
  list(): readonly KeptAct[]
  subscribe(listener: () => void): () => void
}

const FIRST_DELAY_MILLISECONDS = 1000
const LONGEST_DELAY_MILLISECONDS = 15_000

/** Sends acts in their order, each until it is answered; what waits survives a reload of the page. */
export function openOutbox({ send, load, save, after, onDone, onRefused, onWaiting }: OutboxDeps): Outbox {
  // What was being sent when the page went away may have arrived: it is sent again, and is the same act.
  let acts: readonly KeptAct[] = load().map((act) => (act.state === 'sending' ? { ...act, state: 'waiting' } : act))
  const listeners = new Set<() => void>()
  let isSending = false
  let failures = 0
  let cancelRetry = () => {}

  function change(next: readonly KeptAct[]): void {
    acts = next
    save(acts)
    for (const listener of listeners) listener()
  }
  const replace = (id: string, changed: Partial<KeptAct>) =>
    change(acts.map((act) => (act.id === id ? { ...act, ...changed } : act)))
  const remove = (id: string) => change(acts.filter((act) => act.id !== id))

  async function run(): Promise<void> {
    if (isSending) return
    isSending = true
    cancelRetry()
    try {
      for (let next = firstWaiting(acts); next; next = firstWaiting(acts)) if (!(await attempt(next))) return
    } finally {
      isSending = false
    }
  }

  /** Whether the next one may go. */
  async function attempt(act: KeptAct): Promise<boolean> {
    replace(act.id, { state: 'sending' })
    let answer: unknown
    try {
      answer = await send(act)
    } catch (error) {
      return failed(act, error)
    }
    failures = 0
    remove(act.id)
    onDone(act, answer)
    return true
  }

  function failed(act: KeptAct, error: unknown): boolean {
    if (isPassing(error) || isSignedOut(error)) {
      replace(act.id, { state: 'waiting' })
      const delay = Math.min(FIRST_DELAY_MILLISECONDS * 2 ** failures, LONGEST_DELAY_MILLISECONDS)
      failures += 1
      cancelRetry = after(delay, () => void run())
      onWaiting(act, isPassing(error) ? 'unreachable' : 'signedOut')
      return false
    }
    const { code, errors } = error instanceof Refused ? error : { code: 'unknown', errors: [] }
    replace(act.id, { state: 'refused', refusal: { code, errors } })
    onRefused(act, { code, errors })
    return true
  }

  void run()
  return {
    add(act) {
      if (acts.some(({ subject, state }) => subject === act.subject && state !== 'refused')) return false
      change([...acts.filter(({ subject }) => subject !== act.subject), { ...act, state: 'waiting' }])
      void run()
      return true
    },
    retry() {
      failures = 0
      void run()
    },
    drop(id) {
      if (acts.some((act) => act.id === id && act.state !== 'sending')) remove(id)
    },
    list: () => acts,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const firstWaiting = (acts: readonly KeptAct[]) => acts.find(({ state }) => state === 'waiting')

/** A path whose `{names}` are fields of an answer; `undefined` where the answer lacks one. */
export function filledPath(path: string, answer: unknown): string | undefined {
  const fields: ReadonlyMap<string, unknown> = new Map(
    typeof answer === 'object' && answer !== null ? Object.entries(answer) : [],
  )
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  if (names.some((name) => typeof fields.get(name) !== 'string')) return undefined
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields.get(name))))
}
