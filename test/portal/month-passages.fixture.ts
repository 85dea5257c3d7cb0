import { withField } from '@relais/hl7v2/fixtures'
import { identityMessage } from '@relais/hl7v2/identity-fixtures'
import { type Begins, home, leaves, present, type Story } from './month-stays.fixture.ts'
import {
  CARDIOLOGY,
  CLINIC,
  DAY,
  DIALYSIS,
  EMERGENCY,
  GERIATRICS,
  HOUR,
  localAt,
  type Person,
  type Visit,
  visitOf,
} from './month-visit.fixture.ts'

const atEmergency = ({ person, visit }: Begins) => visitOf(person, visit, { class: 'E', ward: EMERGENCY, room: 'B1' })
const atClinic = ({ person, visit }: Begins) => visitOf(person, visit, { class: 'O', ward: CLINIC, room: '' })

export const sentHome: Story = (begins) => {
  const visit = atEmergency(begins)
  visit.says('A04', begins.at).shows(present)
  leaves(visit, begins.at + 3 * HOUR)
  return visit
}

export const leftWithoutBeingSeen: Story = (begins) => {
  const visit = atEmergency(begins)
  const at = begins.at + 2 * HOUR
  visit.says('A04', begins.at).shows(present)
  visit.says('A03', at, { circumstances: 'P' }).shows({ status: 'discharged', dueAt: at })
  return visit
}

export const keptIn: Story = (begins) => {
  const [visit, { at }] = [atEmergency(begins), begins]
  visit.says('A04', at).shows(present)
  visit.says('A06', at + 4 * HOUR, { class: 'I', ward: GERIATRICS, room: '31' }).shows({ ...present, class: 'I' })
  visit.says('A02', at + DAY, { room: '33', nature: 'L' }).shows({ ...present, isQuiet: true })
  leaves(visit, at + 5 * DAY)
  return visit
}

export const registeredByMistake: Story = (begins) => {
  const visit = atEmergency(begins)
  const arrival = visit.says('A04', begins.at).shows(present)
  visit.cancels(arrival, begins.at + HOUR, { trigger: 'A11' }).shows({ status: 'withdrawn' })
  return visit
}

export const atEmergencyNow: Story = (begins) => {
  const visit = atEmergency(begins)
  visit.says('A04', begins.at).shows(present)
  return visit
}

/** Sent home, and dies there: there is nothing to organise any more. */
export const diedAtHome: Story = (begins) => {
  const visit = sentHome(begins)
  const { person } = begins
  const at = begins.at + 2 * DAY
  const said = identityMessage({ ...person, trigger: 'A31', recorded: localAt(at), controlId: `${begins.visit}-DECES` })
  visit.goesOn(withField(said, 'PID-30', 'Y'), at).shows({ status: 'discharged' })
  return visit
}

/** A routine consultation: nobody is told of it. */
export const consultation: Story = (begins) => {
  const visit = atClinic(begins)
  visit.says('A04', begins.at)
  visit.says('A03', begins.at + HOUR, home)
  return visit
}

/** Given another date, then come to. */
export const bookedConsultation: Story = (begins) => {
  const [visit, { at }] = [atClinic(begins), begins]
  const booked = visit.says('A05', at, { planned: localAt(at + 3 * DAY) })
  visit.corrects(booked, at + DAY, { planned: localAt(at + 4 * DAY) })
  visit.says('A04', at + 4 * DAY)
  visit.repeats(at + 4 * DAY + HOUR)
  return visit
}

export const missedConsultation: Story = (begins) => {
  const visit = atClinic(begins)
  const booked = visit.says('A05', begins.at, { planned: localAt(begins.at + 2 * DAY) })
  visit.cancels(booked, begins.at + 2 * DAY, { trigger: 'A38' })
  return visit
}

/** Registered, and the consultation did not take place. */
export const cancelledConsultation: Story = (begins) => {
  const visit = atClinic(begins)
  const arrival = visit.says('A04', begins.at)
  visit.cancels(arrival, begins.at + HOUR, { trigger: 'A11' })
  return visit
}

/** Dialysis three times a week, chemotherapy once: of class R, under one number for the whole series. */
export const series = (sessions: readonly number[]): Story => {
  return ({ person, visit: number, at }) => {
    const visit = visitOf(person, number, { class: 'R', ward: DIALYSIS, room: '' })
    for (const day of sessions) {
      visit.says('A01', at + day * DAY)
      visit.says('A03', at + day * DAY + 5 * HOUR, home)
    }
    return visit
  }
}

/** Comes under another number, without papers, and is kept in: once the doubles are merged, the physician is told. */
export const asSomebodyElse = (double: Person): Story => {
  return ({ person, visit: number, at }) => {
    const visit = atEmergency({ person: { ...double, primaryPhysicianRpps: '' }, visit: number, at })
    visit.says('A04', at)
    visit.says('A06', at + 3 * HOUR, { class: 'I', ward: CARDIOLOGY, room: '17' })
    const merged = { ...person, trigger: 'A40', otherIpp: double.ipp, recorded: localAt(at + DAY) } as const
    visit.goesOn(identityMessage({ ...merged, controlId: `${number}-A40` }), at + DAY).shows({ ...present })
    leaves(visit, at + 3 * DAY)
    return visit
  }
}

/** Registered for the wrong person: the stay is given back, to another patient of the same physician or of another one. */
export const ofSomebodyElse = (right: Person, isOfSamePhysician: boolean): Story => {
  return (begins) => {
    const { person, visit: number, at } = begins
    const visit: Visit = atEmergency(begins)
    visit.says('A04', at).shows(present)
    const move = { ...right, trigger: 'A44', formerIpp: person.ipp, formerVisit: number, ward: EMERGENCY }
    const then = isOfSamePhysician ? { ...present, ipp: right.ipp } : ({ status: 'withdrawn' } as const)
    visit.goesOn(move, at + 2 * HOUR).shows(then)
    return visit
  }
}
