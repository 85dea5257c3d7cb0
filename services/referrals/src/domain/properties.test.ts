import type { Instant, Recipient } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReferralCommand } from './commands.ts'
import { referral } from './referral.ts'
import type { ReferralState } from './referral-state.ts'
import {
  accepts,
  answers,
  ask,
  at,
  cancels,
  closes,
  colleague,
  declines,
  document,
  gp,
  nurse,
  questionId,
  receivers,
  redirects,
  rung,
  schedules,
  sees,
  stayId,
  team,
} from './referral.fixture.ts'

const anyRecipient = fc.constantFrom<Recipient[]>(gp, colleague, team)
const anyMoment = fc.constantFrom<Instant[]>(
  at('09:00'),
  at('10:00'),
  at('13:00'),
  at('08:00', '24'),
  at('09:00', '26'),
)
const anyDocument = fc.constantFrom(document(5), document(6))

const anyRequest = fc
  .record({
    mode: fc.constantFrom('independent' as const, 'firstAcceptance' as const),
    kind: fc.constantFrom('takeOver' as const, 'advice' as const, 'unscheduled' as const),
    named: fc.constantFrom([gp], [gp, colleague]),
    hasLadder: fc.boolean(),
    hasPriority: fc.boolean(),
  })
  .map(({ mode, kind, named, hasLadder, hasPriority }) =>
    ask({
      mode,
      kind,
      receivers: receivers(...named),
      ladder: hasLadder ? [rung('10:00', team)] : [],
      ...(hasPriority && mode === 'firstAcceptance' ? { priority: { recipients: [gp], until: at('09:30') } } : {}),
      ...(kind === 'unscheduled' ? { promise: 'snp24' as const } : {}),
    }),
  )

const anyAct: fc.Arbitrary<ReferralCommand> = fc
  .record({ recipient: anyRecipient, other: anyRecipient, when: anyMoment, later: anyMoment, text: anyDocument })
  .chain(({ recipient, other, when, later, text }) => {
    const said = { recipient, by: recipient, at: when }
    return fc.constantFrom<ReferralCommand[]>(
      accepts(recipient, when),
      declines(recipient, when),
      redirects(recipient, other, when),
      schedules(later, when, recipient),
      sees(later, when, recipient),
      answers(when, recipient, text),
      { type: 'RecordNoShow', startsAt: later, ...said },
      { type: 'Take', for: other, ...said },
      { type: 'Release', ...said },
      { type: 'AskInformation', questionId, question: text, ...said },
      { type: 'GiveInformation', by: nurse, questionId, answer: text, at: when },
      { type: 'AskOthers', receivers: receivers(recipient), by: nurse, at: when },
      { type: 'Widen', at: when },
      { type: 'Escalate', rung: 0, at: when },
      { type: 'NoteOverdue', recipient, at: when },
      { type: 'SettlePromise', at: when },
      { type: 'NoteStayWithdrawn', stayId, at: when },
      { type: 'AskStandIn', absent: recipient, standIn: other, at: when },
      { type: 'ReleaseStandIn', absent: recipient, standIn: other, at: when },
    )
  })

const anyEnd = fc.constantFrom<ReferralCommand[]>(closes(at('10:00', '26')), cancels(at('10:00', '26')), {
  type: 'CloseForDeath',
  at: at('10:00', '26'),
})
const anyCommand = fc.oneof({ weight: 3, arbitrary: anyRequest }, { weight: 9, arbitrary: anyAct }, anyEnd)

/** What is known once those commands that are accepted have been handled, in this order. */
function known(commands: readonly ReferralCommand[]): ReferralState {
  let state = referral.initialState
  for (const command of commands) {
    const decision = referral.decide(command, state)
    if (decision.accepted) state = decision.events.reduce(referral.evolve, state)
  }
  return state
}
const receiversOf = (state: ReferralState) => (state.status === 'unknown' ? [] : state.receivers)

const anyHistory = fc
  .tuple(anyRequest, fc.array(anyAct, { maxLength: 12 }))
  .map(([first, others]) => [first, ...others])

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(referral, anyCommand))

test('where the first acceptance counts there is at most one, whatever the order', () =>
  fc.assert(
    fc.property(anyHistory, (commands) => {
      const state = known(commands)
      if (state.status === 'unknown' || state.request.mode !== 'firstAcceptance') return
      expect(state.receivers.filter(({ accepted }) => accepted).length).toBeLessThanOrEqual(1)
    }),
  ))

test('once a referral has ended, nothing is expected of anybody', () =>
  fc.assert(
    fc.property(anyHistory, anyEnd, (commands, end) => {
      const state = known([...commands, end, closes(at('11:00', '26'))])
      expect(state).toMatchObject({ status: expect.stringMatching(/closed|cancelled/) })
      const open = state.status === 'unknown' ? [] : [...state.items].filter(([, item]) => item === 'open')
      expect(open).toEqual([])
    }),
  ))

test('as long as a referral is open, whoever may still answer has an item that says so', () =>
  fc.assert(
    fc.property(anyHistory, (commands) => {
      const state = known(commands)
      if (state.status !== 'open') return
      const waited = receiversOf(state).filter(({ standing }) =>
        ['asked', 'accepted', 'scheduled', 'noShow', 'seen'].includes(standing.status),
      )
      for (const { recipient } of waited) expect(state.items.get(recipient)).toBe('open')
    }),
  ))

test('nobody is asked twice', () =>
  fc.assert(
    fc.property(anyHistory, (commands) => {
      const recipients = receiversOf(known(commands)).map(({ recipient }) => recipient)
      expect(new Set(recipients).size).toBe(recipients.length)
    }),
  ))

test('where all have declined, the requester has something to see to', () =>
  fc.assert(
    fc.property(anyHistory, (commands) => {
      const state = known(commands)
      if (state.status !== 'open') return
      const haveAllDeclined = state.receivers.every(({ standing }) => standing.status === 'declined')
      const items = state.request.from.told.map((each) => state.items.get(each))
      expect(haveAllDeclined ? items : ['open']).toEqual(['open'])
    }),
  ))
