import type { EhpadBoardRow, Expected, WardBoardRow } from '@relais/contracts/boards'
import type { ReceiptEntry, ResidentEntry } from '@relais/contracts/channel-entries'
import type { PostEntry, ThreadEntry, ThreadNewsEntry } from '@relais/contracts/conversation-entries'
import type { ThreadKind, WithdrawalReason } from '@relais/contracts/conversations'
import type { QuarantineStatus } from '@relais/contracts/http'
import type { LoopChange } from '@relais/contracts/loop-entries'
import type { FieldProblem } from '@relais/contracts/messages'
import type { Flag, PatientClass } from '@relais/contracts/movements'
import type { MisdirectionOutcome, NoticeAction, NoticeNature } from '@relais/contracts/notices'
import type { PathwayEntry } from '@relais/contracts/pathway'
import type { IdentityStatus, LegalGround } from '@relais/contracts/patients'
import type { ReassignReason, RunEnd, SkipReason } from '@relais/contracts/protocol-runs'
import type { StepRole, TriggerMoment } from '@relais/contracts/protocols'
import type { ReceiverStatus } from '@relais/contracts/referral-views'
import type {
  AskedBecause,
  CancelReason,
  DeclineReason,
  ReferralKind,
  ReferralMode,
  ReferralPromise,
  StoodDownBecause,
} from '@relais/contracts/referrals'
import type { DoubtReason, Trait } from '@relais/contracts/residents'
import type { RunStepView } from '@relais/contracts/run-routes'
import type { Standing } from '@relais/contracts/standing'
import type { Urgency, WorkAction, WorkNature } from '@relais/contracts/work'
import type { z } from 'zod'

/** Every code that pages show, by what it is said of. */
export type DomainCodes = {
  entry: PathwayEntry['kind']
  doubt: Flag['code']
  notice: NoticeNature
  /** What somebody is expected to do about a stay: an imperative. */
  expected: Expected['action']
  standing: Standing['status'] | 'died'
  fact: keyof Standing
  place: EhpadBoardRow['place']
  group: WardBoardRow['group']
  receipt: ReceiptEntry['receipt']
  /** What was said of a notice that was acted upon. */
  acted: NoticeAction
  misdirection: MisdirectionOutcome
  resident: ResidentEntry['change']
  work: WorkNature
  /** What somebody is expected to do about a referral or a step: an imperative. */
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
  mode: ReferralMode
  urgency: Urgency
  receiver: ReceiverStatus
  stepStatus: z.infer<typeof RunStepView>['status']
  thread: ThreadEntry['change']
  threadKind: ThreadKind
  post: PostEntry['change']
  news: ThreadNewsEntry['because']
  withdrawal: WithdrawalReason
  /** A role in a care circle, and those of the steps of protocols. */
  circleRole: StepRole
  ground: LegalGround
  patientClass: PatientClass
  /** ZFM-2. */
  exitMode: '6' | '7' | '8' | '9'
  /** ZFM-4. */
  destination: '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'R' | 'U'
  /** PV1-36, as PAM.fr constrains table 0112: of a death, and of what is plain, nothing is said. */
  circumstances: '3' | '4' | '6'
  responsibility: Standing['wards'][number]['responsibility']
  identityStatus: IdentityStatus
  trait: Trait
  residentDoubt: DoubtReason
  quarantine: z.infer<typeof QuarantineStatus>
  fieldProblem: FieldProblem['code']
}
