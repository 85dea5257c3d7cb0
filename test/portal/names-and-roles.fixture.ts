import { saidInOffices } from './names-and-roles-offices.fixture.ts'

/**
 * What each page of `visits` says aloud: by role and name, in the order in which it is read. A page says more than what
 * stands here; what stands here it has to say. Patterns stand for people, dates and numbers.
 */
const patient = '[A-ZÉÈÊÎÏÀÂÔÛÇ-]+ [A-ZÉÈÊÎÏÀÂÔÛÇ-]+'

const navigations: Readonly<Record<string, string>> = {
  'Camille TEST-AUBÉPINE': 'À traiter, Conversations, Demandes, Absences, Trouver un patient',
  'Ismaël TEST-BADIANE': 'Gériatrie, À traiter, Conversations, Demandes, Absences, Trouver un patient',
  'Nadia TEST-IMPÉRATOIRE': 'Quarantaine, Trouver un patient',
  'Estelle TEST-PALOMBE': 'À traiter, Conversations, Protocoles, En retard, Chiffres',
  'Alix TEST-JONC': 'À traiter, Demandes',
  'Nour TEST-LAVANDE': 'À traiter, Conversations, Demandes, Absences, Trouver un patient',
  'Gaël TEST-ROSEAU': 'Quarantaine, Trouver un patient',
  'Solène TEST-LISERON': 'Résidents, À traiter, Conversations, Demandes, Absences, Trouver un patient',
}

/** What is around the page of whoever is signed in: for a screen that nobody operates, nothing. */
export function frameOf(name: string): string {
  const places = (navigations[name] ?? '').split(', ').map((place) => `link "${place}"`)
  return `
    link "Aller au contenu"
    banner
      link "Relais"
      navigation "Navigation principale"
        ${places.join('; ')}
      button /^Vous : ${name} /
    status
    main
    log "Ce qui vient de se passer"`
}

const inboxTools = `
      heading 1 "À traiter"
      button "Raccourcis clavier"
      navigation "Ce qui est affiché"
        link "À traiter"; link "Traités"`
const house = `
    navigation "Vues de l’EHPAD"
      link "Tableau"; link "Retours attendus"; link "Nuit et garde"; link "Écran mural"; link "Registre"`
const away = `
      listitem
        heading 3 /^À l’hôpital Ch\\. \\d+ ${patient}$/
        link /^09( \\d\\d){4}$/
        link /^Parcours : ${patient}$/
        button /^(Le retour est prêt|J’en ai pris connaissance) : ${patient}$/
        heading 4 /^Préparation du retour/`

const inbox = `
    region "Éléments"${inboxTools}
      combobox "Adressé à"`
const referralBoxes = `
    heading 1 "Demandes"
    navigation "Boîtes"
      link "Reçues"; link "Équipe"; link "Envoyées"
    navigation "État"
      link "En cours"; link "Terminées"`
const referral = `
      article
        heading 2 /^${patient} née? le /
        term "De la part de"; term "Envoyée"; term "Réponse attendue"
        group "Actions"
          button "Accepter"; button "Refuser…"; button "Réorienter…"; button "Demander une précision…"
        heading 3 "Ce qui est demandé"
        heading 3 "Votre part"
        link "Ouvrir le dossier du parcours"`

/** By the title of a visit. */
export const said: Readonly<Record<string, string>> = {
  'Camille TEST-AUBÉPINE: /inbox': `${inbox}
      heading 2 /^Aujourd’hui \\d+$/
      list "Aujourd’hui"
        listitem
          link /${patient}.* (Organiser la suite|Prendre connaissance|Répondre)/
    region "Détail"`,
  'Camille TEST-AUBÉPINE: /inbox → item=stay': `${inbox}
    region "Détail"
      heading 2 /^${patient} née? le /
      term "De"; term "Attendu de vous"; term "Médecin responsable"
      group "Actions"
        button /^(Suite organisée|Prendre connaissance|Traité)$/; button "Pas mon patient…"
      heading 3 "Qui d’autre le sait"
      link "Ouvrir le dossier du parcours"`,
  'Camille TEST-AUBÉPINE: /inbox → item=(referral|step)': `${inbox}
      group "Aller à une échéance"
        button /^Aujourd’hui \\d+$/
    region "Détail"${referral}`,
  'Camille TEST-AUBÉPINE: /inbox?view=done': inbox,
  'Camille TEST-AUBÉPINE: /referrals': `${referralBoxes}
    list
      listitem
        link /^${patient} .* Adressage : /`,
  'Camille TEST-AUBÉPINE: /referrals → \\/referrals\\/[0-9a-f-]{36}': `
    main
      link "← Demandes"
      heading 1 "Demande"${referral}`,
  'Camille TEST-AUBÉPINE: /threads': `
    heading 1 "Conversations"
    button "Nouvelle conversation"
    searchbox "Chercher dans mes conversations"
    navigation "Vos conversations"
      list
        listitem
          link /^.+ ${patient} .*(il y a|hier)/`,
  'Camille TEST-AUBÉPINE: /absences': `
    heading 1 "Absences"
    region "Vos absences"
      heading 2 "Vos absences"
      button "Déclarer une absence"`,
  'Camille TEST-AUBÉPINE: /preferences': `
    heading 1 "Préférences"
    region "Cet appareil"
      group "Langue"
        radio "Français"; radio "English"
      group "Apparence"
        radio "Comme l’appareil"; radio "Claire"; radio "Sombre"
    region "Conversations"
      checkbox "Heures calmes, tous les jours"
      heading 3 "Conversations en sourdine"
      button "Enregistrer"
      status`,
  'Camille TEST-AUBÉPINE: /open': `
    heading 1 "Trouver un patient"
    status
    searchbox "Établissement qui a donné le numéro"
    textbox "Numéro du patient"
    button "Ouvrir"
    DisclosureTriangle "Depuis un logiciel"`,
  'Ismaël TEST-BADIANE: /ward/4102': `
    heading 1 "Gériatrie"
    link "Nouvelle entrée"
    region "Afficher"
      group "Afficher"
        button /^Tous \\(\\d+\\)$/; button /^\\d+ présents$/; button /séjours? en retard$/
      searchbox "Chercher un nom, une chambre"
      combobox "Trier par"; combobox "Présentation"
    region "Présents"
      heading 2 /^Présents \\(\\d+\\)$/
      list
        listitem
          heading 3 /^${patient}/
            link /^${patient}/
          list "Destinataires et accusés"
          link "Sortie"; link "Ouvrir"
    region "Sortis depuis trois jours"
    region "Envois à la mauvaise personne"
      DisclosureTriangle "Envois réglés"`,
  'Ismaël TEST-BADIANE: /ward/4102/admit': `
    link "← Gériatrie"
    heading 1 "Nouvelle entrée"
    region "Qui est-ce ?"
      textbox "Numéro du patient dans l’établissement (IPP)"; textbox "Nom de naissance"; textbox "Nom utilisé"
      textbox "Premier prénom de naissance"; Date "Date de naissance"; combobox "Sexe"; combobox "Identité"
      textbox "Numéro de venue, s’il existe"
      searchbox "Médecin traitant. Il entre dans le cercle de soins, et sera informé."
    region "Où et quand ?"
      group "De quoi s’agit-il ?"
        radio "Hospitalisation"; radio "Passage sans hospitalisation"; radio "Entrée annoncée"
      DateTime "Prend effet le"; combobox "Service responsable"; combobox "Service d’hébergement, s’il est autre"
      textbox "Chambre"; textbox "Lit"; combobox "Type de prise en charge"; searchbox "Médecin responsable"
      DateTime "Sortie prévue le"
    button "Enregistrer l’entrée"`,
  'Ismaël TEST-BADIANE: /ward/4102 → \\/stays\\/[0-9a-f-]{36}$': `
    link "← Gériatrie"
    heading 1 /^${patient} née? le /
    link "Parcours, conversations et cercle de soins du patient"
    region "Dire ce qui change"
      link "Sortie"; button "Prévoir la sortie"; button "Transférer"; button "Prévoir un transfert"; button "Permission"
      button "Passer en externe"; button "Changer le médecin responsable"
    region "Qui a été informé"
      list "Destinataires et accusés"
        listitem
    region "Mouvements"
      listitem
        heading 3
        button "Corriger"; button "Annuler ce mouvement"
    region "Demandes envoyées pour ce séjour"
      link "Demander à un confrère ou à une équipe"
    region "Confidentialité"
      button "Rendre confidentiel"`,
  'Ismaël TEST-BADIANE: /ward/4102 → \\/discharge$': `
    link "Retour au tableau"
    heading 1 /^Sortie de ${patient} née? le /
    group "Quand"
      radio "Maintenant"; radio "Plus tôt"; radio "Prévue"
    group "Destination"
      radio "Domicile"; radio "EHPAD"; radio "Autre établissement"; radio "Autre"; radio "Décès"
    region "Qui sera informé, et pourquoi"
      list
        listitem
    button "Confirmer la sortie"; link "Ne rien changer"`,
  'Ismaël TEST-BADIANE: /ward/4102 → \\/stays\\/[0-9a-f-]{36}$ → \\/patients\\/[0-9a-f-]{36}': `
    heading 1 /^${patient}$/
    region "Où en est-on"
      heading 2 "Où en est-on"
    DisclosureTriangle "Identité complète"
    button "Copier en texte"; button "Imprimer"
    navigation "Rubriques du patient"
      link "Parcours"; link "Cercle de soins"; link "Protocoles"; link "Conversation"
    region "Parcours"
      DisclosureTriangle "Choisir ce qui est affiché"; DisclosureTriangle "Ce qui était su à un instant"
      status
      heading 3 /^\\p{L}+\\. \\d+ /
      list
        listitem
          DisclosureTriangle /^Pourquoi : /`,
  'Ismaël TEST-BADIANE: /threads → \\/threads\\/[0-9a-f-]{36}': `
    heading 1 "Conversations"
    button "Nouvelle conversation"; searchbox "Chercher dans mes conversations"
    navigation "Vos conversations"
      list
        listitem
          link /il y a|hier/
    article
      heading 2
      button "Participants"; button "Réglages"
      log "Messages"
        listitem
          button /^Répondre à /
      textbox "Votre message"
      button "Joindre un fichier"; button "Citer le parcours"; DisclosureTriangle "Mentionner"
      checkbox "Urgent : alerter tout de suite"
      button "Envoyer"`,
  'Solène TEST-LISERON: /ehpad/990000028': `
    heading 1 "Résidents"${house}
    region "Absents"
      heading 2 /^Absents \\(\\d+\\)$/${away}
    region "Sortis de l’hôpital"
      listitem
        heading 3 /^Ch\\. \\d+ ${patient}$/
        button /^Le résident est de retour : ${patient}$/
    region "Sur place"
      heading 2 /^Sur place \\(\\d+\\)$/
      list
        listitem`,
  'Solène TEST-LISERON: /ehpad/990000028/returns': `
    heading 1 "Retours attendus"${house}
    region /^(Aujourd’hui|Demain|Absents sans date)/
      heading 2 /\\(\\d+\\)$/${away}`,
  'Solène TEST-LISERON: /ehpad/990000028/night': `
    heading 1 "Cette nuit"${house}
    region "À faire avant 8 h"
      heading 2 "À faire avant 8 h"
    region /^Ce qui a changé depuis /
    region "Numéros"
      link /^09( \\d\\d){4}$/
      heading 3 "D’astreinte"
    region /^Passent la nuit à l’hôpital \\(\\d+\\)$/`,
  'Solène TEST-LISERON: /ehpad/990000028/wall': `
    main
      heading 1 "EHPAD Les Bruyères"
      region "Résidents absents"
        list
      region "Sur place"
        heading 2 /^\\d+ résidents sur place$/
        list
      link "Quitter l’écran mural"`,
  'Solène TEST-LISERON: /ehpad/990000028/register': `
    heading 1 "Registre des résidents"
    button "Nouveau résident"; button "Importer un fichier"${house}
    region /^Résidents \\(\\d+ résidents\\)$/
      searchbox "Chercher un résident"
      table
        columnheader "Chambre"; columnheader "Nom"; columnheader "Naissance"; columnheader "Identité"
        columnheader "Hôpital"; columnheader "Actions"
        row
          rowheader /^${patient}$/
          button /^Changer de chambre : ${patient}$/; button /^Départ : ${patient}$/; button /^Corriger : ${patient}$/`,
  'Alix TEST-JONC: /inbox': inbox,
  'Alix TEST-JONC: /referrals': referralBoxes,
  'Nour TEST-LAVANDE: /inbox': inboxTools,
  'Nour TEST-LAVANDE: /inbox?view=done': inboxTools,
  'Nour TEST-LAVANDE: /threads': `
    heading 1 "Conversations"
    button "Nouvelle conversation"
    searchbox "Chercher dans mes conversations"`,
  'Nour TEST-LAVANDE: /referrals': referralBoxes,
  ...saidInOffices,
}
