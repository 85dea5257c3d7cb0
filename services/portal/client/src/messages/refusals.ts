import { catalogue } from './language.tsx'

/** Why the platform said no, in words that say what to do. Codes are those of the contracts. */
const french: Readonly<Record<string, string>> = {
  acceptedByAnother: 'un confrère a accepté avant vous',
  alreadyActedUpon: 'cela a déjà été traité autrement',
  alreadyReturned: 'cela a été renvoyé à l’expéditeur',
  alreadyAnswered: 'une autre réponse a déjà été donnée',
  noticeUnknown: 'cet élément n’existe plus, ou ne vous est plus adressé',
  patientUnknown: 'ce patient n’est pas connu ici, ou vous n’avez pas à le voir',
  referralEnded: 'cette demande est terminée',
  referralUnknown: 'cette demande n’existe plus, ou ne vous est plus adressée',
  runEnded: 'ce protocole est terminé pour ce patient',
  scopeMissing: 'votre rôle ne le permet pas',
  invalidBody: 'un champ n’est pas rempli comme attendu',
  reasonMissing: 'un autre motif s’écrit en commentaire',
  signedOut: 'votre session est terminée : reconnectez-vous',
}
const english: Readonly<Record<string, string>> = {
  acceptedByAnother: 'a colleague accepted before you',
  alreadyActedUpon: 'this was dealt with otherwise already',
  alreadyReturned: 'this was returned to its sender',
  alreadyAnswered: 'another answer was given already',
  noticeUnknown: 'this no longer exists, or is no longer yours',
  patientUnknown: 'this patient is not known here, or not yours to see',
  referralEnded: 'this request has ended',
  referralUnknown: 'this request no longer exists, or is no longer yours',
  runEnded: 'this protocol has ended for this patient',
  scopeMissing: 'your role does not allow it',
  invalidBody: 'a field is not filled in as expected',
  reasonMissing: 'another reason is written as a comment',
  signedOut: 'your session has ended: sign in again',
}

export const refusalWords = catalogue({
  fr: (code: string) => french[code] ?? `refusé (${code})`,
  en: (code: string) => english[code] ?? `refused (${code})`,
})
