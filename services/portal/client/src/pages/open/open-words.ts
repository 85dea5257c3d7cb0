import { catalogue } from '../../messages/language.tsx'

export const openWords = catalogue({
  fr: {
    title: 'Trouver un patient',
    help: 'Par le numéro que lui donne un établissement (IPP). Le numéro n’est écrit dans aucune adresse.',
    opening: 'Ouverture du patient…',
    authority: 'Établissement qui a donné le numéro',
    chosen: 'Établissement',
    number: 'Numéro du patient',
    submit: 'Ouvrir',
    authorityNeeded: 'Choisissez l’établissement.',
    numberNeeded: 'Écrivez le numéro.',
    unknownTitle: 'Ce numéro n’ouvre aucun patient',
    unknown:
      'Soit cet établissement n’a rien annoncé de ce patient, soit vous ne faites pas partie de ceux qui le prennent en charge : Relais ne dit pas lequel des deux. Le service ou le médecin traitant peut vous ajouter au cercle de soins.',
    ambiguous:
      'Plusieurs établissements portent ce nom : choisissez-le dans l’annuaire, ou demandez que le lien porte son numéro FINESS.',
    unreachable: 'Pas de réponse de la plateforme. Réessayez.',
    fromSoftware: 'Depuis un logiciel',
    fromSoftwareHelp: 'Un logiciel ouvre un patient par cette adresse, où le numéro reste dans le navigateur :',
  },
  en: {
    title: 'Find a patient',
    help: 'By the number that an establishment gave (IPP). The number is written into no address.',
    opening: 'Opening the patient…',
    authority: 'Establishment that gave the number',
    chosen: 'Establishment',
    number: 'Number of the patient',
    submit: 'Open',
    authorityNeeded: 'Choose the establishment.',
    numberNeeded: 'Write the number.',
    unknownTitle: 'This number opens no patient',
    unknown:
      'Either this establishment has said nothing of the patient, or you are not among those who give care: Relais does not say which. The ward or the GP can add you to the care circle.',
    ambiguous:
      'Several establishments bear this name: choose it in the directory, or have the link carry its FINESS number.',
    unreachable: 'The platform does not answer. Try again.',
    fromSoftware: 'From a program',
    fromSoftwareHelp: 'A program opens a patient by this address, in which the number stays in the browser:',
  },
})
