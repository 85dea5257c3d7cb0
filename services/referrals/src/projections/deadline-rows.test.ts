import type { Instant } from '@relais/contracts/primitives'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { Deadline } from '@relais/deadlines/deadline'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReferralCommand } from '../domain/commands.ts'
import { referral } from '../domain/referral.ts'
import {
  accepts,
  after,
  ask,
  at,
  cancels,
  closes,
  colleague,
  declines,
  gp,
  member,
  receivers,
  redirects,
  rung,
  schedules,
  team,
} from '../domain/referral.fixture.ts'
import { commandOf } from '../reactions/fire-deadlines.ts'
import { deadlineRows } from './deadline-rows.ts'

/** What is set and not cleared, after these facts. */
function standing(events: readonly ReferralEvent[]): Deadline[] {
  const deadlines = new Map<unknown, Deadline>()
  for (const operation of events.flatMap(deadlineRows)) {
    if (operation.op === 'delete') deadlines.delete(operation.key['deadline_id'])
    else {
      const { deadline_id, kind, subject, due_at, detail } = operation.row
      const text = (value: unknown) => String(value)
      const known = { deadlineId: text(deadline_id), kind: text(kind), subject: text(subject), dueAt: text(due_at) }
      deadlines.set(deadline_id, { ...known, detail: JSON.parse(text(detail)) as Deadline['detail'] })
    }
  }
  return [...deadlines.values()].toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1))
}

/** These commands, as far as they are accepted. */
function recorded(commands: readonly ReferralCommand[]): ReferralEvent[] {
  const events = after(asked)
  for (const command of commands) {
    const decision = referral.decide(command, events.reduce(referral.evolve, referral.initialState))
    if (decision.accepted) events.push(...decision.events)
  }
  return events
}

const asked = ask({
  kind: 'unscheduled',
  promise: 'snp24',
  receivers: receivers(gp, colleague),
  priority: { recipients: [gp], until: at('09:30') },
  ladder: [rung('10:00', team), rung('13:00', member)],
})
const anyMoment = fc.constantFrom<Instant[]>(at('09:00'), at('09:45'), at('11:00'), at('14:00'))
const anyAct = fc
  .tuple(fc.constantFrom(gp, colleague, team), fc.constantFrom(colleague, team, member), anyMoment)
  .chain(([recipient, other, when]) =>
    fc.constantFrom<ReferralCommand[]>(
      accepts(recipient, when),
      declines(recipient, when),
      redirects(recipient, other, when),
      schedules(at('15:00'), when, recipient),
      { type: 'Widen', at: when },
      { type: 'Escalate', rung: 0, at: when },
      { type: 'NoteOverdue', recipient, at: when },
    ),
  )
const anyHistory = fc.array(anyAct, { maxLength: 8 })

test('a request waits for an answer, for the end of the first turn, for each rung and for its promise', () => {
  expect(standing(recorded([])).map(({ kind, dueAt }) => `${kind} ${dueAt}`)).toEqual([
    `widenReferral ${at('09:30')}`,
    `escalateReferral ${at('10:00')}`,
    `answerOverdue ${at('12:00')}`,
    `escalateReferral ${at('13:00')}`,
    `settlePromise ${at('08:00', '24')}`,
  ])
})

test('what falls due is over once it was fired, whatever came before', () =>
  fc.assert(
    fc.property(anyHistory, (commands) => {
      const events = recorded(commands)
      for (let round = 0; round < 20; round += 1) {
        const [deadline] = standing(events)
        if (deadline === undefined) return
        const state = events.reduce(referral.evolve, referral.initialState)
        const decision = referral.decide(commandOf(deadline, deadline.dueAt), state)
        if (decision.accepted) events.push(...decision.events)
        expect(standing(events).map(({ deadlineId }) => deadlineId)).not.toContain(deadline.deadlineId)
      }
      throw new Error('There is no end to what falls due')
    }),
  ))

test('nothing falls due once a referral has ended', () =>
  fc.assert(
    fc.property(anyHistory, fc.constantFrom(closes(at('16:00')), cancels(at('16:00'))), (commands, end) => {
      expect(standing(recorded([...commands, end]))).toEqual([])
    }),
  ))
