import type { Instant } from '@relais/contracts/primitives'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { Asker, Request } from '../territory/arrival.ts'
import { onCallRequest, TERRITORY } from '../territory/on-call.ts'
import { EHPAD_BRUYERES, EHPAD_TILLEULS, HOSPITAL, wards } from '../territory/places.ts'
import { homeCareNurse, physicians, physiotherapist, type Professional } from '../territory/professionals.ts'
import { addDays, type Day, instantOf, localTime, numberOf, secondsOf } from './calendar.ts'
import { type Cast, jitter, storiesBeginning } from './day.ts'
import { type Around, type Deed, deedsOf, type Doer, leftForTheEvening } from './deeds.ts'
import type { Offset } from './stories.ts'

/** What somebody does, and when: it may be done again, and changes nothing then. */
export type Act = { at: Instant } & (
  | { kind: 'asked'; request: Request }
  /** Of a patient whom the hospital knows by this number. */
  | { kind: 'ofPatient'; ipp: string; request: (patientId: string) => Request }
  /** Does the open steps of the patient that are asked under one of these names. */
  | { kind: 'steps'; ipp: string; as: Asker; names: readonly string[] }
)

/** Whoever is away on every day that is played, and who stands in. */
const [standIn, away] = [physicians[3], physicians[4]]

/** Everything that people do on one day, in order. */
export function actsOfDay(seed: number, day: Day): Act[] {
  const casts = ([2, 1, 0] as const).flatMap((offset) =>
    storiesBeginning(seed, addDays(day, -offset)).map((cast) => ({ cast, offset })),
  )
  const deeds = casts.flatMap(({ cast, offset }) =>
    deedsOf(cast.story).flatMap((deed) => (deed.at[0] === offset ? (actOf(cast, deed) ?? []) : [])),
  )
  const acts = [...absenceOf(day), ...onCallOf(day), ...deeds, ...eveningsOf(casts)]
  return acts.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
}

/** About one patient of each médecin traitant who is there: nobody opens an empty portal the morning after. */
function eveningsOf(casts: readonly { cast: Cast; offset: Offset }[]): Act[] {
  return physicians.flatMap((physician) => {
    const ofThem = casts.filter(({ cast }) => physician !== away && cast.patient.physician === physician)
    const evening = ofThem
      .map(({ cast, offset }) => leftForTheEvening(cast.story, offset).map((deed) => ({ cast, deed })))
      .find((deeds) => deeds.length > 0)
    return (evening ?? []).flatMap(({ cast, deed }) => actOf(cast, deed) ?? [])
  })
}

function absenceOf(day: Day): Act[] {
  if (!away || !standIn) return []
  const [at, from, to] = ['05:30', '07:00', '21:00'].map((time) => instantOf(localTime(day, secondsOf(time))))
  const absenceId = derivedUuid('demonstration', 'absence', day)
  const body = { professionalId: nameOf(away), from, to, replacement: nameOf(standIn) }
  const request: Request = { as: inTown(away, 'medecin'), method: 'PUT', path: `/absences/${absenceId}`, body }
  return at === undefined ? [] : [{ at, kind: 'asked', request }]
}

/** Each night one of the médecins traitants who are there is on call for the territory, in turn. */
function onCallOf(day: Day): Act[] {
  const present = physicians.filter((physician) => physician !== away)
  const physician = present[numberOf(day) % present.length]
  if (!physician) return []
  const at = instantOf(localTime(day, secondsOf('05:30')))
  const from = instantOf(localTime(day, secondsOf('19:00')))
  const to = instantOf(localTime(addDays(day, 1), secondsOf('08:00')))
  const period = { scope: TERRITORY, professionalId: nameOf(physician), phone: '09 99 00 70 15', from, to }
  return [{ at, kind: 'asked', request: onCallRequest({ role: 'operateur' }, period) }]
}

/** `undefined` where the patient has nobody who would do it. */
function actOf(cast: Cast, deed: Deed): Act | undefined {
  const [offset, time] = deed.at
  const at = instantOf(localTime(addDays(cast.begins, offset), secondsOf(time) + jitter(cast)))
  const { ipp } = cast.patient
  const as = doer(cast, deed.by)
  if (as === undefined) return undefined
  if (deed.does === 'steps') return { at, kind: 'steps', ipp, as, names: namesOf(as) }
  const post = (path: string, body: object): Request => ({ as, method: 'POST', path, body })
  const asked = requestOf({ cast, deed, at, post })
  return asked && { at, kind: 'ofPatient', ipp, request: asked }
}

type Asked = {
  cast: Cast
  deed: Exclude<Deed, { does: 'steps' }>
  at: Instant
  post: (path: string, body: object) => Request
}

function requestOf({ cast, deed, at, post }: Asked): ((patientId: string) => Request) | undefined {
  const idOf = (kind: string, name: string) => {
    return derivedUuid('demonstration', kind, `${cast.seed} ${cast.begins} ${cast.index}`, name)
  }
  const referral = 'of' in deed ? `/referrals/${idOf('referral', deed.of)}` : ''
  const thread = `/threads/${idOf('thread', '')}`
  switch (deed.does) {
    case 'asks': {
      const { whom, kind, title, question } = deed
      const receivers = whom.flatMap((each) => receiverOf(cast, each))
      if (receivers.length === 0) return undefined
      const body = {
        kind,
        urgency: 'soon',
        title,
        question,
        receivers,
        mode: 'firstAcceptance',
        answerBy: hoursAfter(at, 24),
      }
      return (patientId) => post(referral, { patientId, ...body })
    }
    case 'accepts':
      return () => post(`${referral}/accept`, {})
    case 'declines':
      return () => post(`${referral}/decline`, { reason: deed.reason })
    case 'schedules':
      return () => post(`${referral}/appointment`, { startsAt: hoursAfter(at, deed.hours) })
    case 'answers':
      return () => post(`${referral}/answer`, { answer: deed.text })
    case 'closes':
      return () => post(`${referral}/close`, {})
    case 'opensThread':
      return (patientId) => post(thread, { kind: 'patient', title: deed.title, patientId })
    case 'writes': {
      const { text, urgent = false } = deed
      return () => post(`${thread}/posts/${idOf('post', deed.of)}`, { text, urgent })
    }
  }
}

function doer(cast: Cast, by: Doer): Asker | undefined {
  if (typeof by !== 'string') {
    const [code] = wards[by.ward]
    return { role: 'infirmier', id: `ch-essai:${code}`, organisation: HOSPITAL, wards: [code] }
  }
  if (by === 'ehpad') return nurseOf(cast.ehpad ?? EHPAD_BRUYERES)
  const found = personAround(cast, by)
  return found && inTown(found, roles[by])
}

/** Whoever watches over residents by day. */
function nurseOf(organisation: string): Asker {
  const id = organisation === EHPAD_TILLEULS ? 'ehpad-tilleuls:soins' : 'ehpad-bruyeres:soins'
  return { role: 'ehpad', id, organisation }
}

const roles = {
  physician: 'medecin',
  colleague: 'medecin',
  nurse: 'infirmier',
  pharmacist: 'pharmacien',
  physiotherapist: 'kinesitherapeute',
  homeCare: 'ssiad',
} as const

/** A médecin traitant who is away acts through who stands in. */
function personAround({ patient, index }: Cast, who: Exclude<Around, 'ehpad'>): Professional | undefined {
  const { carers = [] } = patient
  const holding = (role: string) => carers.find((carer) => carer.role === role)?.professional
  switch (who) {
    case 'physician':
      return patient.physician === away ? standIn : patient.physician
    case 'colleague':
      return physicians.filter((each) => each !== patient.physician && each !== away && each !== standIn)[index % 2]
    case 'nurse':
      return holding('infirmier')
    case 'pharmacist':
      return holding('pharmacien')
    case 'physiotherapist':
      return physiotherapist
    case 'homeCare':
      return homeCareNurse
  }
}

function receiverOf(cast: Cast, who: Around): { recipient: string; role?: string }[] {
  if (who === 'ehpad') return cast.ehpad === undefined ? [] : [{ recipient: `finess:${cast.ehpad}` }]
  const found = personAround(cast, who)
  return found ? [{ recipient: nameOf(found), role: roles[who] }] : []
}

const nameOf = ({ rpps }: Professional) => `rpps:${rpps}`
const inTown = (person: Professional, role: string): Asker => ({ role, id: nameOf(person) })

/** Under which names a person is asked. */
function namesOf({ id, organisation, wards: codes = [] }: Asker): string[] {
  const queues =
    organisation === undefined ? [] : [`finess:${organisation}`, ...codes.map((code) => `uf:${organisation}/${code}`)]
  return [...(id === undefined ? [] : [id]), ...queues]
}

function hoursAfter(at: Instant, hours: number): Instant {
  return new Date(Date.parse(at) + hours * 3_600_000).toISOString()
}
