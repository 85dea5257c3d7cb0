import type { Person } from '@relais/access/links'
import { type AbsenceEvent, isAbsenceEvent } from '@relais/contracts/absences'
import type { CircleEvent } from '@relais/contracts/patients'
import type { Instant } from '@relais/contracts/primitives'
import { PatientId, ProfessionalId, type StayId } from '@relais/contracts/primitives'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { Standing } from '@relais/contracts/standing'
import type { StayEvent } from '@relais/contracts/stays'
import type { Work } from '@relais/contracts/work'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { RunningProjection } from '@relais/projections/projection'
import type { CircleCommand, CircleMember } from '../domain/circle.ts'
import type { AbsentTables } from '../projections/stand-ins.ts'

export type LetTheReplacementInDeps = {
  absences: { db: Database<AbsentTables>['db']; view: Pick<RunningProjection, 'reaches' | 'status'> }
  /** `undefined` for who was forgotten. */
  personOf: (patientId: string) => Promise<Person | undefined>
  readCircle: (ids: readonly string[]) => Promise<readonly CircleMember[]>
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

type Source = StayEvent | ReferralEvent | RunEvent | CircleEvent | AbsenceEvent
type Absence = AbsentTables['absence']
/** What happened to a patient. */
type Happening = {
  patientId: PatientId
  at: Instant
  stayId?: StayId | undefined
  /** Whose absence it matters to; that of everybody around the patient, unless given. */
  concerns?: (absence: Absence) => boolean
}

const SLOWEST_VIEW_MILLISECONDS = 5000

/**
 * While a professional is away, whatever happens to a patient of his or hers lets in whoever stands in (L1110-4 CSP): no
 * sooner, so that nobody sees patients whom there is nothing to do for; and no longer than the absence lasts.
 */
export function letTheReplacementIn(deps: LetTheReplacementInDeps) {
  const { absences, personOf, readCircle } = deps
  /** The last fact that the view of absences is made of. */
  let said = 0

  async function seen(): Promise<void> {
    const { view } = absences
    const isThere = view.status().hasCaughtUp && (await view.reaches(said, SLOWEST_VIEW_MILLISECONDS))
    if (!isThere) throw new DatabaseUnavailable('The view of the absences is not that far yet')
  }

  /** Those who are away of a circle, and who stand in. */
  async function awayFrom(patientId: string): Promise<{ away: Absence[]; members: readonly CircleMember[] }> {
    await seen()
    const known = await absences.db.selectFrom('absence').selectAll().execute()
    const person = known.length === 0 ? undefined : await personOf(patientId)
    if (person === undefined) return { away: [], members: [] }
    const members = (await readCircle(person.ids)).filter(({ leftAt }) => leftAt === undefined)
    const ids = new Set<string>(members.map(({ memberId }) => memberId))
    return { away: known.filter(({ professional_id }) => ids.has(professional_id)), members }
  }

  async function joining({ patientId, at, stayId, concerns = () => true }: Happening): Promise<CircleCommand[]> {
    const { away, members } = await awayFrom(patientId)
    const because = stayId === undefined ? {} : { stayId }
    return away.filter(concerns).flatMap(({ professional_id, replacement }): CircleCommand[] => {
      const isThere = members.some(({ memberId, role }) => memberId === replacement && role === 'remplacant')
      if (isThere) return []
      const member = { patientId, memberId: ProfessionalId.parse(replacement), role: 'remplacant' as const, at }
      const replaces = ProfessionalId.parse(professional_id)
      return [{ type: 'ReportMember', ...member, reportedAt: at, replaces, ...because }]
    })
  }

  /** Where `standIn` is, because of an absence, in a circle of whose members none is away any more for whom to stand in. */
  async function leaving(standIns: readonly AbsentTables['stand_in'][], at: Instant): Promise<CircleCommand[]> {
    const commands: CircleCommand[] = []
    for (const { patient_id, member_id } of standIns) {
      const { away } = await awayFrom(patient_id)
      if (away.some(({ replacement }) => replacement === member_id)) continue
      const [patientId, memberId] = [PatientId.parse(patient_id), ProfessionalId.parse(member_id)]
      commands.push({ type: 'RemoveMember', patientId, memberId, role: 'remplacant', at, reason: 'departed' })
    }
    return commands
  }

  async function commandsFor(event: Source, at: Instant): Promise<CircleCommand[]> {
    switch (event.type) {
      case 'StandingChanged': {
        const { patientId, stayId, standing } = event.data
        return concernsOthers(standing) ? joining({ patientId, stayId, at }) : []
      }
      case 'WorkGiven': {
        const { work, patientId } = event.data
        return work.state === 'open' && !work.withheld ? joining({ patientId, at, concerns: isAsked(work) }) : []
      }
      // Often said by the message that told of the stay, and after it.
      case 'MemberJoined': {
        const { patientId, memberId, stayId } = event.data
        return joining({ patientId, stayId, at, concerns: ({ professional_id }) => professional_id === memberId })
      }
      case 'MemberLeft': {
        const { patientId, memberId } = event.data
        await seen()
        const known = absences.db.selectFrom('stand_in').selectAll().where('patient_id', '=', patientId)
        return leaving(await known.where('replaces', '=', memberId).execute(), at)
      }
      case 'AbsenceEnded': {
        const { replacement } = event.data
        if (replacement === undefined) return []
        await seen()
        const known = absences.db.selectFrom('stand_in').selectAll().where('member_id', '=', replacement)
        return leaving(await known.orderBy('patient_id').execute(), at)
      }
      default:
        return []
    }
  }

  return async function react({ id, event, position, metadata }: Decoded<Source>): Promise<void> {
    if (event === undefined) return
    if (isAbsenceEvent(event) || isCircleEvent(event)) said = position
    const { $correlationId, recordedAt, actor } = metadata
    for (const command of await commandsFor(event, recordedAt))
      await deps.handleCircle(command.patientId, command, {
        metadata: { $correlationId, $causationId: id, actor },
        eventId: (index) => deps.derivedId(id, command.patientId, command.memberId, String(index)),
      })
  }
}

const isCircleEvent = (event: Source): event is CircleEvent => 'memberId' in event.data

/** Emergencies and hospitalisations, which are what a circle is told of. */
function concernsOthers({ status, patientClass, confidential }: Standing): boolean {
  return !confidential && status !== 'withdrawn' && (patientClass === 'E' || patientClass === 'I')
}

/** What is asked of either of the two. */
function isAsked({ recipient }: Work): (absence: Absence) => boolean {
  return ({ professional_id, replacement }) => recipient === professional_id || recipient === replacement
}
