import type { PostEntry, ThreadEntry, ThreadNewsEntry } from '@relais/contracts/conversation-entries'
import type { ThreadKind } from '@relais/contracts/conversations'
import type { LoopChange } from '@relais/contracts/loop-entries'
import type { ReassignReason, RunEnd, SkipReason } from '@relais/contracts/protocol-runs'
import type { TriggerMoment } from '@relais/contracts/protocols'
import type { ReceiverStatus } from '@relais/contracts/referral-views'
import type {
  AskedBecause,
  CancelReason,
  DeclineReason,
  ReferralKind,
  ReferralPromise,
  StoodDownBecause,
} from '@relais/contracts/referrals'
import type { WorkAction, WorkNature } from '@relais/contracts/work'
import type { WordsOf } from './words-of.ts'

type ExchangeCodes = {
  work: WorkNature
  action: WorkAction
  loop: LoopChange
  because:
    | AskedBecause
    | CancelReason
    | DeclineReason
    | ReassignReason
    | ReferralPromise
    | RunEnd
    | SkipReason
    | StoodDownBecause
    | 'done'
  moment: TriggerMoment
  referral: ReferralKind
  receiver: ReceiverStatus
  thread: ThreadEntry['change']
  threadKind: ThreadKind
  post: PostEntry['change']
  news: ThreadNewsEntry['because']
}

/** What is said of what people ask of each other, and write to each other. */
export const exchangeWords: WordsOf<ExchangeCodes> = {
  work: {
    referralAsked: 'asked',
    referralWidened: 'others are asked too',
    referralRedirected: 'somebody else is asked instead',
    referralEscalated: 'others are asked, for want of an answer',
    referralTaken: 'somebody sees to it',
    referralReleased: 'back in the queue',
    referralInformed: 'the question is answered',
    referralAccepted: 'accepted',
    referralAcceptedElsewhere: 'accepted by somebody else',
    referralDeclined: 'declined',
    nobodyAccepts: 'nobody accepts',
    informationAsked: 'more has to be known',
    appointmentScheduled: 'appointment given',
    appointmentMoved: 'appointment moved',
    noShow: 'the patient did not come',
    patientSeen: 'the patient was seen',
    referralAnswered: 'answered',
    referralClosed: 'closed',
    referralCancelled: 'taken back',
    promiseMissed: 'no appointment in the time promised',
    stayWithdrawn: 'the stay never was',
    patientDied: 'the patient has died',
    stepOpened: 'to be done',
    stepDueChanged: 'another date',
    stepLate: 'late',
    stepEscalated: 'late, and others are told',
    stepReassigned: 'changed hands',
    stepDone: 'done',
    stepSkipped: 'skipped',
    stepWithdrawn: 'no longer asked',
    runEnded: 'the protocol has ended',
  },
  action: {
    answerReferral: 'accept, decline or ask for more',
    giveInformation: 'answer the question',
    schedule: 'give an appointment',
    see: 'see the patient',
    answerQuestion: 'answer',
    lookElsewhere: 'ask somebody else, or close',
    doStep: 'do it',
    acknowledge: 'acknowledge',
  },
  loop: {
    requested: 'request',
    asked: 'asked',
    taken: 'taken',
    released: 'back in the queue',
    accepted: 'accepted',
    declined: 'declined',
    redirected: 'somebody else named',
    informationAsked: 'more has to be known',
    informationGiven: 'question answered',
    scheduled: 'appointment given',
    moved: 'appointment moved',
    noShow: 'the patient did not come',
    seen: 'patient seen',
    answered: 'answered',
    stoodDown: 'no longer asked',
    widened: 'others asked too',
    escalated: 'others asked, for want of an answer',
    overdue: 'no answer in time',
    promiseKept: 'appointment in the time promised',
    promiseMissed: 'no appointment in the time promised',
    closed: 'closed',
    cancelled: 'taken back',
    runStarted: 'protocol begins',
    runCorrected: 'protocol corrected',
    runMigrated: 'protocol in a new version',
    runEnded: 'protocol ends',
    stepOpened: 'step to be done',
    stepDueChanged: 'step with another date',
    stepLate: 'step late',
    stepEscalated: 'step late, others told',
    escalationWithdrawn: 'no longer told of the step',
    stepReassigned: 'step in other hands',
    stepUnowned: 'step in nobody’s hands',
    stepDone: 'step done',
    stepSkipped: 'step skipped',
    stepWithdrawn: 'step no longer asked',
  },
  because: {
    requested: 'named in the request',
    widened: 'asked besides',
    redirected: 'named by who was asked',
    escalated: 'for want of an answer',
    noLongerNeeded: 'no longer needed',
    mistake: 'a mistake',
    patientRefused: 'the patient refused',
    other: 'another reason',
    full: 'no room',
    outOfScope: 'not what they do',
    outOfArea: 'not where they work',
    absent: 'absent',
    insufficientInformation: 'too little is known',
    patientUnknown: 'they do not know the patient',
    absence: 'an absence',
    person: 'somebody decided so',
    memberLeft: 'who had it left the circle',
    memberJoined: 'somebody joined the circle',
    wardChanged: 'the patient is in another ward',
    migrated: 'a new version of the protocol',
    snp24: 'within 24 hours',
    sas48: 'within 48 hours',
    completed: 'all of it is done',
    stayWithdrawn: 'the stay never was',
    died: 'the patient has died',
    confidential: 'the stay is confidential',
    noLongerApplies: 'it does not apply after all',
    superseded: 'in hospital again',
    notNeeded: 'not needed',
    doneElsewhere: 'done elsewhere',
    patientDeclined: 'the patient declined',
    patientUnreachable: 'the patient cannot be reached',
    notPossible: 'not possible',
    acceptedElsewhere: 'somebody else accepted',
    closed: 'closed',
    cancelled: 'taken back',
    patientDied: 'the patient has died',
    absenceEnded: 'who was away is back',
    done: 'all of it is done',
  },
  moment: {
    expected: 'expected',
    arrival: 'arrival',
    emergencyArrival: 'arrival at the emergency department',
    hospitalisation: 'hospitalisation',
    discharge: 'discharge',
    return: 'return',
  },
  referral: { takeOver: 'to take over', advice: 'for advice', unscheduled: 'unscheduled care' },
  receiver: {
    sent: 'asked',
    received: 'has received it',
    moreInfo: 'has to know more',
    accepted: 'accepted',
    declined: 'declined',
    redirected: 'named somebody else',
    scheduled: 'appointment given',
    noShow: 'the patient did not come',
    seen: 'has seen the patient',
    answered: 'answered',
    closed: 'no longer asked',
    cancelled: 'taken back',
  },
  thread: {
    opened: 'opened',
    memberAdded: 'member added',
    memberRemoved: 'member removed',
    renamed: 'renamed',
    closed: 'closed',
  },
  threadKind: {
    patient: 'about a patient',
    wardCommunity: 'between a ward and others',
    territory: 'of the territory',
    group: 'private group',
  },
  post: { posted: 'a message', edited: 'a new text', withdrawn: 'took the message back' },
  news: { mention: 'somebody is mentioned', urgent: 'urgent', quietHours: 'of the quiet hours' },
}
