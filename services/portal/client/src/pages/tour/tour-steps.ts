import { catalogue } from '../../messages/language.tsx'

/** Where a step is tried, as one of the addresses of the navigation of who is named. */
type Place = { path: string }
type Told = { title: string; what: readonly string[] }
export type TourStep = Place & { id: StepId; as: string } & Told

const ids = ['ward', 'inbox', 'pathway', 'ehpad', 'thread', 'absence', 'quarantine', 'coordination', 'network'] as const
export type StepId = (typeof ids)[number]

/** The people of the demonstration: invented, and the same at each start. */
export const OPERATOR = 'Gaël TEST-ROSEAU'
const NURSE = 'Ismaël TEST-BADIANE'
const PHYSICIAN = 'Camille TEST-AUBÉPINE'

const places: Readonly<Record<StepId, Place & { as: string }>> = {
  ward: { as: NURSE, path: '/ward/4102' },
  inbox: { as: PHYSICIAN, path: '/inbox' },
  pathway: { as: PHYSICIAN, path: '/inbox' },
  ehpad: { as: 'Solène TEST-LISERON', path: '/ehpad/990000028' },
  thread: { as: PHYSICIAN, path: '/threads' },
  absence: { as: PHYSICIAN, path: '/absences' },
  quarantine: { as: 'Nadia TEST-IMPÉRATOIRE', path: '/quarantine' },
  coordination: { as: 'Estelle TEST-PALOMBE', path: '/late' },
  network: { as: PHYSICIAN, path: '/inbox' },
}

const told = catalogue<Readonly<Record<StepId, Told>>>({
  fr: {
    ward: {
      title: 'Un service : les lits, les sorties, qui a lu',
      what: [
        'Ouvrez le service : les séjours arrivent et changent en direct.',
        'Faites sortir un patient : l’écran dit qui sera prévenu, et pourquoi.',
        'Revenez au séjour : chaque destinataire y est remis, lu, traité, à mesure.',
      ],
    },
    inbox: {
      title: 'Un médecin traitant : ce qui est attendu, par échéance',
      what: [
        'Une ligne par séjour, mise à jour sur place. Les flèches vont d’une ligne à l’autre, une touche en prend connaissance.',
        'Copiez le séjour en texte, pour le coller dans un autre logiciel.',
        'Regardez le service, dans une autre fenêtre : il voit que c’est lu.',
      ],
    },
    pathway: {
      title: 'Un parcours : ce qui s’est passé, ce qu’on savait',
      what: [
        'Depuis une ligne, ouvrez le patient.',
        'Sous « Ce qui était su à un instant », reculez le curseur : ce qui a été corrigé depuis redevient ce qu’on croyait.',
        'Sous « Pourquoi ? » d’une ligne : d’où elle vient, par quelle règle, qui a été informé, qui l’a vue, pourquoi vous.',
      ],
    },
    ehpad: {
      title: 'Un EHPAD : où sont les résidents',
      what: [
        'Le tableau dit qui est là, aux urgences, à l’hôpital, et quand chacun revient.',
        'Préparez un retour : la liste dit ce qui manque encore.',
        'Le mode mural ne montre que la chambre et les initiales.',
      ],
    },
    thread: {
      title: 'Une conversation, à deux fenêtres',
      what: [
        'Dans une fenêtre privée, soyez Ismaël TEST-BADIANE. Ouvrez de chaque côté la même conversation d’un patient.',
        'Écrivez, citez une ligne du parcours, joignez un fichier : l’autre le voit aussitôt.',
        'Modifiez, puis retirez votre message. Voyez qui a lu jusqu’où.',
      ],
    },
    absence: {
      title: 'Une absence et un remplaçant',
      what: [
        'Déclarez une absence d’une heure, et choisissez un confrère dans l’annuaire.',
        'Ce qui est attendu de vous l’est de lui, jusqu’à la fin. Annulez d’une touche.',
      ],
    },
    quarantine: {
      title: 'Un message mal formé, réparé',
      what: [
        'La journée en envoie un : il attend en quarantaine, avec ses motifs champ par champ.',
        'Retirez le champ en trop, rejouez le message : il devient la ligne que le service et le médecin voient.',
      ],
    },
    coordination: {
      title: 'La coordination : ce qui est en retard',
      what: [
        'Les étapes en retard, par protocole, avec qui les a.',
        'Changez un protocole et essayez-le à blanc : la différence est montrée avant d’être publiée.',
        'Les chiffres mènent chacun aux faits qu’ils comptent.',
      ],
    },
    network: {
      title: 'Ce qui se passe mal',
      what: [
        'Coupez le réseau de l’appareil, prenez connaissance d’une ligne, écrivez un message : tout est gardé, et dit en attente.',
        'Rétablissez-le : chaque chose part une fois, et la page dit que rien n’a été manqué.',
        'Rechargez la page au milieu d’une phrase : elle est encore là.',
      ],
    },
  },
  en: {
    ward: {
      title: 'A ward: beds, discharges, who has read',
      what: [
        'Open the ward: stays come and change live.',
        'Discharge a patient: the screen says who will be told, and why.',
        'Come back to the stay: each recipient is delivered, read, acted upon, as it happens.',
      ],
    },
    inbox: {
      title: 'A GP: what is expected, by when it is due',
      what: [
        'A line for each stay, updated in place. Arrows go from one to the next, one key acknowledges.',
        'Copy the stay as text, for another program.',
        'Look at the ward, in another window: it sees that it was read.',
      ],
    },
    pathway: {
      title: 'A pathway: what happened, what was known',
      what: [
        'From a line, open the patient.',
        'Under “What was known at an instant”, move the cursor back: what was corrected since is again what was believed.',
        'Under “Why?” of a line: where it comes from, by which rule, who was told, who saw it, and why you do.',
      ],
    },
    ehpad: {
      title: 'An EHPAD: where its residents are',
      what: [
        'The board says who is there, at the emergency department, in hospital, and when each comes back.',
        'Prepare a return: the list says what is missing.',
        'The wall shows the room and initials only.',
      ],
    },
    thread: {
      title: 'A conversation, in two windows',
      what: [
        'In a private window, be Ismaël TEST-BADIANE. Open the same conversation about a patient on both sides.',
        'Write, quote a line of the pathway, attach a file: the other sees it at once.',
        'Edit your message, then withdraw it. See who has read how far.',
      ],
    },
    absence: {
      title: 'An absence and who stands in',
      what: [
        'Declare an absence of an hour, and choose a colleague in the directory.',
        'What is expected of you is expected of that one, until the end. Undo with one press.',
      ],
    },
    quarantine: {
      title: 'A malformed message, repaired',
      what: [
        'The day sends one: it waits in quarantine, with its reasons field by field.',
        'Remove the field that is too many, replay the message: it becomes the line that the ward and the GP see.',
      ],
    },
    coordination: {
      title: 'Coordination: what is late',
      what: [
        'The steps that are late, by protocol, and who has them.',
        'Change a protocol and try it on what happened: the difference is shown before it is published.',
        'Each figure leads to the facts that it counts.',
      ],
    },
    network: {
      title: 'When things go wrong',
      what: [
        'Cut the network of the device, acknowledge a line, write a message: all of it is kept, and said to wait.',
        'Bring it back: each thing leaves once, and the page says that nothing was missed.',
        'Reload the page in the middle of a sentence: it is still there.',
      ],
    },
  },
})

const inOrder = (words: Readonly<Record<StepId, Told>>): TourStep[] =>
  ids.map((id) => ({ id, ...places[id], ...words[id] }))

export const tourSteps = catalogue({ fr: inOrder(told.fr), en: inOrder(told.en) })
