import type { AppendOutcome } from './log.ts'
import type { Append } from './transaction.ts'

type Pending = { append: Append; resolve: (outcome: AppendOutcome) => void; reject: (error: Error) => void }

/** Appends that wait: first to be sent to the writer, then for its answers, which come in the order of sending. */
export function pendingAppends() {
  let unsent: Pending[] = []
  let unanswered: Pending[] = []

  function refuse(count: number, error: Error) {
    for (const { reject } of unanswered.splice(0, count)) reject(error)
  }
  return {
    add: (append: Append) =>
      new Promise<AppendOutcome>((resolve, reject) => {
        unsent.push({ append, resolve, reject })
      }),
    /** What is to be sent now. */
    take(): Append[] {
      const taken = unsent
      unanswered = unanswered.concat(taken)
      unsent = []
      return taken.map(({ append }) => append)
    },
    /** @returns the appends that were answered */
    answer(outcomes: readonly AppendOutcome[]): Append[] {
      const answered = unanswered.splice(0, outcomes.length)
      for (const [index, outcome] of outcomes.entries()) answered[index]?.resolve(outcome)
      return answered.map(({ append }) => append)
    },
    refuse,
    refuseAll(error: Error) {
      unanswered = unanswered.concat(unsent)
      unsent = []
      refuse(unanswered.length, error)
    },
  }
}
