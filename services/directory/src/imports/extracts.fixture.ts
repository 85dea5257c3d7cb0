/** Lines of national extracts about invented places and people: département 99 does not exist. */
export const FINESS_HEAD = 'finess;etalab;111;2026-05-12'

const finessCells = {
  number: '990000028',
  legalEntity: '990000010',
  short: 'EHPAD LES LILAS',
  long: 'RÉSIDENCE LES LILAS',
  city: '99100 ESSAI SUR LOIRE',
  category: '500',
  departement: '99',
  commune: '001',
}
/** A `structureet` line of 32 cells. */
export function finessLine(details: Partial<typeof finessCells> = {}): string {
  const { number, legalEntity, short, long, city, category, departement, commune } = { ...finessCells, ...details }
  const head = ['structureet', number, legalEntity, short, long, '', '', '12', 'R', 'DES ÉRABLES', '', 'BP 3']
  const place = [commune, departement, 'ESSAI', city, '0199000002', '']
  const tail = [
    category,
    'Etablissement',
    '4401',
    'Agregat',
    '',
    '8710A',
    '40',
    'ARS',
    '',
    '',
    '1988-05-02',
    '2017-01-03',
  ]
  return [...head, ...place, ...tail, '2024-04-22', ''].join(';')
}
export const GEOLOCATION = 'geolocalisation;990000028;870262.2;6571540.8;1,ATLASANTE,96,BAN;2026-05-04'

/** As the file of September 2026 writes them, the last cell of each line being empty. */
export const RPPS_HEAD =
  "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|Libellé civilité exercice|" +
  "Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|Libellé profession|" +
  'Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|Libellé type savoir-faire|' +
  'Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|Numéro SIRET site|Numéro SIREN site|' +
  'Numéro FINESS site|Numéro FINESS établissement juridique|Identifiant technique de la structure|Raison sociale site|' +
  'Enseigne commerciale site|Complément destinataire (coord. structure)|Complément point géographique (coord. structure)|' +
  'Numéro Voie (coord. structure)|Indice répétition voie (coord. Structure)|Code type de voie (coord. structure)|' +
  'Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|' +
  'Bureau cedex (coord. structure)|Code postal (coord. structure)|Code commune (coord. structure)|' +
  'Libellé commune (coord. structure)|Code pays (coord. structure)|Libellé pays (coord. structure)|' +
  'Téléphone (coord. structure)|Téléphone 2 (coord. structure)|Télécopie (coord. structure)|' +
  'Adresse e-mail (coord. structure)|Code département (coord. structure)|Libellé département (coord. structure)|' +
  "Ancien identifiant de la structure|Autorité d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|" +
  'Code section tableau pharmaciens|Libellé section tableau pharmaciens|Code fonction|Libellé fonction|' +
  "Code genre d'activité|Libellé genre d'activité|"

const names = RPPS_HEAD.split('|')
const rppsCells: Record<string, string> = {
  "Type d'identifiant PP": '8',
  'Identifiant PP': '10002909371',
  "Nom d'exercice": 'TEST-LEFÈVRE',
  "Prénom d'exercice": 'ANNE',
  'Libellé profession': 'Médecin',
  'Code type savoir-faire': 'S',
  'Libellé savoir-faire': 'Médecine générale',
  'Libellé mode exercice': 'Libéral',
  'Identifiant technique de la structure': 'R10100000328372',
  'Raison sociale site': 'CABINET DES TILLEULS',
  'Numéro Voie (coord. structure)': '9',
  'Libellé type de voie (coord. structure)': 'Rue',
  'Libellé Voie (coord. structure)': 'DU PONT',
  'Code postal (coord. structure)': '99100',
  'Code commune (coord. structure)': '99001',
  'Libellé commune (coord. structure)': 'Essai-sur-Loire',
  'Téléphone (coord. structure)': '0199000003',
}
/** One activity; cells by the name of their column. */
export function rppsLine(details: Record<string, string> = {}): string {
  const cells = { ...rppsCells, ...details }
  return names.map((name) => cells[name] ?? '').join('|')
}

export const fileOf = (...lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`)
export const latin1 = (...lines: readonly string[]) => new Uint8Array(Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
