import {
  CARDIOLOGY,
  CLINIC,
  DAY,
  DAY_SURGERY,
  GERIATRICS,
  HOUR,
  localAt,
  type Person,
  type Visit,
  visitOf,
} from './month-visit.fixture.ts'

/** Who comes, under which number, and at what hour of which day the story begins. */
export type Begins = { person: Person; visit: string; at: number }
export type Story = (begins: Begins) => Visit

const inWard = ({ person, visit }: Begins) => visitOf(person, visit, { class: 'I', ward: CARDIOLOGY, room: '12' })
export const present = { status: 'present' } as const
export const home = { exitMode: '8' }

/** What the physician has to organise once the patient has left. */
export const leaves = (visit: Visit, at: number, exit = home) =>
  visit.says('A03', at, exit).shows({ status: 'discharged', dueAt: at })
const plans = (dueAt: number) => ({ expectedDischarge: localAt(dueAt), planned: localAt(dueAt) })

/** Announced, put off, admitted, moved to another ward and another bed; the discharge is announced, put off, and comes. */
export const planned: Story = (begins) => {
  const [visit, { at }] = [inWard(begins), begins]
  const announced = visit.says('A05', at, { planned: localAt(at + 4 * DAY) }).shows({ status: 'expected' })
  visit.corrects(announced, at + DAY, { planned: localAt(at + 5 * DAY) }).shows({ status: 'expected' })
  visit.says('A01', at + 5 * DAY).shows(present)
  visit.repeats(at + 5 * DAY + HOUR)
  visit.says('A02', at + 6 * DAY, { ward: GERIATRICS, room: '21' }).shows(present)
  visit.says('A02', at + 6 * DAY + HOUR, { room: '23', nature: 'L' }).shows({ ...present, isQuiet: true })
  const [first, second] = [at + 8 * DAY, at + 9 * DAY]
  const plan = visit.says('A16', at + 7 * DAY, plans(first)).shows({ ...present, dueAt: first })
  visit.corrects(plan, at + 7 * DAY + 2 * HOUR, plans(second)).shows({ ...present, dueAt: second })
  leaves(visit, at + 9 * DAY + HOUR)
  return visit
}

export const givenUp: Story = (begins) => {
  const visit = inWard(begins)
  const announced = visit
    .says('A05', begins.at, { planned: localAt(begins.at + 3 * DAY) })
    .shows({ status: 'expected' })
  visit.cancels(announced, begins.at + 2 * DAY, { trigger: 'A38' }).shows({ status: 'withdrawn' })
  return visit
}

export const neverAdmitted: Story = (begins) => {
  const visit = inWard(begins)
  const admission = visit.says('A01', begins.at).shows(present)
  visit.cancels(admission, begins.at + 2 * HOUR, { trigger: 'A11' }).shows({ status: 'withdrawn' })
  return visit
}

/** Moved by mistake while the discharge is announced, corrected, and discharged by mistake: each is taken back. */
export const takenBack: Story = (begins) => {
  const [visit, { at }] = [inWard(begins), begins]
  const admission = visit.says('A01', at).shows(present)
  visit.corrects(admission, at + HOUR, { room: '14' }).shows({ ...present, isQuiet: true })
  const dueAt = at + 4 * DAY
  visit.says('A16', at + DAY, plans(dueAt)).shows({ ...present, dueAt })
  const transfer = visit.says('A02', at + 2 * DAY, { ward: GERIATRICS, room: '22' }).shows({ ...present, dueAt })
  const back = { ward: CARDIOLOGY, room: '14' }
  visit.cancels(transfer, at + 2 * DAY + HOUR, { trigger: 'A12', ...back }).shows({ ...present, dueAt })
  const discharge = leaves(visit, at + 3 * DAY)
  visit.cancels(discharge, at + 3 * DAY + 2 * HOUR, { trigger: 'A13' }).shows({ ...present, dueAt })
  leaves(visit, at + 5 * DAY)
  return visit
}

export const onLeave: Story = (begins) => {
  const [visit, { at }] = [inWard(begins), begins]
  visit.says('A01', at).shows(present)
  visit.says('A21', at + 2 * DAY).shows({ status: 'onLeave' })
  visit.says('A22', at + 4 * DAY).shows(present)
  leaves(visit, at + 6 * DAY)
  return visit
}

export const deceased: Story = (begins) => {
  const visit = inWard(begins)
  visit.says('A01', begins.at).shows(present)
  visit.says('A03', begins.at + 6 * DAY, { exitMode: '9' }).shows({ status: 'discharged' })
  return visit
}

/** To another hospital: there is nothing to organise at home. */
export const transferredElsewhere: Story = (begins) => {
  const [visit, { at }] = [inWard(begins), begins]
  visit.says('A01', at).shows(present)
  const dueAt = at + 4 * DAY
  visit.says('A16', at + 3 * DAY, plans(dueAt)).shows({ ...present, dueAt })
  visit.says('A03', dueAt, { exitMode: '7', destinationKind: '2' }).shows({ status: 'discharged' })
  return visit
}

/** Announced to leave, and a matter of consultations after all: of what follows nobody is told. */
export const outpatientAfterAll: Story = (begins) => {
  const [visit, { at }] = [inWard(begins), begins]
  visit.says('A01', at).shows(present)
  const dueAt = at + 2 * DAY
  visit.says('A16', at + HOUR, plans(dueAt)).shows({ ...present, dueAt })
  visit.says('A07', at + DAY, { class: 'O', ward: CLINIC, room: '' }).shows({ ...present, class: 'O' })
  visit.says('A03', at + DAY + HOUR, home)
  return visit
}

/** The sender's queue was stuck: the discharge is there first, then the admission, then the transfer between them. */
export const outOfOrder: Story = (begins) => {
  const [visit, { at }] = [inWard(begins), begins]
  const arrives = at + 5 * DAY
  const left = { status: 'discharged', dueAt: at + 4 * DAY, ward: GERIATRICS, room: '25' } as const
  visit.says('A03', at + 4 * DAY, { ...home, ward: GERIATRICS, room: '25' }).shows(left)
  visit.says('A01', { at, arrives }, { ward: CARDIOLOGY, room: '12' }).shows({ ...left, isQuiet: true })
  visit
    .says('A02', { at: at + DAY, arrives: arrives + HOUR }, { ward: GERIATRICS, room: '25' })
    .shows({ ...left, isQuiet: true })
  return visit
}

export const stillThere: Story = (begins) => {
  const visit = inWard(begins)
  visit.says('A01', begins.at).shows(present)
  return visit
}

/** Leaves next week. */
export const leavesSoon: Story = (begins) => {
  const [visit, { at }] = [inWard(begins), begins]
  visit.says('A01', at).shows(present)
  const dueAt = at + 7 * DAY
  visit.says('A16', at + DAY, plans(dueAt)).shows({ ...present, dueAt })
  return visit
}

/** Nobody knew who the physician is, until the letter was written. */
export const namedAtDischarge: Story = (begins) => {
  const { person, at } = begins
  const visit = inWard({ ...begins, person: { ...person, primaryPhysicianRpps: '' } })
  visit.says('A01', at)
  const { primaryPhysicianRpps = '' } = person
  visit
    .says('A03', at + 4 * DAY, { ...home, primaryPhysicianRpps })
    .shows({ status: 'discharged', dueAt: at + 4 * DAY })
  return visit
}

/** The patient asked that nobody be told of it. */
export const confidential: Story = (begins) => {
  const visit = inWard({ ...begins, person: { ...begins.person, protection: 'Y' } })
  visit.says('A01', begins.at)
  visit.says('A03', begins.at + 3 * DAY, home)
  return visit
}

/** In the morning, home in the afternoon; announced some days before. */
export const dayHospital: Story = ({ person, visit: number, at }) => {
  const visit = visitOf(person, number, { class: 'I', ward: DAY_SURGERY, room: 'A3' })
  visit.says('A05', at, { planned: localAt(at + 3 * DAY) }).shows({ status: 'expected' })
  visit.says('A01', at + 3 * DAY).shows(present)
  leaves(visit, at + 3 * DAY + 6 * HOUR)
  return visit
}
