import type { Place } from './visits.fixture.ts'

/** A question that a page asks first: who opens it where, by which button, and what it says by role and name. */
type Question = { who: string; place: Place; press: string | RegExp; says: string }

const camille = 'Camille TEST-AUBÉPINE'
const ismael = 'Ismaël TEST-BADIANE'
const solene = 'Solène TEST-LISERON'
const nadia = 'Nadia TEST-IMPÉRATOIRE'
const estelle = 'Estelle TEST-PALOMBE'
const stay = { from: '/inbox', through: [/item=stay/] }
const request = { from: '/referrals', through: [/\/referrals\/[0-9a-f-]{36}/] }
const ofWard = { from: '/ward/4102', through: [/\/stays\/[0-9a-f-]{36}$/] }
const conversation = { from: '/threads', through: [/\/threads\/[0-9a-f-]{36}/] }
const protocol = { from: '/protocols', through: [/\/protocols\/(?!new)[^/]+$/] }
const message = { from: '/quarantine', through: [/\/quarantine\/[0-9a-f-]{36}/] }
const register = '/ehpad/990000028/register'

export const questions: readonly Question[] = [
  {
    who: camille,
    place: '/inbox',
    press: 'Raccourcis clavier',
    says: `
      heading 2 "Raccourcis clavier"
      button "Fermer"
      term /^j k/
      checkbox "Raccourcis d’une seule touche actifs"`,
  },
  {
    who: camille,
    place: stay,
    press: 'Pas mon patient…',
    says: `
      heading 2 "Ce n’est pas votre patient ?"
      button "Renvoyer : pas mon patient"; button "Annuler"`,
  },
  {
    who: camille,
    place: request,
    press: 'Refuser…',
    says: `
      heading 2 "Refuser la demande"
      combobox "Motif"; textbox "Commentaire"; button "Refuser"; button "Annuler"`,
  },
  {
    who: camille,
    place: request,
    press: 'Réorienter…',
    says: `
      heading 2 "Réorienter vers quelqu’un d’autre"
      searchbox "Vers qui"; combobox "Motif"; button "Réorienter"; button "Annuler"`,
  },
  {
    who: camille,
    place: request,
    press: 'Demander une précision…',
    says: `
      heading 2 "Demander une précision"
      textbox "Votre question"; button "Envoyer la question"; button "Annuler"`,
  },
  {
    who: camille,
    place: '/threads',
    press: 'Nouvelle conversation',
    says: `
      heading 2 "Nouvelle conversation"
      group "Avec qui"
        radio /^Des services/; radio "Un groupe privé"; radio "Tous les professionnels du territoire"
      textbox "Titre"; searchbox "Ajouter un participant"; button "Ouvrir la conversation"; button "Annuler"`,
  },
  {
    who: camille,
    place: '/absences',
    press: 'Déclarer une absence',
    says: `
      heading 2 "Déclarer une absence"
      DateTime "Début"; DateTime "Fin"; searchbox "Chercher qui remplace (facultatif)"
      button "Enregistrer"; button "Annuler"`,
  },
  {
    who: ismael,
    place: ofWard,
    press: 'Transférer',
    says: `
      heading 2 "Transférer"
      DateTime "Prend effet le"; combobox "Service responsable"; textbox "Chambre"; textbox "Lit"
      button "Enregistrer"; button "Ne rien changer"`,
  },
  {
    who: ismael,
    place: ofWard,
    press: 'Annuler ce mouvement',
    says: `
      heading 2 "Annuler ce mouvement ?"
      button "Annuler ce mouvement"; button "Ne rien changer"`,
  },
  {
    who: ismael,
    place: conversation,
    press: 'Participants',
    says: `
      heading 2 "Participants"
      list
        listitem
      heading 3 "Qui a lu jusqu’où"`,
  },
  {
    who: ismael,
    place: conversation,
    press: 'Réglages',
    says: `
      heading 2 "Réglages"
      checkbox "Mettre en sourdine"; textbox "Titre"; button "Renommer"; button "Clore la conversation"`,
  },
  {
    who: ismael,
    place: conversation,
    press: 'Citer le parcours',
    says: `
      heading 2 "Citer une ligne du parcours"
      listitem
        checkbox
      button "Citer le parcours"`,
  },
  {
    who: solene,
    place: register,
    press: 'Nouveau résident',
    says: `
      heading 2 "Nouveau résident"
      textbox "Chambre"; Date "Date d’entrée"; textbox "Nom de naissance"; textbox "Prénoms de naissance"
      Date "Date de naissance"; combobox "Sexe"; combobox "Identité"; button "Enregistrer"; button "Annuler"`,
  },
  {
    who: solene,
    place: register,
    press: 'Importer un fichier',
    says: `
      heading 2 "Importer une liste de résidents"
      DisclosureTriangle "Colonnes attendues"; button "Télécharger un modèle vide"; button "Fichier CSV"
      status
      button "Importer"`,
  },
  {
    who: solene,
    place: register,
    press: /^Changer de chambre : /,
    says: `
      heading 2 /^Changer de chambre : TEST-/
      textbox "Nouvelle chambre"; DateTime "Depuis"; button "Enregistrer"; button "Annuler"`,
  },
  {
    who: solene,
    place: register,
    press: /^Départ : /,
    says: `
      heading 2 /^Départ de l’EHPAD : TEST-/
      group "Motif"
        radio "Départ définitif"; radio "Décès"
      DateTime "Date et heure"; button "Enregistrer"; button "Annuler"`,
  },
  {
    who: solene,
    place: register,
    press: /^Corriger : /,
    says: `
      heading 2 /^Corriger l’identité : TEST-/
      textbox "Nom de naissance"; textbox "Matricule INS"; combobox "OID de l’INS"
      button "Enregistrer"; button "Annuler"`,
  },
  {
    who: nadia,
    place: message,
    press: 'Modifier ZBE-1',
    says: `
      heading 2 "Modifier ZBE-1"
      textbox "Nouvelle valeur, telle que le message l’écrira"
      button "Remplacer"; button "Insérer avant ce champ"; button "Retirer le champ"`,
  },
  {
    who: estelle,
    place: '/late',
    press: /^Confier à… /,
    says: `
      heading 2 /^Confier à quelqu’un d’autre : .+/
      button "La coordination s’en charge"; searchbox "Chercher dans l’annuaire"
      button "Confirmer"; button "Annuler"`,
  },
  {
    who: estelle,
    place: '/late',
    press: /^Ne sera pas faite… /,
    says: `
      heading 2 /^Ne sera pas faite : .+/
      combobox "Motif"; textbox "Commentaire"; button "Confirmer"; button "Annuler"`,
  },
  {
    who: estelle,
    place: '/late',
    press: /^Terminer le parcours… /,
    says: `
      heading 2 "Terminer ce parcours"
      button "Confirmer"; button "Annuler"`,
  },
  {
    who: estelle,
    place: '/late',
    press: /^Voir le parcours : /,
    says: `
      heading 2
      listitem`,
  },
  {
    who: estelle,
    place: protocol,
    press: 'Retirer…',
    says: `
      heading 2 "Retirer ce protocole"
      DateTime "À partir du (vide : dans une minute)"; button "Confirmer"; button "Annuler"`,
  },
  {
    who: estelle,
    place: '/statistics',
    press: /voir les évènements, Demandées$/,
    says: `
      heading 2 "Évènements : Demandées"
      listitem
      button "Exporter (CSV)"`,
  },
]
