/** What the pages of the admissions office and of the coordination say aloud: as `said`. */
export const saidInOffices: Readonly<Record<string, string>> = {
  'Nadia TEST-IMPÉRATOIRE: /quarantine': `
    heading 1 "Quarantaine"
    link "Identités à rapprocher"
    group "État"
      button "À traiter"; button "À réparer"; button "Attend un autre mouvement"; button "Réparé, à rejouer"
      button "Réglé"
    list
      listitem
        heading 2 /\\(ADT\\^A\\d\\d\\)$/
          link /\\(ADT\\^A\\d\\d\\)$/
        list "Ce qui ne va pas"
    region "Rapport d’un émetteur"
      textbox "Émetteur"; Date "Jour"; button "Afficher"`,
  'Nadia TEST-IMPÉRATOIRE: /quarantine → \\/quarantine\\/[0-9a-f-]{36}': `
    link "← Retour à la quarantaine"
    heading 1 /\\(ADT\\^A\\d\\d\\)$/
    region "Ce qui ne va pas"
      list "Ce qui ne va pas"
    region "Votre réparation"
      button "Réparer"; button "Rejouer le message"
      status
    region "Le message, champ par champ"
      checkbox "Masquer les champs vides sans problème"
      DisclosureTriangle /^MSH en-tête \\d+ champs$/; DisclosureTriangle /^ROL intervenant \\d+ champs$/
      table "ZBE"
        columnheader "Champ"; columnheader "Valeur"; columnheader "Réparer"
        row
          rowheader "ZBE-1 numéro du mouvement"
          button "Modifier ZBE-1"
    region "Qui a fait quoi"`,
  'Nadia TEST-IMPÉRATOIRE: /patients/link-doubts': `
    link "← Retour à la quarantaine"
    heading 1 "Identités à rapprocher"`,
  'Estelle TEST-PALOMBE: /protocols': `
    heading 1 "Protocoles du territoire"
    link "Nouveau protocole"
    list
      listitem
        heading 2 "Retour à domicile d’une personne âgée"
          link "Retour à domicile d’une personne âgée"`,
  'Estelle TEST-PALOMBE: /protocols/new': `
    link "Tous les protocoles"
    heading 1 "Nouveau protocole"
    region "Le protocole"
      textbox "Titre"; textbox "Territoire"; textbox "Département"; textbox "Coordination"
    region "Déclenchement"
      combobox "Le protocole démarre à"
      heading 3 "Seulement si tout ceci est vrai"
      button "Ajouter une condition"
      checkbox "S’arrêter si le patient est de nouveau hospitalisé"
    region "Étapes"
      listitem
        heading 3 "Étape 1"
        button "Monter : Étape 1"; button "Descendre : Étape 1"; button "Supprimer : Étape 1"
        textbox "Ce qu’il y a à faire, en quelques mots"; textbox "Précisions (facultatif)"
        group /^À qui : /
          combobox "Rôle 1"; button "Monter : Rôle 1"; button "Supprimer : Rôle 1"; button "Ajouter un rôle de repli"
        group "Échéance"
          combobox "L’échéance se compte"; spinbutton "Heures"; combobox "À partir de"; combobox "Horloge"
        DisclosureTriangle /^Si c’est en retard, prévenir aussi/
        checkbox "Peut ne pas être faite, avec un motif"
      button "Ajouter une étape"
    region "À corriger"
      status
      button "Aller au champ : Étape 1, À remplir."
    region "Essai à blanc"
      DateTime "Du"; DateTime "Au"; button "Lancer l’essai"
    region "Publication"
      DateTime "S’applique à partir du"
      status
      button "Publier la version 1"`,
  'Estelle TEST-PALOMBE: /protocols → \\/protocols\\/(?!new)[^/]+$': `
    link "Tous les protocoles"
    heading 1 "Retour à domicile d’une personne âgée"
    link "Modifier"; button "Retirer…"
    region "Ce que dit la version 1"
      term "Déclenchement"; term "Seulement si"
      heading 3 "Étapes"
      heading 4 "Appel du patient ou de son entourage"
    region "Versions"
      table
        columnheader "Version"; columnheader "S’applique à partir du"; columnheader "Jusqu’au"; columnheader "Publiée par"
        rowheader "1"
    region "Parcours en cours"`,
  'Estelle TEST-PALOMBE: /protocols → \\/protocols\\/(?!new)[^/]+$ → \\/edit$': `
    heading 1 "Modifier : Retour à domicile d’une personne âgée"
    button "Repartir de la version publiée"
    region "Déclenchement"
      group "Condition 2"
        combobox "Cette condition"; combobox "Sur"
        group "Prise en charge"
          checkbox "urgences"; checkbox "hospitalisation"
        button "Supprimer : Condition 2"
    region "Étapes"
      heading 3 "Étape 2 : Conciliation des traitements"
      button "Monter : Étape 2 : Conciliation des traitements"
      group "Après ces étapes"
        checkbox "Étape 1 : Appel du patient ou de son entourage"
    region "Publication"
      button "Publier la version 2"`,
  'Estelle TEST-PALOMBE: /late': `
    heading 1 "Étapes en retard"
    status
    group "Filtrer"
      combobox "Protocole"; combobox "Chez qui"
    list
      listitem
        heading 2
        button /^Confier à… .+/; button /^Ne sera pas faite… .+/; button /^Terminer le parcours… .+/
        button /^Voir le parcours : .+/`,
  'Estelle TEST-PALOMBE: /statistics': `
    heading 1 "Demandes : ce qui est demandé, et ce qui en est fait"
    group "Période"
      button "Ce mois"; button "3 mois"; button "6 mois"; button "12 mois"; combobox "De"; combobox "À (compris)"
    region "En bref"
      term "Demandées"
      button /^\\d+ : voir les évènements, Demandées$/
      term "Délai médian"
    region "Demandes par mois"
      button "Exporter (CSV) : Demandes par mois"
      image "Graphique : Demandes par mois. Les mêmes chiffres sont dans le tableau."
      table "Demandes par mois"
        columnheader "Mois"; columnheader "Demandées"; columnheader "Acceptées"; columnheader "Refusées"
        rowheader /^\\p{L}+\\.? \\d\\d$/
    region "Délais de réponse par mois"
      image "Graphique : Délais de réponse par mois. Les mêmes chiffres sont dans le tableau."
      table "Délais de réponse par mois"
    region "Refus, par motif"
    region "Sans réponse, depuis"
    region "Par destinataire"
      table "Par destinataire"
        button /^Voir celui-ci : .*TEST-/`,
  'Gaël TEST-ROSEAU: /quarantine': `
    heading 1 "Quarantaine"
    group "État"
      button "À traiter"; button "À réparer"
    region "Rapport d’un émetteur"
      textbox "Émetteur"; Date "Jour"; button "Afficher"`,
}
