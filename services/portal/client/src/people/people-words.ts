import { catalogue } from '../messages/language.tsx'

export const peopleWords = catalogue({
  fr: {
    withheld: 'Identité révélée à l’acceptation',
    unknownPatient: 'Patient que vous n’avez pas à voir',
    born: (sex: 'F' | 'M' | 'U' | undefined, date: string) =>
      `${sex === 'F' ? 'née' : sex === 'M' ? 'né' : 'né·e'} le ${date}`,
  },
  en: {
    withheld: 'Identity shown once accepted',
    unknownPatient: 'A patient who is not yours to see',
    born: (_sex: 'F' | 'M' | 'U' | undefined, date: string) => `born ${date}`,
  },
})
