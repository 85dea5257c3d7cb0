import type { FoundPage } from '@relais/contracts/directory-routes'
import type { Database } from '@relais/database/database'
import { cursorOf, partsOf } from './cursor.ts'
import type { DirectoryTables } from './directory.ts'
import { wordsOf } from './words.ts'

export type Search = {
  q: string
  kind?: 'facility' | 'professional' | undefined
  after?: string | undefined
  limit: number
}

/** Rows read at once, and in all for one page: a frequent word with a rare one MUST NOT hold the others up. */
const SLICE = 500
const MOST_READ = 5000

/**
 * Subjects that have every word of the question, each by its beginning. The index of words is read from the longest one
 * on, in its order, and each subject is answered at the first of its words that matches. A page may be short of its
 * limit, and still have a next one.
 */
export async function search(
  database: Database<DirectoryTables>,
  { q, kind, after, limit }: Search,
): Promise<FoundPage | 'cursorUnknown'> {
  const [longest, ...others] = wordsOf(q).toSorted((one, other) => other.length - one.length)
  if (longest === undefined) return { found: [] }
  const cursor = after === undefined ? [longest, ''] : partsOf(after, 2)
  if (cursor === undefined) return 'cursorUnknown'
  let [word = '', subject = ''] = cursor
  const found: FoundPage['found'] = []
  for (let read = 0; read < MOST_READ; read += SLICE) {
    const rows = await slice(database, { longest, word, subject })
    for (const row of rows) {
      if (found.length === limit) return { found, next: cursorOf(word, subject) }
      ;({ word, subject } = row)
      if (matches(row, { longest, others, kind })) found.push(shown(row))
    }
    if (rows.length < SLICE) return { found }
  }
  return { found, next: cursorOf(word, subject) }
}

type From = { longest: string; word: string; subject: string }
type Row = Awaited<ReturnType<typeof slice>>[number]

function slice({ db }: Database<DirectoryTables>, { longest, word, subject }: From) {
  return db
    .selectFrom('directory_word as found')
    .innerJoin('directory_entry as entry', 'entry.subject', 'found.subject')
    .where('found.word', '>=', word)
    .where('found.word', '<', `${longest}~`)
    .where(({ eb, or }) => or([eb('found.word', '>', word), eb('found.subject', '>', subject)]))
    .select(['found.word', 'found.subject', 'entry.kind', 'entry.id', 'entry.name', 'entry.what', 'entry.cities'])
    .select('entry.words')
    .orderBy('found.word')
    .orderBy('found.subject')
    .limit(SLICE)
    .execute()
}

type Question = { longest: string; others: readonly string[]; kind: Search['kind'] }

function matches(row: Row, { longest, others, kind }: Question): boolean {
  const words = row.words.split(' ')
  const isFirst = !words.some((word) => word.startsWith(longest) && word < row.word)
  const isKind = kind === undefined || row.kind === kind
  return isFirst && isKind && others.every((other) => words.some((word) => word.startsWith(other)))
}

function shown({ kind, id, name, what, cities }: Row): FoundPage['found'][number] {
  // `directory` wrote them.
  const known = JSON.parse(cities) as string[]
  return { kind: kind === 'facility' ? 'facility' : 'professional', id, name, what, cities: known }
}
