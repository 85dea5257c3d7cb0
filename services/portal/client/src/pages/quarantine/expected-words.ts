import type { Expected } from '@relais/contracts/messages'
import { catalogue } from '../../messages/language.tsx'

/** A sentence for everything that may be expected: one that is missing does not compile. */
const fr: Readonly<Record<Expected['code'], (values: readonly string[]) => string>> = {
  segment: () => 'Ce segment est attendu.',
  onePatient: () => 'Un seul est attendu : un patient par message.',
  twoPatients: () => 'Deux sont attendus : ce message parle de deux patients.',
  oneMovement: () => 'Un seul segment ZBE est attendu : un mouvement par message.',
  formerIdentifier: () => 'L’identifiant abandonné est attendu.',
  ipp: () => 'Une répétition de type PI (l’IPP) est attendue.',
  identifier: () => 'Un identifiant est attendu.',
  authority: () => 'L’autorité qui a attribué l’identifiant est attendue.',
  messageType: () => 'Un type de message est attendu.',
  triggerEvent: () => 'Un évènement déclencheur est attendu.',
  handledTrigger: () =>
    'Cet évènement existe dans PAM.fr mais n’est pas encore pris en charge : le message est gardé en attente.',
  noOriginalEvent: () => 'Aucun évènement d’origine n’est attendu avec INSERT.',
  originalEvent: (values) => `L’évènement du mouvement est attendu : ${either(values)}.`,
  actionOfTrigger: ([action = '']) => `${action} est attendu avec cet évènement.`,
  emptyField: () => 'PAM.fr interdit ce champ ; les suivants sont peut-être décalés d’un rang.',
  oneOf: (values) => `Valeurs attendues : ${either(values)}.`,
  statusChange: () => 'C n’est attendu que dans un Z99 qui corrige A01, A04 ou A05.',
  noControlCharacter: () => 'Aucun caractère de contrôle n’est attendu.',
  length: ([most = '']) => `${most} caractères au plus sont attendus.`,
  timestamp: ([format = '']) =>
    `Une date au format ${format.replaceAll('Y', 'A').replaceAll('DD', 'JJ')} est attendue.`,
  effectiveTime: () => 'La date d’effet du mouvement est attendue.',
  recordedTime: () => 'La date de saisie de l’évènement est attendue.',
  plannedDischarge: () => 'La date de sortie prévue est attendue.',
  attendingPhysician: () => 'Le médecin désormais responsable est attendu.',
  facility: () => 'L’établissement est attendu en ZBE-7.6, PV1-3.4 ou MSH-4.',
  wardCode: () => 'Le code du service (UF) est attendu.',
  controlId: () => 'Un numéro de message, différent pour chacun, est attendu.',
  header: () => 'Un message commence par MSH, suivi de cinq séparateurs différents.',
  characterSet: () => 'Les octets ne correspondent à aucun jeu de caractères que MSH-18 peut annoncer.',
  segmentName: () => 'Une ligne qui suit ne commence pas par un nom de segment.',
  size: ([segments = '', repetitions = '']) =>
    `${segments} segments et ${repetitions} répétitions d’un champ au plus sont lus.`,
  knownMovement: () => 'Aucun mouvement de cette venue ne porte encore ce numéro : le message l’attend.',
  newMovement: () => 'Un autre mouvement de cette venue porte déjà ce numéro.',
  standingMovement: () => 'Ce mouvement a été annulé : il ne peut plus être corrigé.',
  sameKind: () => 'Le mouvement qui porte ce numéro est d’un autre type.',
  samePatient: () => 'Ce numéro de venue est celui d’un autre patient.',
  settledStay: () => 'Cette venue change sans cesse : le message est à rejouer.',
  knownVisit: () => 'Rien n’est encore connu de cette venue.',
  entitledSender: () => 'Cet émetteur ne peut pas parler au nom de cette autorité.',
  sameWorld: () => 'Identités réelles et d’essai ne se mélangent pas : celle-ci n’a pas sa place ici.',
  recordable: () =>
    'Le message en dit plus, ou autre chose, que ce qui peut être enregistré : quelqu’un doit le regarder.',
}

/** `INSERT, UPDATE ou CANCEL`. */
function either(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} ou ${values.at(-1)}`
}

type Said = (expected: Expected | undefined) => string | undefined
const inFrench: Said = (expected) =>
  expected && Object.hasOwn(fr, expected.code) ? fr[expected.code](expected.values) : undefined

/** What is expected, in words; `undefined` where those of the platform do, which are English. */
export const expectedWords = catalogue<Said>({ fr: inFrench, en: () => undefined })
