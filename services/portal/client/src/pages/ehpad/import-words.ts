import { catalogue } from '../../messages/language.tsx'

export const importWords = catalogue({
  fr: {
    importTitle: 'Importer une liste de résidents',
    importHelp:
      'Un fichier CSV de votre logiciel, séparé par des points-virgules, une ligne par résident. Renvoyer le même fichier ne change rien.',
    columns: 'Colonnes attendues',
    columnsOptional: 'facultatives',
    choose: 'Fichier CSV',
    template: 'Télécharger un modèle vide',
    send: 'Importer',
    sending: 'Import en cours…',
    unreachable: 'Pas de réponse. Renvoyez le même fichier : rien n’est enregistré deux fois.',
    fileRefused: {
      encodingUnreadable: 'L’encodage du fichier n’est pas lisible : enregistrez-le en UTF-8 ou Windows-1252.',
      headerUnexpected: 'La première ligne ne nomme pas les colonnes attendues.',
      lineTooLong: 'Une ligne est beaucoup trop longue.',
      noLines: 'Le fichier ne contient aucune ligne.',
    },
    imported: (counts: { changed: number; unchanged: number; refused: number }) =>
      [
        `${counts.changed} ${counts.changed > 1 ? 'résidents enregistrés' : 'résident enregistré'}`,
        `${counts.unchanged} inchangé${counts.unchanged > 1 ? 's' : ''}`,
        counts.refused === 0
          ? 'aucune ligne refusée'
          : `${counts.refused} ${counts.refused > 1 ? 'lignes refusées' : 'ligne refusée'}`,
      ].join(' · '),
    notes: 'Lignes à revoir dans le fichier',
    line: 'Ligne',
    column: 'Colonne',
    reason: 'Raison',
    severity: { refused: 'refusée', warning: 'gardée, à revoir' },
    reasons: {
      columnsMissing: 'des colonnes manquent sur cette ligne',
      missing: 'la case est vide',
      invalid: 'la valeur n’est pas comprise',
      tooLong: 'la valeur est trop longue',
      quoteUnbalanced: 'un guillemet n’est pas refermé',
      lineKindUnknown: 'type de ligne inconnu',
      repeated: 'ce numéro est déjà sur une autre ligne',
      refused: 'refusée',
      keyDoubtful: 'la clé du numéro est douteuse',
      insNotKept: 'INS non gardée : l’identité n’est pas qualifiée',
    },
    close: 'Fermer',
  },
  en: {
    importTitle: 'Import a list of residents',
    importHelp:
      'A CSV file of your software, with semicolons, one line for each resident. The same file again changes nothing.',
    columns: 'Columns',
    columnsOptional: 'may be left out',
    choose: 'CSV file',
    template: 'Download an empty one',
    send: 'Import',
    sending: 'Importing…',
    unreachable: 'No answer. Send the same file again: nothing is recorded twice.',
    fileRefused: {
      encodingUnreadable: 'The encoding of the file cannot be read: save it as UTF-8 or Windows-1252.',
      headerUnexpected: 'The first line does not name the columns that are expected.',
      lineTooLong: 'A line is far too long.',
      noLines: 'The file has no lines.',
    },
    imported: (counts: { changed: number; unchanged: number; refused: number }) =>
      [
        `${counts.changed} recorded`,
        `${counts.unchanged} unchanged`,
        counts.refused === 0 ? 'no line refused' : `${counts.refused} refused`,
      ].join(' · '),
    notes: 'Lines of the file to look at',
    line: 'Line',
    column: 'Column',
    reason: 'Reason',
    severity: { refused: 'refused', warning: 'kept, to be looked at' },
    reasons: {
      columnsMissing: 'columns are missing on this line',
      missing: 'the cell is empty',
      invalid: 'the value is not understood',
      tooLong: 'the value is too long',
      quoteUnbalanced: 'a quotation mark is not closed',
      lineKindUnknown: 'unknown kind of line',
      repeated: 'this number is on another line already',
      refused: 'refused',
      keyDoubtful: 'the key of the number is doubtful',
      insNotKept: 'INS not kept: the identity is not qualified',
    },
    close: 'Close',
  },
})
