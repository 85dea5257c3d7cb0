import type { Expected } from '@relais/contracts/messages'
import { catalogue } from '../../messages/language.tsx'

/** A sentence for everything that may be expected: one that is missing does not compile. */
type Sentences = Readonly<Record<Expected['code'], (values: readonly string[]) => string>>

const fr: Sentences = {
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
  originalEvent: (values) => `L’évènement du mouvement est attendu : ${either(values, 'ou')}.`,
  actionOfTrigger: ([action = '']) => `${action} est attendu avec cet évènement.`,
  emptyField: () => 'PAM.fr interdit ce champ ; les suivants sont peut-être décalés d’un rang.',
  oneOf: (values) => `Valeurs attendues : ${either(values, 'ou')}.`,
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

const en: Sentences = {
  segment: () => 'This segment is expected.',
  onePatient: () => 'One is expected: one patient a message.',
  twoPatients: () => 'Two are expected: this message is about two patients.',
  oneMovement: () => 'One ZBE segment is expected: one movement a message.',
  formerIdentifier: () => 'The identifier that is given up is expected.',
  ipp: () => 'A repetition of type PI (the IPP) is expected.',
  identifier: () => 'An identifier is expected.',
  authority: () => 'The authority that assigned the identifier is expected.',
  messageType: () => 'A message type is expected.',
  triggerEvent: () => 'A trigger event is expected.',
  handledTrigger: () => 'This event is part of PAM.fr but is not handled yet: the message waits.',
  noOriginalEvent: () => 'No original event is expected with INSERT.',
  originalEvent: (values) => `The event of the movement is expected: ${either(values, 'or')}.`,
  actionOfTrigger: ([action = '']) => `${action} is expected with this event.`,
  emptyField: () => 'PAM.fr forbids this field; what follows may be shifted by one field.',
  oneOf: (values) => `Expected: ${either(values, 'or')}.`,
  statusChange: () => 'C is expected on a Z99 over A01, A04 or A05 only.',
  noControlCharacter: () => 'No control character is expected.',
  length: ([most = '']) => `At most ${most} characters are expected.`,
  timestamp: ([format = '']) => `A date as ${format} is expected.`,
  effectiveTime: () => 'When the movement takes effect is expected.',
  recordedTime: () => 'When the event was recorded is expected.',
  plannedDischarge: () => 'When the discharge is planned is expected.',
  attendingPhysician: () => 'The physician who answers from now on is expected.',
  facility: () => 'The establishment is expected in ZBE-7.6, PV1-3.4 or MSH-4.',
  wardCode: () => 'The code of the ward is expected.',
  controlId: () => 'A number of the message, different for each, is expected.',
  header: () => 'A message begins with MSH and five different delimiters.',
  characterSet: () => 'The bytes are in no character set that MSH-18 may name.',
  segmentName: () => 'A line after it does not begin with the name of a segment.',
  size: ([segments = '', repetitions = '']) =>
    `At most ${segments} segments and ${repetitions} repetitions of a field are read.`,
  knownMovement: () => 'No movement of this visit has this number yet: the message waits for it.',
  newMovement: () => 'Another movement of this visit already has this number.',
  standingMovement: () => 'This movement was withdrawn: it can no longer be corrected.',
  sameKind: () => 'The movement with this number is of another kind.',
  samePatient: () => 'This visit number is that of another patient.',
  settledStay: () => 'The visit keeps changing: the message has to be replayed.',
  knownVisit: () => 'Nothing is known of this visit yet.',
  entitledSender: () => 'This sender may not speak for this authority.',
  sameWorld: () => 'Real and test identities do not mix: this one has no place here.',
  recordable: () => 'The message says more, or other, than can be recorded: somebody has to look.',
}

/** `INSERT, UPDATE ou CANCEL`. */
function either(values: readonly string[], or: string): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} ${or} ${values.at(-1)}`
}

/** What is expected, in words; `undefined` for what only a newer platform knows. */
const said = (sentences: Sentences) => (expected: Expected | undefined) =>
  expected && Object.hasOwn(sentences, expected.code) ? sentences[expected.code](expected.values) : undefined

export const expectedWords = catalogue({ fr: said(fr), en: said(en) })
