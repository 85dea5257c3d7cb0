import type { InboxItem } from '@relais/contracts/boards'
import { noticeEvents } from '@relais/contracts/notices'
import { given, ofReferral, ofStep } from '@relais/runtime/loop-facts.fixture'
import { newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acted, openBoards, sent } from '../boards.fixture.ts'
import { recordLoop, workSent } from '../work.fixture.ts'

const stays = [newStay(), newStay()] as const
const anyStay = fc.constantFrom(...stays)
const anyAt = fc.constantFrom(1, 2, 3).map((day) => `2026-11-0${day}T12:00:00.000Z`)

/** What may be said of one item: asked anew, told, and acknowledged or not. */
const anyAsked = fc.record({
  what: fc.constant('work' as const),
  stay: anyStay,
  subject: fc.constantFrom('referral' as const, 'call' as const, 'visit' as const),
  state: fc.constantFrom('open' as const, 'open' as const, 'done' as const, 'withdrawn' as const),
  action: fc.constantFrom('doStep' as const, 'acknowledge' as const),
  dueAt: fc.option(anyAt, { nil: undefined }),
  at: anyAt,
  isTold: fc.boolean(),
  isActed: fc.boolean(),
})
const anyTold = fc.record({
  what: fc.constant('stay' as const),
  stay: anyStay,
  at: anyAt,
  dueAt: fc.option(anyAt, { nil: undefined }),
  isActed: fc.boolean(),
})
type Said = typeof anyAsked extends fc.Arbitrary<infer A> ? A : never
type ToldOf = typeof anyTold extends fc.Arbitrary<infer T> ? T : never

/** An inbox as the words of the specification say it: of each item the last word. */
function naive(history: readonly (Said | ToldOf)[], status: 'open' | 'done') {
  const items = new Map<string, { isOpen: boolean; isDue: boolean; order: string; kind: string; id: string }>()
  for (const said of history) {
    const { stay, at, dueAt, isActed } = said
    const id = said.what === 'stay' ? stay.stayId : subjectOf(stay, said.subject)
    const isOpen =
      said.what === 'stay' ? !isActed : said.state === 'open' && (said.action === 'doStep' || !(said.isTold && isActed))
    items.set(id, { isOpen, isDue: dueAt !== undefined, order: dueAt ?? at, kind: said.what, id })
  }
  const listed = [...items.values()].filter(({ isOpen }) => isOpen === (status === 'open'))
  return listed.map(({ kind, id }) => [kind, id]).toSorted(asText)
}

const asText = (one: readonly unknown[], other: readonly unknown[]) => (String(one) < String(other) ? -1 : 1)

function subjectOf(stay: Stay, subject: Said['subject']): string {
  const key = subject === 'referral' ? ofReferral(stay) : ofStep(stay, subject)
  return key.kind === 'referral' ? `referral/${key.referralId}` : `run/${key.runId}/${key.stepId}`
}

const keyOf = (item: InboxItem) => {
  if (item.kind === 'stay') return ['stay', item.stayId]
  const { subject } = item.work
  const id = subject.kind === 'referral' ? `referral/${subject.referralId}` : `run/${subject.runId}/${subject.stepId}`
  return ['work', id]
}
/** What is due, then what is not, the last said first. */
function orderOf(item: InboxItem): string {
  const dueAt = item.kind === 'stay' ? item.expected.dueAt : item.work.expected.dueAt
  if (dueAt !== undefined) return `1 ${dueAt}`
  const since = item.kind === 'stay' ? item.receipts.sentAt : item.happenedAt
  return `2 ${new Date(Date.UTC(2100, 0) - Date.parse(since)).toISOString()}`
}

eachDatabase('an inbox', (open) => {
  test('is, whatever was asked, told and acknowledged, what a reader of it all would say, however it is paged', async () => {
    const { record, at, as } = await openBoards(open)
    let runs = 0
    const history = fc.array(fc.oneof(anyAsked, anyTold), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 4 }), async (said, limit) => {
        runs += 1
        const recipient = `rpps:2000000${String(runs).padStart(4, '0')}`
        let position = 0
        for (const [number, one] of said.entries()) position = await tell(record, one, { recipient, number })
        const question = await as({ id: recipient, role: 'medecin', scopes: ['inbox:read'] })
        for (const status of ['open', 'done'] as const) {
          const items: InboxItem[] = []
          for (let after = ''; items.length <= said.length;) {
            const { body } = await question(`/inbox?status=${status}&limit=${limit}${after}`, { headers: at(position) })
            items.push(...body.items)
            if (body.next === undefined) break
            after = `&after=${body.next}`
          }
          expect(items.map(keyOf).toSorted(asText)).toEqual(naive(said, status))
          const order = status === 'open' ? items.map(orderOf) : []
          expect(order).toEqual(order.toSorted())
        }
      }),
      { numRuns: 12 },
    )
  })
})

type To = { recipient: string; number: number }
type Record = Awaited<ReturnType<typeof openBoards>>['record']

async function tell(record: Record, said: Said | ToldOf, { recipient, number }: To): Promise<number> {
  const { stay, at, dueAt, isActed } = said
  if (said.what === 'stay') {
    const due = dueAt === undefined ? {} : { expectedDischargeAt: dueAt }
    const notice = sent(stay, { recipient, number, sentAt: at, ...due })
    const position = await record(noticeEvents, notice.event, { owner: notice.noticeId })
    return isActed ? record(noticeEvents, acted(notice), { owner: notice.noticeId }) : position
  }
  const subject = said.subject === 'referral' ? ofReferral(stay) : ofStep(stay, said.subject)
  const { state, action } = said
  const event = given(stay, { subject, recipient, state, action, at, ...(dueAt === undefined ? {} : { dueAt }) })
  const id = crypto.randomUUID()
  const position = await recordLoop(record, event, { id })
  if (!said.isTold) return position
  const notice = workSent(event, id)
  const told = await record(noticeEvents, notice.sent, { owner: notice.noticeId })
  return isActed ? record(noticeEvents, notice.acted, { owner: notice.noticeId }) : told
}
