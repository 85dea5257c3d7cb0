import { catalogue } from '../messages/language.tsx'

export const peopleWords = catalogue({
  fr: {
    withheld: 'Identité révélée à l’acceptation',
    notForSorting: 'Identité réservée aux soignants',
    unknownPatient: 'Patient que vous n’avez pas à voir',
    searchHelp: 'Nom, ville ou numéro',
    found: (count: number) => (count === 1 ? '1 résultat' : `${count} résultats`),
    nobodyFound: 'Personne de ce nom dans l’annuaire.',
    results: 'Résultats de l’annuaire',
    wards: 'Services',
    wholeFacility: 'Tout l’établissement',
    leaveOut: 'Retirer',
    born: (sex: 'F' | 'M' | 'U' | undefined, date: string) =>
      `${sex === 'F' ? 'née' : sex === 'M' ? 'né' : 'né·e'} le ${date}`,
  },
  en: {
    withheld: 'Identity shown once accepted',
    notForSorting: 'Identity for those who give care',
    unknownPatient: 'A patient who is not yours to see',
    searchHelp: 'Name, town or number',
    found: (count: number) => (count === 1 ? '1 result' : `${count} results`),
    nobodyFound: 'Nobody of this name in the directory.',
    results: 'Found in the directory',
    wards: 'Wards',
    wholeFacility: 'The whole establishment',
    leaveOut: 'Leave out',
    born: (_sex: 'F' | 'M' | 'U' | undefined, date: string) => `born ${date}`,
  },
})
