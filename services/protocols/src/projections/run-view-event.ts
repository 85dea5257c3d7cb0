import type { AbsenceEvent } from '@relais/contracts/absences'
import type { DeathEvent } from '@relais/contracts/deaths'
import type { NoticeEvent } from '@relais/contracts/notices'
import type { CircleEvent, LinkEvent, PatientEvent } from '@relais/contracts/patients'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { ProtocolEvent } from '@relais/contracts/protocols'
import type { StayEvent } from '@relais/contracts/stays'

/** What the view of runs, and whoever reacts to it, hears of. */
export type RunViewEvent =
  | StayEvent
  | CircleEvent
  | LinkEvent
  | NoticeEvent
  | PatientEvent
  | DeathEvent
  | AbsenceEvent
  | ProtocolEvent
  | RunEvent
