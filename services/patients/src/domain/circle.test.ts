import type { CircleEvent, CircleRole } from '@relais/contracts/patients'
import type { PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { circle, type CircleCommand } from './circle.ts'

const { given } = specification(circle)

const patientId = '00000000-0000-4000-8000-000000000002' as PatientId
const physician = (n: number) => `rpps:1000000000${n}` as ProfessionalId
const joinedAt = '2026-03-01T10:00:00.000Z'
const at = '2026-03-02T10:00:00.000Z'

function joined(n: number, source: 'reported' | 'declared', role: CircleRole = 'medecin-traitant'): CircleEvent {
  const reportedAs = source === 'reported' ? { reportedAs: 'primaryPhysician' as const, reportedAt: joinedAt } : {}
  const member = { patientId, memberId: physician(n), role, ground: 'exchange' as const, joinedAt, source }
  return { type: 'MemberJoined', data: { ...member, ...reportedAs } }
}

function left(
  n: number,
  reason: 'removed' | 'replaced' | 'disowned',
  role: CircleRole = 'medecin-traitant',
): CircleEvent {
  return {
    type: 'MemberLeft',
    data: { patientId, memberId: physician(n), role, leftAt: at, reason },
  }
}

const named = (n: number) => ({ patientId, memberId: physician(n), role: 'medecin-traitant' as const })
const declare = (n: number, when = at): Extract<CircleCommand, { type: 'DeclareMember' }> => ({
  type: 'DeclareMember',
  ground: 'exchange',
  ...named(n),
  at: when,
})
const report = (n: number, when = at, reportedAt = when): CircleCommand => ({
  type: 'ReportMember',
  reportedAs: 'primaryPhysician',
  reportedAt,
  ...named(n),
  at: when,
})
const remove = (n: number): CircleCommand => ({ type: 'RemoveMember', ...named(n), at })

const disown = (n: number, when = at): CircleCommand => ({
  type: 'Disown',
  patientId,
  memberId: physician(n),
  at: when,
})

const disowned = (n: number, disownedAt = at): CircleEvent => ({
  type: 'PatientDisowned',
  data: { patientId, memberId: physician(n), disownedAt },
})

test('whoever says “not my patient” leaves, in whatever role', () =>
  given(joined(1, 'reported'), joined(1, 'declared', 'medecin'), joined(2, 'declared', 'infirmier'))
    .when(disown(1))
    .thenEvents(left(1, 'disowned'), left(1, 'disowned', 'medecin'), disowned(1)))
test('it is remembered of whoever is not in the circle, and of whom a hospital names afterwards', () => {
  given().when(disown(1)).thenEvents(disowned(1))
  given(disowned(1)).when(report(1, '2026-03-03T10:00:00.000Z')).thenNothing()
  given(joined(1, 'reported'))
    .when(disown(1, '2026-02-28T10:00:00.000Z'))
    .thenEvents(
      {
        type: 'MemberLeft',
        data: { ...named(1), leftAt: '2026-02-28T10:00:00.000Z', reason: 'disowned' },
      },
      disowned(1, '2026-02-28T10:00:00.000Z'),
    )
})
test('a hospital does not bring back who said “not my patient”, a person does', () => {
  const later = '2026-03-03T10:00:00.000Z'
  given(joined(1, 'reported'), left(1, 'disowned'), disowned(1)).when(report(1, later)).thenNothing()
  given(joined(1, 'reported'), left(1, 'disowned'), disowned(1))
    .when(declare(1, later))
    .thenEvents({
      type: 'MemberJoined',
      data: { ...named(1), ground: 'exchange', joinedAt: later, source: 'declared' },
    })
  given(joined(1, 'reported'), left(1, 'removed'))
    .when(report(1, later))
    .thenEvents({
      type: 'MemberJoined',
      data: {
        ...named(1),
        ground: 'exchange',
        joinedAt: later,
        source: 'reported',
        reportedAs: 'primaryPhysician',
        reportedAt: later,
      },
    })
})
test('“not my patient” said once more, or by who was let in again since, changes nothing', () => {
  given(joined(1, 'reported'), left(1, 'disowned'), disowned(1)).when(disown(1)).thenNothing()
  given(disowned(1)).when(disown(1)).thenNothing()
  given(joined(1, 'declared')).when(disown(1, '2026-02-28T10:00:00.000Z')).thenNothing()
})

test('a declared médecin traitant joins the circle', () =>
  given().when(declare(1, joinedAt)).thenEvents(joined(1, 'declared')))
test('a declaration that stands, and does not hold beside another number of the person, is made anew', () =>
  given(joined(1, 'declared'))
    .when({ ...declare(1), anew: true })
    .thenEvents(left(1, 'replaced'), {
      type: 'MemberJoined',
      data: { ...named(1), ground: 'exchange', joinedAt: at, source: 'declared' },
    }))
test('a declaration repeated changes nothing', () => given(joined(1, 'declared')).when(declare(1)).thenNothing())
test('a reported médecin traitant joins the circle', () =>
  given().when(report(1, joinedAt)).thenEvents(joined(1, 'reported')))
test('a second declared médecin traitant takes the place of the first', () =>
  given(joined(1, 'declared'))
    .when(declare(2))
    .thenEvents(left(1, 'replaced'), {
      type: 'MemberJoined',
      data: { ...named(2), ground: 'exchange', joinedAt: at, source: 'declared' },
    }))
test('a reported médecin traitant takes the place of a reported one', () =>
  given(joined(1, 'reported'))
    .when(report(2))
    .thenEvents(left(1, 'replaced'), {
      type: 'MemberJoined',
      data: {
        ...named(2),
        reportedAs: 'primaryPhysician',
        reportedAt: at,
        ground: 'exchange',
        joinedAt: at,
        source: 'reported',
      },
    }))
test('a report that was said earlier than the one that holds changes nothing, whenever it arrives', () =>
  given(joined(1, 'reported'))
    .when(report(2, at, '2026-02-28T10:00:00.000Z'))
    .thenNothing())
test('of two médecins traitants in one report the first holds, also when it is told again', () =>
  given(joined(1, 'reported')).when(report(2, joinedAt)).thenNothing())
test('a reported médecin traitant never takes the place of a declared one', () =>
  given(joined(1, 'declared')).when(report(2)).thenNothing())
test('a declaration confirms a reported relation', () =>
  given(joined(1, 'reported'))
    .when(declare(1))
    .thenEvents(left(1, 'replaced'), {
      type: 'MemberJoined',
      data: { ...named(1), ground: 'exchange', joinedAt: at, source: 'declared' },
    }))
test('several nurses may belong to one circle', () =>
  given(joined(1, 'declared', 'infirmier'))
    .when({ ...declare(2, joinedAt), role: 'infirmier' })
    .thenEvents(joined(2, 'declared', 'infirmier')))
test('a removed member leaves', () => given(joined(1, 'declared')).when(remove(1)).thenEvents(left(1, 'removed')))
test('a removal repeated changes nothing', () =>
  given(joined(1, 'declared'), left(1, 'removed')).when(remove(1)).thenNothing())
test('someone who never belonged cannot be removed', () =>
  given(joined(1, 'declared')).when(remove(2)).thenRejected({ code: 'memberUnknown' }))
test('a former member may come back', () =>
  given(joined(1, 'declared'), left(1, 'removed'))
    .when(declare(1))
    .thenEvents({ type: 'MemberJoined', data: { ...named(1), ground: 'exchange', joinedAt: at, source: 'declared' } }))

test('a report older than a removal brings nobody back', () =>
  given(joined(1, 'reported'), left(1, 'removed')).when(report(1, joinedAt)).thenNothing())
test('a report newer than a removal brings the médecin traitant back', () => {
  const later = '2026-03-03T10:00:00.000Z'
  return given(joined(1, 'reported'), left(1, 'removed'))
    .when(report(1, later))
    .thenEvents({
      type: 'MemberJoined',
      data: {
        ...named(1),
        reportedAs: 'primaryPhysician',
        reportedAt: later,
        ground: 'exchange',
        joinedAt: later,
        source: 'reported',
      },
    })
})
test('a report told again does not undo the one that came after it', () => {
  const reported = {
    reportedAs: 'primaryPhysician',
    reportedAt: at,
    ground: 'exchange',
    joinedAt: at,
    source: 'reported',
  } as const
  return given(joined(1, 'reported'), left(1, 'replaced'), {
    type: 'MemberJoined',
    data: { ...named(2), ...reported },
  })
    .when(report(1, joinedAt))
    .thenNothing()
})
test('of two correspondents the removal of one says nothing of the other', () =>
  given(joined(1, 'declared', 'medecin'), left(1, 'removed', 'medecin'))
    .when({ ...report(2, joinedAt), role: 'medecin', reportedAs: 'correspondent' } as CircleCommand)
    .thenEvents({
      type: 'MemberJoined',
      data: {
        ...named(2),
        role: 'medecin',
        reportedAs: 'correspondent',
        reportedAt: joinedAt,
        ground: 'exchange',
        joinedAt,
        source: 'reported',
      },
    }))

const anyCommand = fc
  .tuple(fc.constantFrom(declare, report, remove, disown), fc.integer({ min: 1, max: 5 }))
  .map(([make, n]): CircleCommand => make(n))

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(circle, anyCommand))
