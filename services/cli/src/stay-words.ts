import type { EhpadBoardRow, Expected, WardBoardRow } from '@relais/contracts/boards'
import type { ReceiptEntry, ResidentEntry } from '@relais/contracts/channel-entries'
import type { Flag } from '@relais/contracts/movements'
import type { MisdirectionOutcome, NoticeNature } from '@relais/contracts/notices'
import type { PathwayEntry } from '@relais/contracts/pathway'
import type { Standing } from '@relais/contracts/standing'
import type { WordsOf } from './words-of.ts'

type StayCodes = {
  entry: PathwayEntry['kind']
  doubt: Flag['code']
  notice: NoticeNature
  expected: Expected['action']
  standing: Standing['status'] | 'died'
  fact: keyof Standing
  place: EhpadBoardRow['place']
  group: WardBoardRow['group']
  receipt: ReceiptEntry['receipt']
  misdirection: MisdirectionOutcome
  resident: ResidentEntry['change']
}

/** What is said of stays, and of who was told of them. */
export const stayWords: WordsOf<StayCodes> = {
  entry: {
    preadmission: 'pre-admission',
    registration: 'registration',
    admission: 'admission',
    transfer: 'transfer',
    discharge: 'discharge',
    toInpatient: 'becoming an inpatient',
    toOutpatient: 'becoming an outpatient',
    attendingChange: 'change of attending physician',
    leave: 'leave',
    return: 'return from leave',
    plannedAdmission: 'planned admission',
    plannedTransfer: 'planned transfer',
    plannedDischarge: 'planned discharge',
    correction: 'correction',
    withdrawal: 'withdrawal',
    movedAway: 'stay moved to another patient',
    movedHere: 'stay moved here from another patient',
    madeConfidential: 'stay made confidential',
    released: 'stay no longer confidential',
    circleJoined: 'joined the care circle',
    circleLeft: 'left the care circle',
    deathReported: 'death reported',
    deathDenied: 'death denied',
  },
  doubt: {
    admissionMissing: 'no admission came before',
    controlIdReused: 'control id used before',
    insKeyWrong: 'wrong key of the INS',
    insNotQualified: 'INS not qualified',
    insOidUnknown: 'unknown OID of the INS',
    facilityUnknown: 'unknown facility',
    wardUnknown: 'unknown ward',
    finessKeyWrong: 'wrong key of the FINESS number',
    rppsKeyWrong: 'wrong key of the RPPS number',
    localTimeDoubled: 'an hour that came twice that night',
    localTimeSkipped: 'an hour that was skipped that night',
    olderThanWhatItCorrects: 'older than what it corrects',
    movementAlreadyWithdrawn: 'movement already withdrawn',
    encodingUnexpected: 'unexpected encoding',
    dischargeTimeDiffers: 'two times of discharge',
    classUnexpected: 'unexpected class of patient',
    movementDoubled: 'movement said twice',
  },
  notice: {
    expected: 'expected',
    arrived: 'arrived',
    admitted: 'admitted',
    moved: 'moved',
    becameInpatient: 'became an inpatient',
    becameOutpatient: 'became an outpatient',
    attendingChanged: 'attending physician changed',
    leaveBegan: 'on leave',
    leaveEnded: 'back from leave',
    planned: 'planned',
    discharged: 'discharged',
    died: 'died',
    corrected: 'corrected',
    withdrawn: 'withdrawn',
    madeConfidential: 'made confidential',
    released: 'no longer confidential',
    movedToPatient: 'moved to another patient',
    joined: 'you joined the circle',
  },
  expected: {
    acknowledge: 'acknowledge',
    prepareReturn: 'prepare the return',
    planFollowUp: 'plan what follows',
  },
  standing: {
    expected: 'expected in',
    present: 'in',
    onLeave: 'on leave from',
    discharged: 'was in',
    withdrawn: 'never was in',
    died: 'died in',
  },
  fact: {
    status: 'status',
    patientClass: 'class of patient',
    facility: 'facility',
    wards: 'ward',
    room: 'room',
    bed: 'bed',
    attendingPhysician: 'attending physician',
    placeSince: 'since when there',
    expectedAt: 'when expected',
    arrivedAt: 'arrival',
    hospitalisedAt: 'when hospitalised',
    expectedDischargeAt: 'expected discharge',
    plannedDischarge: 'planned destination',
    plannedTransfer: 'planned transfer',
    awaySince: 'leave',
    dischargedAt: 'time of discharge',
    discharge: 'way of discharge',
    died: 'death',
    confidential: 'confidentiality',
  },
  place: {
    present: 'present',
    emergency: 'emergency',
    hospitalised: 'hospitalised',
    onLeave: 'on leave',
    deceased: 'deceased',
  },
  group: { present: 'present', onLeave: 'on leave', expected: 'expected', left: 'left' },
  receipt: {
    delivered: 'delivered',
    read: 'read',
    acted: 'acted upon',
    returned: 'not their patient',
    misdirectionClosed: '“not my patient” was settled',
  },
  misdirection: {
    recipientCorrected: 'somebody else is told',
    recipientConfirmed: 'it is their patient',
    nobodyToTell: 'nobody is to be told',
  },
  resident: {
    entered: 'has moved in',
    identityChanged: 'has another identity',
    moved: 'has changed rooms',
    left: 'has moved out',
    matched: 'was found to be a patient',
    unmatched: 'is not that patient after all',
  },
}
