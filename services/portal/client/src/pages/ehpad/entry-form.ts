import type { IdentityStatus } from '@relais/contracts/patients'
import type { ResidentIdentity } from '@relais/contracts/residents'

/** What is typed of who a resident is. */
export type IdentityForm = {
  birthName: string
  usedName: string
  givenNames: string
  birthDate: string
  sex: ResidentIdentity['sex'] | ''
  birthplaceCog: string
  status: IdentityStatus
  matricule: string
  oid: string
}

export const emptyIdentity = (oid: string): IdentityForm => ({
  birthName: '',
  usedName: '',
  givenNames: '',
  birthDate: '',
  sex: '',
  birthplaceCog: '',
  status: 'provisional',
  matricule: '',
  oid,
})

export type FieldFault = 'required' | 'invalid'
export type IdentityFaults = Partial<Record<keyof IdentityForm, FieldFault>>

const COG = /^[0-9][0-9AB][0-9]{3}$/
const MATRICULE = /^[0-9AB]{15}$/
const spaceless = (text: string) => text.replace(/\s/g, '').toUpperCase()

/** What is missing, or is none of what the field asks for; the platform looks closer. */
export function faultsOf(form: IdentityForm, today: string): IdentityFaults {
  const faults: IdentityFaults = {}
  for (const field of ['birthName', 'givenNames', 'birthDate', 'sex'] as const)
    if (form[field].trim() === '') faults[field] = 'required'
  if (form.birthDate !== '' && (form.birthDate > today || Number.isNaN(Date.parse(form.birthDate))))
    faults.birthDate = 'invalid'
  const cog = spaceless(form.birthplaceCog)
  if (cog !== '' && !COG.test(cog)) faults.birthplaceCog = 'invalid'
  if (form.status === 'qualified' && !MATRICULE.test(spaceless(form.matricule)))
    faults.matricule = form.matricule.trim() === '' ? 'required' : 'invalid'
  return faults
}

/** The identity as it is sent; only of a form without faults. The INS goes with a qualified identity, and with no other. */
export function identityOf(form: IdentityForm): ResidentIdentity {
  const usedName = form.usedName.trim()
  const birthplaceCog = spaceless(form.birthplaceCog)
  return {
    birthName: form.birthName.trim(),
    ...(usedName === '' ? {} : { usedName }),
    givenNames: form.givenNames.trim(),
    birthDate: form.birthDate,
    sex: form.sex === '' ? 'U' : form.sex,
    ...(birthplaceCog === '' ? {} : { birthplaceCog }),
    status: form.status,
    ...(form.status === 'qualified' ? { ins: { matricule: spaceless(form.matricule), oid: form.oid } } : {}),
  }
}

/** The form for an identity that is known. */
export function formOf(identity: ResidentIdentity, oid: string): IdentityForm {
  const { ins, ...known } = identity
  return {
    ...emptyIdentity(ins?.oid ?? oid),
    ...known,
    usedName: known.usedName ?? '',
    birthplaceCog: known.birthplaceCog ?? '',
    matricule: ins?.matricule ?? '',
  }
}

/** OIDs of the INS: those of real people, or of test ones where nobody is real. */
export const insOids = {
  production: [
    { value: '1.2.250.1.213.1.4.8', label: 'INS-NIR' },
    { value: '1.2.250.1.213.1.4.9', label: 'INS-NIA' },
  ],
  demonstration: [
    { value: '1.2.250.1.213.1.4.10', label: 'INS-NIR (test)' },
    { value: '1.2.250.1.213.1.4.11', label: 'INS-NIR (démonstration)' },
  ],
} as const
