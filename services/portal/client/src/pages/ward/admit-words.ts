import { catalogue } from '../../messages/language.tsx'
import type { AdmissionField } from './admission-draft.ts'

const fr = {
  title: 'Nouvelle entrée',
  lead: 'Pour un service dont le logiciel n’envoie pas ses mouvements. Ce que vous dites ici est dit comme par un message.',
  kind: 'De quoi s’agit-il ?',
  kinds: {
    admission: 'Hospitalisation',
    registration: 'Passage sans hospitalisation',
    preadmission: 'Entrée annoncée',
  },
  who: 'Qui est-ce ?',
  fields: {
    ipp: 'Numéro du patient dans l’établissement (IPP)',
    birthName: 'Nom de naissance',
    givenName: 'Premier prénom de naissance',
    birthDate: 'Date de naissance',
    sex: 'Sexe',
    primaryPhysician: 'Médecin traitant',
  } satisfies Record<AdmissionField, string>,
  usedName: 'Nom utilisé',
  visitNumber: 'Numéro de venue, s’il existe',
  sexes: { F: 'féminin', M: 'masculin', U: 'inconnu' },
  reliability: 'Identité',
  reliabilities: {
    PROV: 'provisoire : dite par le patient ou un proche',
    VALI: 'validée : lue sur un titre d’identité',
  },
  physicianHelp: 'Il entre dans le cercle de soins, et sera informé.',
  where: 'Où et quand ?',
  record: 'Enregistrer l’entrée',
  done: 'Entrée enregistrée',
  undone: 'Entrée annulée',
  waiting: 'en attente d’envoi',
}
const en: typeof fr = {
  title: 'New admission',
  lead: 'For a ward whose software does not send its movements. What you say here is said as by a message.',
  kind: 'What is it?',
  kinds: { admission: 'Inpatient', registration: 'Not as an inpatient', preadmission: 'Announced' },
  who: 'Who is it?',
  fields: {
    ipp: 'The establishment’s number of the patient (IPP)',
    birthName: 'Name at birth',
    givenName: 'First given name',
    birthDate: 'Date of birth',
    sex: 'Sex',
    primaryPhysician: 'GP (médecin traitant)',
  },
  usedName: 'Name used',
  visitNumber: 'Number of the visit, if there is one',
  sexes: { F: 'female', M: 'male', U: 'unknown' },
  reliability: 'Identity',
  reliabilities: {
    PROV: 'provisional: said by the patient or a relative',
    VALI: 'validated: read from an identity document',
  },
  physicianHelp: 'Joins the care circle, and will be told.',
  where: 'Where and when?',
  record: 'Record the admission',
  done: 'Admission on record',
  undone: 'Admission undone',
  waiting: 'waiting to be sent',
}
export const admitWords = catalogue({ fr, en })
