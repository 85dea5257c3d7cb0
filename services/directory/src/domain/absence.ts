import type { AbsenceEvent, AbsenceId, AbsencePeriod } from '@relais/contracts/absences'
import { DIRECTORY_KEY } from '@relais/contracts/directory'
import type { Instant, ProfessionalId } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'
import { same } from '@relais/decider/same'

type Named = { absenceId: AbsenceId; at: Instant }
type DeclareAbsence = { type: 'DeclareAbsence'; period: AbsencePeriod } & Named
type WithdrawAbsence = { type: 'WithdrawAbsence'; professionalId: ProfessionalId } & Named
/** What time brings. Decided again when it falls due. */
type BeginAbsence = { type: 'BeginAbsence' } & Named
type EndAbsence = { type: 'EndAbsence' } & Named
export type AbsenceCommand = DeclareAbsence | WithdrawAbsence | BeginAbsence | EndAbsence

export type AbsenceRejection =
  | { code: 'absenceUnknown' }
  | { code: 'absenceOver' }
  | { code: 'absenceOverlaps' }
  | { code: 'replacedByOneself' }
  | { code: 'periodReversed' }

type Standing = 'declared' | 'inForce' | 'over' | 'withdrawn'
type Absence = { absenceId: AbsenceId; period: AbsencePeriod; standing: Standing }
/** Those of one professional. */
export type AbsenceState = { absences: readonly Absence[] }

type AbsenceDecision = Decision<AbsenceEvent, AbsenceRejection>

function evolve({ absences }: AbsenceState, { type, data }: AbsenceEvent): AbsenceState {
  const { absenceId } = data
  const others = absences.filter((absence) => absence.absenceId !== absenceId)
  if (type === 'AbsenceDeclared') {
    const { professionalId, from, to, replacement } = data
    const period = { professionalId, from, to, ...(replacement === undefined ? {} : { replacement }) }
    return { absences: [...others, { absenceId, period, standing: 'declared' }] }
  }
  return { absences: absences.map((each) => (each.absenceId === absenceId ? moved(each, type) : each)) }
}

function moved(absence: Absence, type: Exclude<AbsenceEvent['type'], 'AbsenceDeclared'>): Absence {
  switch (type) {
    case 'AbsenceBegan':
      return { ...absence, standing: 'inForce' }
    case 'AbsenceEnded':
      return { ...absence, standing: 'over' }
    case 'AbsenceWithdrawn':
      return { ...absence, standing: 'withdrawn' }
  }
}

function decide(command: AbsenceCommand, state: AbsenceState): AbsenceDecision {
  const known = state.absences.find(({ absenceId }) => absenceId === command.absenceId)
  if (command.type === 'DeclareAbsence') return declare(command, known, state)
  if (known === undefined) return reject({ code: 'absenceUnknown' })
  switch (command.type) {
    case 'WithdrawAbsence':
      return withdraw(command, known)
    case 'BeginAbsence':
      return accept(
        ...(known.standing === 'declared' && known.period.from <= command.at ? [began(command, known)] : []),
      )
    case 'EndAbsence':
      return accept(...(known.standing === 'inForce' && known.period.to <= command.at ? [ended(command, known)] : []))
  }
}

/** While it is in force, a change begins it again: at once, and for another replacement after the first one's end. */
function declare(command: DeclareAbsence, known: Absence | undefined, { absences }: AbsenceState): AbsenceDecision {
  const { absenceId, period, at } = command
  const { professionalId, from, to, replacement } = period
  if (known && known.standing !== 'withdrawn' && same(known.period, period)) return accept()
  if (to <= from) return reject({ code: 'periodReversed' })
  if (replacement === professionalId) return reject({ code: 'replacedByOneself' })
  if (to <= at) return reject({ code: 'absenceOver' })
  if (absences.some((other) => contradicts(other, command))) return reject({ code: 'absenceOverlaps' })
  const isOn = from <= at
  const isOther = known?.standing === 'inForce' && (!isOn || known.period.replacement !== replacement)
  const declared = { keyOwner: DIRECTORY_KEY, absenceId, ...period, declaredAt: at }
  return accept(
    ...(known && isOther ? [ended(command, known)] : []),
    { type: 'AbsenceDeclared', data: declared },
    ...(isOn ? [began(command, { absenceId, period, standing: 'declared' })] : []),
  )
}

function withdraw(command: WithdrawAbsence, known: Absence): AbsenceDecision {
  if (known.standing === 'withdrawn' || known.standing === 'over') return accept()
  const withdrawn: AbsenceEvent = { type: 'AbsenceWithdrawn', data: { ...subjectOf(known), withdrawnAt: command.at } }
  return accept(...(known.standing === 'inForce' ? [ended(command, known)] : []), withdrawn)
}

/** Two people cannot stand in for one at a time. */
function contradicts({ absenceId, period, standing }: Absence, command: DeclareAbsence): boolean {
  if (absenceId === command.absenceId || standing === 'over' || standing === 'withdrawn') return false
  const overlaps = period.from < command.period.to && command.period.from < period.to
  return overlaps && period.replacement !== command.period.replacement
}

function subjectOf({ absenceId, period: { professionalId } }: Absence) {
  return { keyOwner: DIRECTORY_KEY, absenceId, professionalId }
}

function standInOf({ period: { replacement } }: Absence) {
  return replacement === undefined ? {} : { replacement }
}

const began = ({ at }: Named, absence: Absence): AbsenceEvent => ({
  type: 'AbsenceBegan',
  data: { ...subjectOf(absence), ...standInOf(absence), beganAt: at },
})
const ended = ({ at }: Named, absence: Absence): AbsenceEvent => ({
  type: 'AbsenceEnded',
  data: { ...subjectOf(absence), ...standInOf(absence), endedAt: at },
})

export const absence: Decider<AbsenceCommand, AbsenceEvent, AbsenceState, AbsenceRejection> = {
  initialState: { absences: [] },
  evolve,
  decide,
}
