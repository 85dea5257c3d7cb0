import type { PamMessage } from '@relais/hl7v2/fixtures'
import { localTime } from '../loops/town.fixture.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export const CARDIOLOGY = '4101'
export const GERIATRICS = '4102'
export const EMERGENCY = '4103'
export const DIALYSIS = '4106'
export const DAY_SURGERY = '4107'
export const CLINIC = '4108'
/** By their codes, as the hospital calls them. */
export const wards: Readonly<Record<string, string>> = {
  [CARDIOLOGY]: 'Cardiologie',
  [GERIATRICS]: 'Gériatrie',
  [EMERGENCY]: 'Urgences',
  [DIALYSIS]: 'Hémodialyse',
  [DAY_SURGERY]: 'Chirurgie ambulatoire',
  [CLINIC]: 'Consultations externes',
}

export type Given = Partial<PamMessage>
export type Person = Given & { ipp: string; familyName: string; givenName: string; insBody: string }

/** How a stay has to stand in the inbox of the GP, as the hospital's messages so far say it. */
export type Seen = {
  ipp: string
  status: 'expected' | 'present' | 'onLeave' | 'discharged' | 'withdrawn'
  class: string
  ward: string
  room: string
  /** When what follows has to be organised; otherwise the stay is only to be known. */
  dueAt?: number
}

export type Step = {
  visit: string
  /** When it reaches the platform. */
  at: number
  message: Given | string
  /** How the stay stands then, for who is told of it; left out where nobody is told anything. */
  seen?: Seen
  /** Not worth opening again what was dealt with. */
  isQuiet?: boolean
}

type Then = Partial<Omit<Seen, 'ipp'>> & Pick<Seen, 'status'> & { ipp?: string; isQuiet?: boolean }
/** When it happens, and when the message reaches the platform, where that is later. */
type When = number | { at: number; arrives: number }
/** Something that was sent, which may be corrected and cancelled. `shows` is what the physician has to find then. */
export type Said = { message: Given; at: number; shows(then: Then): Said }

export const localAt = (milliseconds: number) => localTime(new Date(milliseconds).toISOString())

/** One visit of somebody, told message by message. */
export function visitOf(person: Person, visit: string, place: Pick<Seen, 'class' | 'ward' | 'room'>) {
  const steps: Step[] = []
  let now = { ...place, ipp: person.ipp }

  function sent(message: Step['message'], at: number, arrives = at): Said {
    const step: Step = { visit, at: arrives, message }
    const there = now
    steps.push(step)
    const said: Said = {
      message: typeof message === 'string' ? {} : message,
      at,
      shows({ isQuiet = false, ...then }) {
        step.seen = { ...there, ...then }
        step.isQuiet = isQuiet
        return said
      },
    }
    return said
  }

  function say(message: Given, when: When): Said {
    const { at, arrives } = typeof when === 'number' ? { at: when, arrives: when } : when
    const controlId = `${visit}-${steps.length}`
    return sent({ ...person, visit, ...message, recorded: localAt(at), controlId }, at, arrives)
  }

  /** A place or a class that is named is where the patient is from then on. */
  function goes({ class: patientClass = now.class, ward = now.ward, room = now.room }: Given) {
    now = { ...now, class: patientClass, ward, room }
    return { class: patientClass, ward, wardLabel: wards[ward] ?? '', room }
  }

  return {
    steps,
    /** A new movement. */
    says(trigger: string, when: When, given: Given = {}): Said {
      const effective = localAt(typeof when === 'number' ? when : when.at)
      return say({ ...given, ...goes(given), trigger, movement: `${visit}-${steps.length}`, effective }, when)
    },
    corrects({ message }: Said, when: number, given: Given): Said {
      const { trigger: original = '' } = message
      return say({ ...message, ...given, ...goes(given), trigger: 'Z99', original }, when)
    },
    /** A place that is named is where the patient is after all. */
    cancels({ message }: Said, when: number, given: Given & { trigger: string }): Said {
      const { trigger: original = '' } = message
      return say({ ...message, ...given, ...goes(given), original }, when)
    },
    /** Something of this stay that is no movement. */
    goesOn: (message: Given | string, at: number): Said =>
      typeof message === 'string' ? sent(message, at) : say(message, at),
    /** The sender did not see its last message answered, and sends the same bytes again. */
    repeats(at: number): void {
      const { message } = steps.at(-1) ?? {}
      if (message !== undefined) sent(message, at)
    },
  }
}
export type Visit = ReturnType<typeof visitOf>
