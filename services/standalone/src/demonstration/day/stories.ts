import { HOME_CARE, wards } from '../territory/places.ts'
import { hospitalPhysicians } from '../territory/professionals.ts'
import type { Said } from './er7.ts'

export type WardName = keyof typeof wards
/** A day after the one on which the story begins. */
export type Offset = 0 | 1 | 2
/** When, counted from the beginning of the story. */
export type Moment = readonly [offset: Offset, time: string]

export type Step = Partial<
  Pick<Said, 'action' | 'original' | 'attending' | 'isProtected' | 'discharge' | 'isShifted' | 'plannedWard'>
> & {
  /** When the software says it. */
  at: Moment
  trigger: string
  ward: WardName
  patientClass: Said['patientClass']
  /** When it took effect, where that was not just before. */
  effective?: string
  /** Which step inserted the movement that this one corrects or cancels. */
  of?: number
  plannedFor?: Moment
  leavesAt?: Moment
}

/** What one patient lives at the hospital. A stranger comes from elsewhere, and is seen once. */
export type Story = { who: 'resident' | 'townsperson' | 'stranger'; steps: readonly Step[] }

/** ZFM-2 8 is a return home, an EHPAD included; ZFM-4 says to whom (7 an EHPAD, 8 a SSIAD). */
const home = { exitMode: '8' }
const homeWithCare = { exitMode: '8', destinationKind: '8', destination: HOME_CARE }
/** The EHPAD where the patient lives is filled in by whoever casts the story. */
const toEhpad = { exitMode: '8', destinationKind: '7' }
const died = { exitMode: '9' }

type Rest = Omit<Step, 'at' | 'trigger' | 'ward' | 'patientClass'>
const inWard =
  (ward: WardName, patientClass: Said['patientClass']) =>
  (trigger: string, at: Moment, rest: Rest = {}): Step => ({ at, trigger, ward, patientClass, ...rest })
const emergency = inWard('emergency', 'E')
const cardiology = inWard('cardiology', 'I')
const geriatrics = inWard('geriatrics', 'I')
const rehabilitation = inWard('rehabilitation', 'I')
const psychiatry = inWard('psychiatry', 'I')
const surgery = inWard('surgery', 'I')
const dialysis = inWard('dialysis', 'R')
const consultation = inWard('consultations', 'O')

const passage = (from: string, to: string): Story => ({
  who: 'townsperson',
  steps: [emergency('A04', [0, from]), emergency('A03', [0, to], { discharge: home })],
})
const passageFromEhpad = (from: string, to: string): Story => ({
  who: 'resident',
  steps: [emergency('A04', [0, from]), emergency('A03', [0, to], { discharge: toEhpad })],
})
const session = (from: string, to: string): Story => ({
  who: 'townsperson',
  steps: [dialysis('A01', [0, from]), dialysis('A03', [0, to], { discharge: home })],
})
const visit = (from: string, to: string): Story => ({
  who: 'townsperson',
  steps: [consultation('A04', [0, from]), consultation('A03', [0, to], { discharge: home })],
})

const correctedPassage: Story = {
  who: 'townsperson',
  steps: [
    emergency('A04', [0, '08:20']),
    emergency('A03', [0, '12:10'], { discharge: home }),
    emergency('Z99', [0, '13:30'], { action: 'UPDATE', original: 'A03', of: 1, effective: '12:45', discharge: home }),
  ],
}

const fromEmergencyToGeriatrics: Story = {
  who: 'resident',
  steps: [
    emergency('A04', [0, '10:05']),
    geriatrics('A06', [0, '15:30'], { attending: hospitalPhysicians.geriatrics }),
    geriatrics('A16', [1, '09:40'], { leavesAt: [2, '11:00'], plannedFor: [2, '11:00'] }),
    geriatrics('A03', [2, '11:10'], { discharge: toEhpad }),
  ],
}

/** The message of the transfer is shifted by a field: it waits in quarantine until somebody repairs it. */
const fromEhpadToRehabilitation: Story = {
  who: 'resident',
  steps: [
    geriatrics('A01', [0, '10:50'], { attending: hospitalPhysicians.geriatrics, leavesAt: [2, '16:00'] }),
    geriatrics('A15', [1, '10:20'], { plannedFor: [1, '15:00'], plannedWard: wards.rehabilitation }),
    rehabilitation('A02', [1, '15:10'], { attending: hospitalPhysicians.rehabilitation, isShifted: true }),
    rehabilitation('A03', [2, '16:15'], { discharge: toEhpad }),
  ],
}

/** The discharge was typed on the wrong patient: it is withdrawn, and said again when it happens. */
const dischargedTwice: Story = {
  who: 'townsperson',
  steps: [
    cardiology('A01', [0, '11:15'], { attending: hospitalPhysicians.emergency, leavesAt: [1, '14:00'] }),
    cardiology('A54', [0, '16:20'], { attending: hospitalPhysicians.cardiology }),
    cardiology('A16', [1, '09:30'], { leavesAt: [1, '17:00'], plannedFor: [1, '17:00'] }),
    cardiology('A03', [1, '14:35'], { discharge: home }),
    cardiology('A13', [1, '14:55'], { action: 'CANCEL', original: 'A03', of: 3 }),
    cardiology('A03', [1, '17:10'], { discharge: home }),
  ],
}

const leaveForADay: Story = {
  who: 'townsperson',
  steps: [
    rehabilitation('A01', [0, '09:20'], { attending: hospitalPhysicians.rehabilitation }),
    rehabilitation('A21', [1, '10:00']),
    rehabilitation('A22', [1, '18:40']),
    rehabilitation('A16', [2, '09:05'], { leavesAt: [2, '11:00'], plannedFor: [2, '11:00'] }),
    rehabilitation('A03', [2, '11:05'], { discharge: homeWithCare }),
  ],
}

const daySurgery: Story = {
  who: 'townsperson',
  steps: [
    surgery('A05', [0, '15:10'], { plannedFor: [1, '07:30'] }),
    surgery('A01', [1, '07:35'], { leavesAt: [1, '17:30'] }),
    surgery('A03', [1, '17:45'], { discharge: home }),
  ],
}

const fromEmergencyToCardiology: Story = {
  who: 'townsperson',
  steps: [
    emergency('A04', [0, '13:40']),
    cardiology('A06', [0, '18:10'], { attending: hospitalPhysicians.cardiology }),
    rehabilitation('A02', [1, '11:30'], { attending: hospitalPhysicians.rehabilitation }),
    rehabilitation('A03', [2, '15:30'], { discharge: homeWithCare }),
  ],
}

const admittedByMistake: Story = {
  who: 'townsperson',
  steps: [
    cardiology('A01', [0, '13:05']),
    cardiology('A11', [0, '13:20'], { action: 'CANCEL', original: 'A01', of: 0 }),
  ],
}

const death: Story = {
  who: 'stranger',
  steps: [
    geriatrics('A01', [0, '14:15'], { attending: hospitalPhysicians.geriatrics }),
    geriatrics('A03', [1, '06:20'], { effective: '05:40', discharge: died }),
  ],
}

const protectedStay: Story = {
  who: 'townsperson',
  steps: [
    psychiatry('A01', [0, '17:30'], { attending: hospitalPhysicians.psychiatry, isProtected: true }),
    psychiatry('A03', [2, '10:30'], { isProtected: true, discharge: home }),
  ],
}

/** What begins at the hospital on one day. */
export const stories: readonly Story[] = [
  correctedPassage,
  passage('11:40', '15:00'),
  passage('16:10', '20:30'),
  passageFromEhpad('09:35', '13:50'),
  passageFromEhpad('18:20', '22:15'),
  fromEmergencyToGeriatrics,
  fromEhpadToRehabilitation,
  dischargedTwice,
  leaveForADay,
  daySurgery,
  fromEmergencyToCardiology,
  admittedByMistake,
  death,
  protectedStay,
  session('07:05', '11:10'),
  session('07:20', '11:35'),
  session('13:10', '17:20'),
  visit('09:50', '10:25'),
  visit('14:30', '15:20'),
]
