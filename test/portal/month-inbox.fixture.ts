import type { InboxItem } from '@relais/contracts/boards'
import type { Seen, Step } from './month-visit.fixture.ts'

type Kept = { seen: Seen; isDone: boolean }

/** The inbox as it has to be, from what the hospital said and from what the GP did: of the platform it knows nothing. */
export function inboxToBe() {
  const stays = new Map<string, Kept>()
  let again = 0
  const lines = (isDone: boolean) =>
    [...stays.values()].flatMap((kept) => (kept.isDone === isDone ? lineOf(kept.seen) : [])).toSorted()
  return {
    hears({ visit, seen, isQuiet = false }: Step): void {
      const before = stays.get(visit)
      if (!seen || (before?.isDone && isQuiet)) return
      if (before?.isDone) again += 1
      stays.set(visit, { seen, isDone: false })
    },
    deals(line: string): void {
      for (const kept of stays.values()) if (lineOf(kept.seen) === line) kept.isDone = true
    },
    open: () => lines(false),
    done: () => lines(true),
    /** How often something came back that had been dealt with. */
    again: () => again,
  }
}

function lineOf({ ipp, status, class: patientClass, ward, room, dueAt }: Seen): string {
  if (status === 'withdrawn') return `${ipp} withdrawn acknowledge`
  const expected = dueAt === undefined ? 'acknowledge' : `planFollowUp ${minuteOf(dueAt)}`
  return `${ipp} ${status} ${patientClass} ${ward} ${room} ${expected}`
}

const minuteOf = (at: number | string) => new Date(at).toISOString().slice(0, 16)

/** The same of an item that the platform gives. */
export function lineOfItem(item: InboxItem, ippOf: (patientId: string) => string | undefined): string {
  if (item.kind !== 'stay') return `${item.work.title} ${item.work.expected.action}`
  const { status, patientClass = '', wards, room = '' } = item.standing
  const ipp = ippOf(item.patientId) ?? item.patientId
  const { action, dueAt } = item.expected
  const expected = dueAt === undefined ? action : `${action} ${minuteOf(dueAt)}`
  if (status === 'withdrawn') return `${ipp} withdrawn ${expected}`
  return `${ipp} ${status} ${patientClass} ${wards[0]?.code ?? ''} ${room} ${expected}`
}
