import type { Movement, MovementKind } from '@relais/contracts/movements'
import type { Standing } from '@relais/contracts/standing'
import type { Written } from './discharge-draft.ts'
import { fromLocal, toLocal } from './local-time.ts'

type PatientClass = Movement['patientClass']
export type MovementDraft = {
  requestId: string
  undoId: string
  kind: MovementKind
  /** As fields hold them; when it takes effect, nothing means now. */
  at: string
  medicalWard: string
  careWard: string
  room: string
  bed: string
  patientClass: PatientClass | ''
  attendingPhysician: string
  plannedAt: string
  plannedWard: string
  expectedDischargeAt: string
  /** Of a discharge that is corrected, or of a planned one: as it was said. */
  discharge?: Movement['discharge']
}
export type MovementField = Exclude<keyof MovementDraft, 'requestId' | 'undoId' | 'kind' | 'discharge'>

const where = ['medicalWard', 'careWard', 'room', 'bed'] as const
const opening = ['at', ...where, 'patientClass', 'attendingPhysician', 'expectedDischargeAt'] as const
const moving = ['at', ...where, 'attendingPhysician', 'expectedDischargeAt'] as const

/** What may be said of each kind of movement. */
export const fieldsOf: Readonly<Record<MovementKind, readonly MovementField[]>> = {
  preadmission: [...opening, 'plannedAt'],
  registration: opening,
  admission: opening,
  plannedAdmission: [...opening, 'plannedAt'],
  transfer: moving,
  leave: ['at'],
  return: moving,
  toInpatient: opening,
  toOutpatient: opening,
  attendingChange: ['at', 'attendingPhysician'],
  plannedTransfer: ['plannedWard', 'plannedAt'],
  plannedDischarge: ['expectedDischargeAt'],
  discharge: ['at'],
}

/** What has to be said of it. */
const required: Readonly<Record<MovementKind, readonly MovementField[]>> = {
  preadmission: ['medicalWard', 'patientClass'],
  registration: ['medicalWard', 'patientClass'],
  admission: ['medicalWard', 'patientClass'],
  plannedAdmission: ['patientClass', 'plannedAt'],
  transfer: ['medicalWard'],
  leave: [],
  return: [],
  toInpatient: ['patientClass'],
  toOutpatient: ['patientClass'],
  attendingChange: ['attendingPhysician'],
  plannedTransfer: ['plannedWard', 'plannedAt'],
  plannedDischarge: ['expectedDischargeAt'],
  discharge: [],
}

export const classesOf: Partial<Record<MovementKind, readonly PatientClass[]>> = {
  toInpatient: ['I', 'R', 'V'],
  toOutpatient: ['E', 'O'],
}
export const allClasses = ['I', 'E', 'O', 'R', 'V', 'N'] as const satisfies readonly PatientClass[]

export function missingIn(draft: MovementDraft): MovementField[] {
  return required[draft.kind].filter((field) => draft[field] === '')
}

export function isRequired(kind: MovementKind, field: MovementField): boolean {
  return required[kind].includes(field)
}

/** What can be said of a stay as it is, in the order in which it is usual. */
export function movementsOf({ status, patientClass, died }: Standing): MovementKind[] {
  if (died) return []
  switch (status) {
    case 'expected':
      return ['admission', 'registration', 'plannedAdmission']
    case 'present':
      return [
        'plannedDischarge',
        'transfer',
        'plannedTransfer',
        'leave',
        ...(patientClass === 'E' || patientClass === 'O' ? ['toInpatient' as const] : []),
        ...(patientClass === 'I' ? ['toOutpatient' as const] : []),
        'attendingChange',
      ]
    case 'onLeave':
      return ['return', 'plannedDischarge', 'attendingChange']
    case 'discharged':
    case 'withdrawn':
      return []
  }
}

/** A draft that begins with what the stay is now. */
export function newMovement(kind: MovementKind, standing: Standing, newId: () => string): MovementDraft {
  const isPlace = kind !== 'transfer' && fieldsOf[kind].includes('room')
  const wardOf = (responsibility: 'medical' | 'care') =>
    standing.wards.find((ward) => ward.responsibility === responsibility || ward.responsibility === 'both')?.code ?? ''
  const here = {
    medicalWard: wardOf('medical'),
    careWard: wardOf('care'),
    room: standing.room ?? '',
    bed: standing.bed ?? '',
  }
  const [onlyClass] = classesOf[kind] ?? []
  return {
    requestId: newId(),
    undoId: newId(),
    kind,
    at: '',
    ...(isPlace ? here : { medicalWard: '', careWard: '', room: '', bed: '' }),
    patientClass: onlyClass ?? standing.patientClass ?? '',
    attendingPhysician: kind === 'attendingChange' ? '' : (standing.attendingPhysician ?? ''),
    plannedAt: '',
    plannedWard: '',
    expectedDischargeAt: local(standing.expectedDischargeAt),
    // Another date takes back nothing of where to.
    ...(kind === 'plannedDischarge' && standing.plannedDischarge ? { discharge: standing.plannedDischarge } : {}),
  }
}

/** A draft that begins with what was said. */
export function draftOf(kind: MovementKind, movement: Movement, newId: () => string): MovementDraft {
  return {
    requestId: newId(),
    undoId: newId(),
    kind,
    at: local(movement.effectiveAt),
    medicalWard: movement.medicalWard?.code ?? '',
    careWard: movement.careWard?.code ?? '',
    room: movement.room ?? '',
    bed: movement.bed ?? '',
    patientClass: movement.patientClass,
    attendingPhysician: movement.attendingPhysician ?? '',
    plannedAt: local(movement.plannedAt),
    plannedWard: movement.plannedWard?.code ?? '',
    expectedDischargeAt: local(movement.expectedDischargeAt),
    ...(movement.discharge ? { discharge: movement.discharge } : {}),
  }
}

const local = (at: string | undefined) => (at === undefined ? '' : toLocal(Date.parse(at)))

/** What is said to the platform. The draft MUST miss nothing; `labels` are the names of wards. */
export function writtenOf(
  draft: MovementDraft,
  { now, labels }: { now: number; labels: ReadonlyMap<string, string> },
): Written {
  const { kind } = draft
  const fields = new Set<string>(fieldsOf[kind])
  const ward = (code: string) => {
    const label = labels.get(code)
    return { code, ...(label === undefined ? {} : { label }) }
  }
  const said = {
    ...text('room', draft.room),
    ...text('bed', draft.bed),
    ...text('attendingPhysician', draft.attendingPhysician),
    ...text('patientClass', draft.patientClass),
    ...(draft.medicalWard === '' ? {} : { medicalWard: ward(draft.medicalWard) }),
    ...(draft.careWard === '' ? {} : { careWard: ward(draft.careWard) }),
    ...(draft.plannedWard === '' ? {} : { plannedWard: ward(draft.plannedWard) }),
    ...text('plannedAt', fromLocal(draft.plannedAt) ?? ''),
    ...text('expectedDischargeAt', fromLocal(draft.expectedDischargeAt) ?? ''),
  }
  const effectiveAt = fromLocal(draft.at) ?? new Date(now).toISOString()
  const own = Object.fromEntries(Object.entries(said).filter(([name]) => fields.has(name)))
  const isDeparture = kind === 'discharge' || kind === 'plannedDischarge'
  const discharge = isDeparture && draft.discharge ? { discharge: draft.discharge } : {}
  // `fieldsOf` and `required` hold what the contract asks of each kind: the platform checks it again.
  return { kind, effectiveAt, ...own, ...discharge } as Written
}

const text = (name: string, value: string) => (value === '' ? {} : { [name]: value })
