import type { ThreadEvent, ThreadId } from '@relais/contracts/conversations'
import type { PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { MOST_MEMBERS, thread, type ThreadCommand } from './thread.ts'

const { given } = specification(thread)
const threadId = '00000000-0000-4000-8000-000000000001' as ThreadId
const patientId = 'aaaaaaaa-0000-4000-8000-000000000001' as PatientId
const at = '2026-11-03T09:00:00.000Z'
const nurse = 'rpps:10100000011' as ProfessionalId
const gp = 'rpps:10002909371' as ProfessionalId
const ward = 'uf:990000010/4101' as ProfessionalId

type Opening = Extract<ThreadEvent, { type: 'ThreadOpened' }>['data']
const ofGroup: Opening = {
  threadId,
  keyOwner: threadId,
  kind: 'group',
  title: 'Tournée',
  members: [nurse, gp],
  by: nurse,
  openedAt: at,
}
const ofPatient: Opening = { ...ofGroup, keyOwner: patientId, patientId, kind: 'patient', members: [] }
const open = (details = ofGroup): ThreadCommand => ({ type: 'OpenThread', details })
const opened = (details = ofGroup): ThreadEvent => ({ type: 'ThreadOpened', data: details })
const subject = { threadId, keyOwner: threadId as string }
const add = (member: ProfessionalId, by = gp): ThreadCommand => ({ type: 'AddMember', threadId, member, by, at })
const added = (member: ProfessionalId, by = gp): ThreadEvent => ({
  type: 'ThreadMemberAdded',
  data: { ...subject, member, by, addedAt: at },
})
const remove = (member: ProfessionalId, by: ProfessionalId): ThreadCommand => {
  return { type: 'RemoveMember', threadId, member, ofOneself: member === by, by, at }
}
const removed = (member: ProfessionalId, by: ProfessionalId): ThreadEvent => ({
  type: 'ThreadMemberRemoved',
  data: { ...subject, member, by, removedAt: at },
})
const rename = (title: string, by = nurse): ThreadCommand => ({ type: 'Rename', threadId, title, by, at })
const renamed = (title: string): ThreadEvent => ({
  type: 'ThreadRenamed',
  data: { ...subject, title, by: nurse, renamedAt: at },
})
const close = (by = nurse): ThreadCommand => ({ type: 'Close', threadId, by, at })
const closed: ThreadEvent = { type: 'ThreadClosed', data: { ...subject, by: nurse, closedAt: at } }

test('a thread is opened', () => given().when(open()).thenEvents(opened()))
test('opening it again, later, changes nothing', () =>
  given(opened())
    .when(open({ ...ofGroup, openedAt: '2026-11-03T10:00:00.000Z' }))
    .thenNothing())
test('opening it again after it got another title changes nothing', () =>
  given(opened(), renamed('Autre')).when(open()).thenNothing())
test('its id does not open a thread about somebody', () =>
  given(opened()).when(open(ofPatient)).thenRejected({ code: 'threadIdReused' }))
test('a member lets a team in', () => given(opened()).when(add(ward)).thenEvents(added(ward)))
test('who is in it already is not let in again', () => given(opened()).when(add(gp, nurse)).thenNothing())
test('nobody is let into a thread of a patient: the circle says who is in it', () =>
  given(opened(ofPatient)).when(add(ward)).thenRejected({ code: 'membersNotNamed' }))
test('nobody is let into a thread that was closed', () =>
  given(opened(), closed).when(add(ward)).thenRejected({ code: 'threadClosed' }))
const people = (count: number) =>
  Array.from({ length: count }, (_, n) => `rpps:${20_000_000_000 + n}` as ProfessionalId)
test('the last place in a thread is taken', () =>
  given(opened({ ...ofGroup, members: people(MOST_MEMBERS - 1) }))
    .when(add(ward))
    .thenEvents(added(ward)))
test('nobody is let into a thread that is full', () =>
  given(opened({ ...ofGroup, members: people(MOST_MEMBERS) }))
    .when(add(ward))
    .thenRejected({ code: 'threadFull' }))
test('a member leaves', () => given(opened()).when(remove(gp, gp)).thenEvents(removed(gp, gp)))
test('who opened it takes somebody out, also once it is closed', () =>
  given(opened(), closed).when(remove(gp, nurse)).thenEvents(removed(gp, nurse)))
test('another member takes nobody out', () =>
  given(opened()).when(remove(nurse, gp)).thenRejected({ code: 'notYoursToChange' }))
test('the last member cannot leave', () =>
  given(opened(), removed(gp, gp)).when(remove(nurse, nurse)).thenRejected({ code: 'lastMember' }))
test('taking out who is not in it changes nothing', () => given(opened()).when(remove(ward, nurse)).thenNothing())
test('who opened it gives it another title', () =>
  given(opened()).when(rename('Tournée du soir')).thenEvents(renamed('Tournée du soir')))
test('the same title changes nothing', () => given(opened()).when(rename('Tournée')).thenNothing())
test('a group is not renamed by another member', () =>
  given(opened()).when(rename('Autre', gp)).thenRejected({ code: 'notYoursToChange' }))
test('nor once it is closed', () =>
  given(opened(), closed).when(rename('Autre')).thenRejected({ code: 'threadClosed' }))
test('who opened it closes it', () => given(opened()).when(close()).thenEvents(closed))
test('closed once is closed', () => given(opened(), closed).when(close()).thenNothing())
test('a group is not closed by another member', () =>
  given(opened()).when(close(gp)).thenRejected({ code: 'notYoursToChange' }))
test('a thread about a patient is closed by whoever takes part in the care', () =>
  given(opened(ofPatient))
    .when(close(gp))
    .thenEvents({ type: 'ThreadClosed', data: { ...subject, keyOwner: patientId, patientId, by: gp, closedAt: at } }))
test('what was never opened is unknown', () => given().when(close()).thenRejected({ code: 'threadUnknown' }))

const anyone = fc.constantFrom(nurse, gp, ward)
const anyCommand: fc.Arbitrary<ThreadCommand> = fc.oneof(
  fc.constantFrom(open(), open(ofPatient), rename('Un'), rename('Deux', gp), close(), close(gp)),
  fc.tuple(anyone, anyone).map(([member, by]) => add(member, by)),
  fc.tuple(anyone, anyone).map(([member, by]) => remove(member, by)),
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(thread, anyCommand))
