import { Actor } from '@relais/contracts/actor'
import { LegalGround } from '@relais/contracts/patients'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AccessDecision,
  type AccessFacts,
  type AccessQuestion,
  decideAccess,
  decideStayAccess,
  decisionInstant,
  mayFollowWard,
  type Membership,
  type StayPresence,
} from './decide.ts'

const nurse = Actor.parse({ id: 'rpps:10000000001', role: 'infirmier', wards: [], scopes: ['pathway:read'] })
const wardNurse = Actor.parse({ ...nurse, id: 'ch:42', organisation: '010000024', wards: ['2620', '2630'] })
const clerk = Actor.parse({ ...nurse, id: 'ch:77', role: 'admissions', organisation: '010000024', wards: ['2620'] })

const member: Membership = {
  memberId: nurse.id,
  role: 'infirmier',
  ground: 'exchange',
  joinedAt: '2026-11-01T08:00:00.000Z',
  leftAt: '2026-11-10T08:00:00.000Z',
}
const stay: StayPresence = {
  stayId: 'stay-1',
  facility: '010000024',
  wards: ['2610', '2620'],
  openedAt: '2026-11-01T08:00:00.000Z',
  closedAt: '2026-11-10T08:00:00.000Z',
}
const openStay: StayPresence = { stayId: 'stay-1', facility: '010000024', wards: ['2620'], openedAt: stay.openedAt }
const nothing: AccessFacts = { members: [], stays: [] }

const ask = (question: Partial<AccessQuestion>) =>
  decideAccess({ actor: nurse, facts: nothing, purpose: 'care', at: '2026-11-05T08:00:00.000Z', ...question })
const granted = (ground: LegalGround): AccessDecision => ({ granted: true, ground })
const denied = (reason: 'noRelation' | 'membershipEnded' | 'stayEnded'): AccessDecision => ({ granted: false, reason })

test('nobody sees a patient about whom nothing is known', () => {
  for (const actor of [nurse, wardNurse, clerk])
    for (const purpose of ['care', 'coordination'] as const)
      expect(ask({ actor, purpose })).toEqual(denied('noRelation'))
})

describe('a member of the care circle', () => {
  const facts = { ...nothing, members: [member] }
  test.each([
    ['not a millisecond before joining', '2026-11-01T07:59:59.999Z', denied('noRelation')],
    ['from the instant of joining', '2026-11-01T08:00:00.000Z', granted('exchange')],
    ['while a member', '2026-11-05T08:00:00.000Z', granted('exchange')],
    ['until the last millisecond', '2026-11-10T07:59:59.999Z', granted('exchange')],
    ['no longer from the instant of leaving', '2026-11-10T08:00:00.000Z', denied('membershipEnded')],
  ])('sees the patient: %s', (_, at, expected) => expect(ask({ facts, at })).toEqual(expected))

  test('sees the patient for both purposes, on the ground of the membership', () => {
    const { leftAt: _, ...lasting } = member
    const consented = { ...nothing, members: [{ ...lasting, ground: 'consent' as const }] }
    expect(ask({ facts: consented })).toEqual(granted('consent'))
    expect(ask({ facts: consented, purpose: 'coordination' })).toEqual(granted('consent'))
  })

  test('who left in one role keeps what another role gives', () => {
    const other: Membership = { ...member, role: 'referent-parcours', leftAt: '2026-12-01T08:00:00.000Z' }
    const at = '2026-11-20T08:00:00.000Z'
    expect(ask({ at, facts: { ...nothing, members: [member, other] } })).toEqual(granted('exchange'))
  })

  test('opens nothing to a colleague', () =>
    expect(ask({ facts, actor: { ...nurse, id: wardNurse.id } })).toEqual(denied('noRelation')))
})

describe('the staff of a ward', () => {
  const facts = { ...nothing, stays: [stay] }
  const open = { ...nothing, stays: [openStay] }

  test.each([
    ['not before Relais learned of the stay', '2026-11-01T07:59:59.999Z', denied('noRelation')],
    ['from when Relais learned of it', '2026-11-01T08:00:00.000Z', granted('establishmentTeam')],
    ['after the stay has closed', '2026-11-10T08:00:00.000Z', granted('establishmentTeam')],
    ['until thirty days later, to the millisecond', '2026-12-10T07:59:59.999Z', granted('establishmentTeam')],
    ['no longer at thirty days', '2026-12-10T08:00:00.000Z', denied('stayEnded')],
  ])('sees a patient of the ward: %s', (_, at, expected) =>
    expect(ask({ actor: wardNurse, facts, at })).toEqual(expected),
  )

  test('sees the patient as long as the stay is open', () =>
    expect(ask({ actor: wardNurse, facts: open, at: '2028-11-05T08:00:00.000Z' })).toEqual(
      granted('establishmentTeam'),
    ))
  test('sees a patient who went through the ward and is in another one by now', () =>
    expect(ask({ actor: { ...wardNurse, wards: ['2610'] }, facts })).toEqual(granted('establishmentTeam')))
  test('of another ward sees nothing', () =>
    expect(ask({ actor: { ...wardNurse, wards: ['2640'] }, facts })).toEqual(denied('noRelation')))
  test('of the ward with the same code in another facility sees nothing', () =>
    expect(ask({ actor: { ...wardNurse, organisation: '690000015' }, facts })).toEqual(denied('noRelation')))
  test('with no organisation sees nothing', () =>
    expect(ask({ actor: { ...nurse, wards: ['2620'] }, facts })).toEqual(denied('noRelation')))
  test('sees the patient by a later stay when an earlier one has ended', () =>
    expect(
      ask({
        actor: wardNurse,
        at: '2027-02-01T08:00:00.000Z',
        facts: { ...nothing, stays: [stay, { ...openStay, stayId: 'stay-2', openedAt: '2027-01-31T08:00:00.000Z' }] },
      }),
    ).toEqual(granted('establishmentTeam')))
})

describe('who is asked something about a patient', () => {
  const facts: AccessFacts = { ...nothing, asked: [{ recipient: nurse.id }] }
  const team: AccessFacts = {
    ...nothing,
    asked: [{ recipient: 'finess:010000024' }, { recipient: 'uf:010000024/2640' }],
  }

  test('may know who that is, and sees nothing else', () => {
    expect(ask({ facts, purpose: 'identity' })).toEqual(granted('exchange'))
    expect(ask({ facts })).toEqual(denied('noRelation'))
    expect(ask({ facts, purpose: 'coordination' })).toEqual(denied('noRelation'))
    expect(decideStayAccess({ actor: nurse, facts, purpose: 'care', at: stay.openedAt }, 'stay-1')).toEqual(
      denied('noRelation'),
    )
  })

  test('may not once nothing is asked any more, and nobody else may', () => {
    expect(ask({ purpose: 'identity' })).toEqual(denied('noRelation'))
    expect(ask({ facts: { ...nothing, asked: [] }, purpose: 'identity' })).toEqual(denied('noRelation'))
    expect(ask({ facts, purpose: 'identity', actor: wardNurse })).toEqual(denied('noRelation'))
    const left = { members: [member], stays: [], asked: [] }
    expect(ask({ facts: left, purpose: 'identity', at: '2026-12-01T08:00:00.000Z' })).toEqual(denied('membershipEnded'))
  })

  test('is, of a queue, whoever gives care there: its secretaries, coordinators and admissions only sort', () => {
    const colleague = { ...wardNurse, wards: ['2640'] }
    expect(ask({ facts: team, purpose: 'identity', actor: colleague })).toEqual(granted('exchange'))
    const elsewhere = { ...colleague, organisation: '690000015' }
    expect(ask({ facts: team, purpose: 'identity', actor: elsewhere })).toEqual(denied('noRelation'))
    for (const role of ['secretaire', 'coordinateur', 'admissions', 'operateur'])
      expect(ask({ facts: team, purpose: 'identity', actor: { ...colleague, role } })).toEqual(denied('noRelation'))
  })

  test('may not who only sorts, though asked in person', () => {
    for (const role of ['secretaire', 'coordinateur'])
      expect(ask({ facts, purpose: 'identity', actor: { ...nurse, role } })).toEqual(denied('noRelation'))
  })

  test('learns nothing by a confidential stay', () => {
    const asked = [{ recipient: nurse.id, stayId: 'stay-1' }]
    expect(ask({ facts: { ...nothing, asked }, purpose: 'identity' })).toEqual(granted('exchange'))
    const hidden = { ...nothing, asked, confidential: ['stay-1'] }
    expect(ask({ facts: hidden, purpose: 'identity' })).toEqual(denied('noRelation'))
    const other = { ...hidden, asked: [...asked, { recipient: nurse.id }] }
    expect(ask({ facts: other, purpose: 'identity' })).toEqual(granted('exchange'))
  })
})

test('whoever sees the patient for care may know who that is', () => {
  const lasting = { members: [member], stays: [openStay] }
  for (const actor of [nurse, wardNurse])
    expect(ask({ facts: lasting, purpose: 'identity', actor })).toEqual(ask({ facts: lasting, actor }))
  expect(ask({ facts: lasting, purpose: 'identity', actor: clerk })).toEqual(denied('noRelation'))
})

describe('a confidential stay', () => {
  const both = { members: [member], stays: [openStay], confidential: [openStay.stayId] }
  const see = (actor: Actor, stayId: string | undefined, facts: AccessFacts = both) =>
    decideStayAccess({ actor, facts, purpose: 'care', at: '2026-11-05T08:00:00.000Z' }, stayId)

  test('is seen by the team of its establishment, and by no member of the circle', () => {
    expect(see(wardNurse, 'stay-1')).toEqual(granted('establishmentTeam'))
    expect(see(nurse, 'stay-1')).toEqual(denied('noRelation'))
    expect(see(nurse, 'stay-2')).toEqual(granted('exchange'))
    expect(see(nurse, undefined)).toEqual(granted('exchange'))
    expect(see(nurse, 'stay-1', { ...both, confidential: [] })).toEqual(granted('exchange'))
  })
  test('is not seen by the team of another stay, of another establishment', () => {
    const elsewhere = { ...wardNurse, organisation: '690000015' }
    const other = { ...openStay, stayId: 'stay-2', facility: '690000015' }
    const facts = { ...both, stays: [openStay, other] }
    expect(see(elsewhere, 'stay-2', facts)).toEqual(granted('establishmentTeam'))
    expect(see(elsewhere, 'stay-1', facts)).toEqual(denied('noRelation'))
  })
})

describe('a clock that is behind', () => {
  const now = '2026-10-31T08:00:00.000Z'
  const { leftAt: _, ...present } = member

  test('hides no patient from a ward that was told of the stay', () => {
    const facts = { ...nothing, stays: [openStay] }
    expect(ask({ actor: wardNurse, facts, at: decisionInstant(facts, now) }).granted).toBe(true)
  })
  test('hides no patient from a member who has joined', () => {
    const facts = { ...nothing, members: [present] }
    expect(ask({ facts, at: decisionInstant(facts, now) }).granted).toBe(true)
  })
  test('leaves nothing to a member who has left', () => {
    const facts = { ...nothing, members: [member] }
    expect(ask({ facts, at: decisionInstant(facts, now) })).toEqual(denied('membershipEnded'))
  })
  test('is not listened to, and one that is ahead is', () => {
    const facts = { members: [present], stays: [stay] }
    expect(decisionInstant(facts, now)).toBe(stay.closedAt)
    expect(decisionInstant(facts, '2026-12-01T08:00:00.000Z')).toBe('2026-12-01T08:00:00.000Z')
    expect(decisionInstant(nothing, now)).toBe(now)
  })
})

describe('the admissions office', () => {
  const facts = { ...nothing, stays: [openStay] }
  test('coordinates the stays of its facility', () =>
    expect(ask({ actor: clerk, facts, purpose: 'coordination' })).toEqual(granted('establishmentTeam')))
  test('coordinates them without a ward of its own', () =>
    expect(ask({ actor: { ...clerk, wards: [] }, facts, purpose: 'coordination' }).granted).toBe(true))
  test('does not read for care, even with a ward in its token', () =>
    expect(ask({ actor: clerk, facts })).toEqual(denied('noRelation')))
  test('of another facility sees nothing', () =>
    expect(ask({ actor: { ...clerk, organisation: '690000015' }, facts, purpose: 'coordination' })).toEqual(
      denied('noRelation'),
    ))
})

test.each(['secretaire', 'coordinateur'])('the role %s opens no patient of the wards it works for', (role) => {
  const desk = { ...wardNurse, role }
  for (const purpose of ['care', 'coordination'] as const)
    expect(ask({ actor: desk, facts: { ...nothing, stays: [openStay] }, purpose })).toEqual(denied('noRelation'))
  expect(mayFollowWard(desk, '2630')).toBe(false)
})

test('a ward is followed by those who work in it, in their own organisation', () => {
  expect(mayFollowWard(wardNurse, '2630')).toBe(true)
  expect(mayFollowWard(wardNurse, '2640')).toBe(false)
  expect(mayFollowWard({ ...nurse, wards: ['2630'] }, '2630')).toBe(false)
})

const anyInstant = fc
  .integer({ min: 0, max: 60 })
  .map((day) => new Date(Date.UTC(2026, 10, 1) + day * 86_400_000).toISOString())
const anyId = fc.constantFrom('rpps:10000000001', 'ch:42', 'ch:77', 'ch:99')
const anyFacility = fc.constantFrom('010000024', '690000015')
const anyWards = fc.subarray(['2610', '2620', '2630'])
const anyMember: fc.Arbitrary<Membership> = fc.record(
  {
    memberId: anyId,
    role: fc.constantFrom('infirmier', 'medecin'),
    ground: fc.constantFrom(...LegalGround.options),
    joinedAt: anyInstant,
    leftAt: anyInstant,
  },
  { requiredKeys: ['memberId', 'role', 'ground', 'joinedAt'] },
)
const anyStay: fc.Arbitrary<StayPresence> = fc.record(
  { stayId: anyId, facility: anyFacility, wards: anyWards, openedAt: anyInstant, closedAt: anyInstant },
  { requiredKeys: ['stayId', 'facility', 'wards', 'openedAt'] },
)
const anyFacts = fc.record({ members: fc.array(anyMember), stays: fc.array(anyStay, { maxLength: 4 }) })
const anyActor = fc
  .record({
    id: anyId,
    role: fc.constantFrom('infirmier', 'admissions'),
    organisation: anyFacility,
    wards: anyWards,
    scopes: fc.constant([]),
  })
  .map((actor) => Actor.parse(actor))
const anyQuestion = fc.record({
  actor: anyActor,
  facts: anyFacts,
  purpose: fc.constantFrom('care' as const, 'coordination' as const),
  at: anyInstant,
})

test('a new member or a new stay never takes access away from anybody', () =>
  expect(() =>
    fc.assert(
      fc.property(anyQuestion, anyMember, anyStay, (question, newMember, newStay) => {
        const { members, stays } = question.facts
        const more = { members: [...members, newMember], stays: [...stays, newStay] }
        fc.pre(decideAccess(question).granted)
        expect(decideAccess({ ...question, facts: more }).granted).toBe(true)
      }),
    ),
  ).not.toThrow())

test('whoever is named by no membership and works in no facility of the stays is denied', () =>
  expect(() =>
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const stranger = Actor.parse({ ...question.actor, id: 'cpts:1', organisation: '750000001' })
        expect(decideAccess({ ...question, actor: stranger })).toEqual(denied('noRelation'))
      }),
    ),
  ).not.toThrow())
