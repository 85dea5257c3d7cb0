export type Words = { fr: string; en: string }

/** Somebody whom a visitor of the demonstration may be. */
export type Person = {
  /** What tokens call him or her; no two people share one. */
  id: string
  name: string
  role: string
  organisation?: string
  /** For reading. */
  organisationName?: string
  wards: readonly string[]
  /** What he or she does there, `Infirmière, Cardiologie`. */
  title: Words
  /** Under which heading he or she is found. */
  group: Words
}

export type PeopleGroup = { title: Words; people: readonly Person[] }

/** Those in whom each of these words is found, whatever the case and the accents; all of them for no word. */
export function found(people: readonly Person[], words: string): readonly Person[] {
  const asked = plain(words).split(/\s+/).filter(Boolean)
  return people.filter((person) => {
    const { name, organisationName = '', title, group } = person
    const text = plain([name, organisationName, title.fr, title.en, group.fr, group.en].join(' '))
    return asked.every((word) => text.includes(word))
  })
}

/** In the order in which people, and their groups, were given. */
export function grouped(people: readonly Person[]): readonly PeopleGroup[] {
  return Map.groupBy(people, ({ group }) => group.fr)
    .values()
    .flatMap((members) => (members[0] ? [{ title: members[0].group, people: members }] : []))
    .toArray()
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
}
