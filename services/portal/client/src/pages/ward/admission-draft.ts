import type { OpenStayBody } from '@relais/contracts/stay-routes'
import type { z } from 'zod'
import { type MovementDraft, writtenOf } from './movement-draft.ts'

export const openings = ['admission', 'registration', 'preadmission'] as const
export const sexes = ['F', 'M', 'U'] as const
/** HL7 table 0445: said by the patient or a relative, or read from an identity document. */
export const reliabilities = ['PROV', 'VALI'] as const

/** Somebody who comes to a ward without a feed. The ids make it one act however often it is sent. */
export type AdmissionDraft = {
  requestId: string
  undoId: string
  ipp: string
  visitNumber: string
  birthName: string
  usedName: string
  givenName: string
  birthDate: string
  sex: (typeof sexes)[number] | ''
  reliability: (typeof reliabilities)[number]
  primaryPhysician: string
  movement: MovementDraft
}
export type AdmissionField = 'ipp' | 'birthName' | 'givenName' | 'birthDate' | 'sex' | 'primaryPhysician'

export function newAdmission(ward: string, newId: () => string): AdmissionDraft {
  const nothing = { ipp: '', visitNumber: '', birthName: '', usedName: '', givenName: '', birthDate: '' }
  return {
    requestId: newId(),
    undoId: newId(),
    ...nothing,
    sex: '',
    reliability: 'PROV',
    primaryPhysician: '',
    movement: {
      requestId: '',
      undoId: '',
      kind: 'admission',
      at: '',
      medicalWard: ward,
      careWard: '',
      room: '',
      bed: '',
      patientClass: 'I',
      attendingPhysician: '',
      plannedAt: '',
      plannedWard: '',
      expectedDischargeAt: '',
    },
  }
}

/** What has to be filled in of who the patient is; `missingIn` says it of the movement. */
export function missingOf(draft: AdmissionDraft): AdmissionField[] {
  const asked = ['ipp', 'birthName', 'givenName', 'birthDate', 'sex'] as const
  return asked.filter((field) => draft[field].trim() === '')
}

/** What is said to the platform. The draft MUST miss nothing. */
export function bodyOf(
  draft: AdmissionDraft,
  known: { now: number; labels: ReadonlyMap<string, string> },
): z.input<typeof OpenStayBody> {
  const { requestId, ipp, visitNumber, usedName, sex, reliability, primaryPhysician } = draft
  return {
    requestId,
    patient: { ipp: ipp.trim() },
    identity: {
      birthName: draft.birthName.trim(),
      ...(usedName.trim() === '' ? {} : { usedName: usedName.trim() }),
      givenName: draft.givenName.trim(),
      birthDate: draft.birthDate,
      sex: sex === '' ? 'U' : sex,
      reliability: [reliability],
    },
    ...(visitNumber.trim() === '' ? {} : { visitNumber: visitNumber.trim() }),
    // The kind of the draft is one of `openings`.
    movement: writtenOf(draft.movement, known) as z.input<typeof OpenStayBody>['movement'],
    ...(primaryPhysician === '' ? {} : { primaryPhysician }),
  }
}
