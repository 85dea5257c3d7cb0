import { absenceEvents, type AbsenceEvent } from '@relais/contracts/absences'
import { circleEvents, type CircleEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import { PatientId } from '@relais/contracts/primitives'
import { ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { ReferralId } from '@relais/contracts/work'
import { eventCodec } from '@relais/events/codec'
import { anyAbsenceFact, anyCareFact } from '@relais/runtime/care-facts.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { test } from 'vitest'
import {
  accepts,
  after,
  answers,
  ask,
  at,
  cancels,
  closes,
  colleague,
  declines,
  gp,
  receivers,
  redirects,
  rung,
  schedules,
  sees,
  team,
} from '../domain/referral.fixture.ts'
import { referrals } from './referrals.ts'

const asked = ask({
  receivers: receivers(gp, colleague),
  ladder: [rung('10:00', team)],
  priority: { recipients: [gp], until: at('09:30') },
})
const histories = [
  after(asked, accepts(), schedules(at('14:00', '25')), sees(at('11:00')), answers(at('12:00')), closes(at('13:00'))),
  after(asked, declines(), declines(colleague, at('09:40')), { type: 'NoteOverdue', recipient: team, at: at('12:00') }),
  after(asked, redirects(gp, team), accepts(team), cancels(at('13:00'))),
  after(ask({ kind: 'unscheduled', promise: 'snp24' }), { type: 'SettlePromise', at: at('08:00', '24') }),
]

/** Any fact of any of these histories, told of one of three referrals. */
const referralFact: fc.Arbitrary<Recordable> = fc
  .tuple(fc.constantFrom(...histories.flat()), fc.constantFrom(1, 2, 3))
  .map(([{ type, data }, n]) => {
    const referralId = ReferralId.parse(`00000000-0000-4000-8000-00000000000${n}`)
    const patientId = PatientId.parse(`a0000000-0000-4000-8000-00000000000${n}`)
    const event = ReferralEvent.parse({ type, data: { ...data, referralId, patientId } })
    return (record) => record(referralEvents, event, { owner: referralId })
  })

eachDatabase('the projection of referrals', (open) => {
  test('stopped anywhere and resumed from any earlier checkpoint, shows the same', async () => {
    const property = resumesFromAnywhere({
      projection: referrals,
      codecs: (keyring) => [
        eventCodec<ReferralEvent>(referralEvents, keyring),
        eventCodec<StayEvent>(stayEvents, keyring),
        eventCodec<CircleEvent>(circleEvents, keyring),
        eventCodec<LinkEvent>(linkEvents, keyring),
        eventCodec<NoticeEvent>(noticeEvents, keyring),
        eventCodec<AbsenceEvent>(absenceEvents, keyring),
      ],
      facts: fc.oneof({ weight: 3, arbitrary: referralFact }, anyCareFact, anyAbsenceFact),
      open,
    })
    await fc.assert(property, { numRuns: 8 })
  })
})
