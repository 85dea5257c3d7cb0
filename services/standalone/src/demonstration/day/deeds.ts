import { type Moment, type Offset, stories, type Story, type WardName } from './stories.ts'

/** Those around a patient, by what they are to him or her. */
export type Around = 'physician' | 'colleague' | 'nurse' | 'pharmacist' | 'physiotherapist' | 'homeCare' | 'ehpad'
export type Doer = Around | { ward: WardName }

type Said = { at: Moment; by: Doer }
/** What somebody does about a patient while a story goes on. `of` tells one referral, or message, from another. */
export type Deed = Said &
  (
    | { does: 'steps' }
    | {
        does: 'asks'
        of: string
        whom: readonly Around[]
        kind: 'takeOver' | 'advice' | 'unscheduled'
        title: string
        question: string
      }
    | { does: 'accepts'; of: string }
    | { does: 'declines'; of: string; reason: 'full' | 'outOfScope' }
    | { does: 'schedules'; of: string; hours: number }
    | { does: 'answers'; of: string; text: string }
    | { does: 'closes'; of: string }
    | { does: 'opensThread'; title: string }
    | { does: 'writes'; of: string; text: string; urgent?: boolean }
  )

const ward = (name: WardName): Doer => ({ ward: name })

/** A resident at the emergency department: the EHPAD sends what it knows in time, and the médecin traitant hears of it. */
const inTime: readonly Deed[] = [
  { at: [0, '10:20'], by: 'ehpad', does: 'steps' },
  { at: [0, '11:40'], by: 'physician', does: 'steps' },
]

/** Nobody at the EHPAD sends anything before the morning: the evening's step is late, and the coordination hears of it. */
const theMorningAfter: readonly Deed[] = [{ at: [1, '07:50'], by: 'ehpad', does: 'steps' }]

const backToTheEhpad: readonly Deed[] = [
  { at: [0, '10:50'], by: 'ehpad', does: 'steps' },
  {
    at: [0, '16:10'],
    by: ward('geriatrics'),
    does: 'asks',
    of: 'medicines',
    whom: ['pharmacist'],
    kind: 'advice',
    title: 'Bilan médicamenteux',
    question: 'Neuf traitements à l’entrée. Lesquels étaient délivrés régulièrement ces trois derniers mois ?',
  },
  { at: [0, '16:40'], by: 'pharmacist', does: 'accepts', of: 'medicines' },
  {
    at: [0, '17:30'],
    by: 'pharmacist',
    does: 'answers',
    of: 'medicines',
    text: 'Sept sur neuf ; les deux derniers n’ont pas été renouvelés depuis deux mois.',
  },
  { at: [0, '18:15'], by: ward('geriatrics'), does: 'closes', of: 'medicines' },
  { at: [1, '09:55'], by: ward('geriatrics'), does: 'opensThread', title: 'Retour prévu' },
  {
    at: [1, '10:00'],
    by: ward('geriatrics'),
    does: 'writes',
    of: 'return',
    text: 'Retour prévu demain vers 11 h. L’ordonnance part ce soir.',
  },
  {
    at: [1, '12:40'],
    by: 'physician',
    does: 'writes',
    of: 'visit',
    text: 'Merci. Je passe à l’EHPAD dans la semaine.',
  },
  { at: [2, '09:00'], by: ward('geriatrics'), does: 'steps' },
  { at: [2, '10:05'], by: 'ehpad', does: 'steps' },
]

const refusedOnce: readonly Deed[] = [
  {
    at: [0, '17:00'],
    by: ward('cardiology'),
    does: 'asks',
    of: 'exercises',
    whom: ['physiotherapist', 'nurse'],
    kind: 'takeOver',
    title: 'Suivi à domicile',
    question:
      'Sortie prévue demain après une décompensation cardiaque : reprise de la marche et surveillance du poids.',
  },
  { at: [0, '18:10'], by: 'physiotherapist', does: 'declines', of: 'exercises', reason: 'full' },
  { at: [0, '18:45'], by: 'nurse', does: 'accepts', of: 'exercises' },
  { at: [2, '10:30'], by: 'nurse', does: 'steps' },
]

const careAtHome: readonly Deed[] = [
  {
    at: [1, '12:30'],
    by: ward('rehabilitation'),
    does: 'asks',
    of: 'care',
    whom: ['homeCare'],
    kind: 'takeOver',
    title: 'Soins à domicile',
    question: 'Aide à la toilette et surveillance du traitement à partir de demain soir.',
  },
  { at: [1, '14:00'], by: 'homeCare', does: 'accepts', of: 'care' },
  { at: [1, '14:10'], by: 'homeCare', does: 'schedules', of: 'care', hours: 27 },
]

const seenSoon: readonly Deed[] = [
  {
    at: [0, '15:30'],
    by: ward('rehabilitation'),
    does: 'asks',
    of: 'visit',
    whom: ['colleague', 'physician'],
    kind: 'unscheduled',
    title: 'Médecine générale',
    question: 'Permission demain : pansement à voir par un médecin dans les vingt-quatre heures.',
  },
  { at: [0, '16:20'], by: 'colleague', does: 'declines', of: 'visit', reason: 'outOfScope' },
  { at: [0, '17:05'], by: 'physician', does: 'accepts', of: 'visit' },
  { at: [0, '17:10'], by: 'physician', does: 'schedules', of: 'visit', hours: 18 },
]

/** By the place of their story among those that begin on one day. */
const byStory: Readonly<Record<number, readonly Deed[]>> = {
  3: inTime,
  4: theMorningAfter,
  5: backToTheEhpad,
  7: refusedOnce,
  8: seenSoon,
  10: careAtHome,
}

/** What people do about the patient of a story. */
export function deedsOf(story: Story): readonly Deed[] {
  return byStory[stories.indexOf(story)] ?? []
}

const EVENING = '18:30'
/** What the hospital wrote a little before. */
const BEFORE_THE_EVENING = '18:15'

/**
 * What a ward leaves to the médecin traitant at the end of a day of the story: a request that waits, and a word to read.
 * Nothing of a stay that few may know of, that was a mistake, or that ended in a death.
 */
export function leftForTheEvening(story: Story, offset: Offset): readonly Deed[] {
  const isQuiet =
    story.who === 'stranger' || story.steps.some(({ trigger, isProtected }) => isProtected || trigger === 'A11')
  const hasThread = deedsOf(story).some(({ does }) => does === 'opensThread')
  const last = story.steps.findLast(({ at: [day, time] }) => day === offset && time < BEFORE_THE_EVENING)
  if (isQuiet || hasThread || !last || !'EI'.includes(last.patientClass)) return []
  const said = { at: [offset, EVENING] as const, by: ward(last.ward) }
  const { asked, title, written } = last.trigger === 'A03' ? afterTheDischarge : duringTheStay
  return [
    { ...said, does: 'asks', of: 'evening', whom: ['physician'], ...asked },
    { ...said, does: 'opensThread', title },
    { ...said, does: 'writes', of: 'evening', text: written },
  ]
}

const duringTheStay = {
  asked: {
    kind: 'advice',
    title: 'Traitement avant l’entrée',
    question:
      'L’ordonnance apportée date de huit mois. Quels traitements, et à quelle dose, avant cette hospitalisation ?',
  },
  title: 'Nouvelles du service',
  written: 'Bonne évolution aujourd’hui. Nous vous écrivons avant de fixer la sortie.',
} as const

const afterTheDischarge = {
  asked: {
    kind: 'takeOver',
    title: 'Contrôle après la sortie',
    question: 'Créatininémie à 118 µmol/l avant la sortie. Pouvez-vous la contrôler dans la semaine ?',
  },
  title: 'Après la sortie',
  written: 'Le compte rendu part ce soir. Le service répond à toute question, au numéro direct.',
} as const
