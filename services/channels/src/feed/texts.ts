import type { Vault } from '@relais/vault/vault'
import type { Kysely } from 'kysely'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { Heard } from './heard.ts'

export type OpenText = (documentId: string) => Promise<string | undefined>

/** The text of a message: sealed in the vault, opened as it is sent. `undefined` once its owner is forgotten. */
export function textsFrom(vault: Pick<Vault, 'get'>): OpenText {
  return async (documentId) => {
    const document = await vault.get(documentId)
    return document === undefined || document === 'forgotten' ? undefined : Buffer.from(document.bytes).toString()
  }
}

type TextDeps = { db: Kysely<FeedTables>; openText: OpenText }
/** What messages say, by position; and those that say nothing any more, because they were withdrawn since. */
export type Texts = { said: ReadonlyMap<number, string>; withdrawn: ReadonlySet<string> }

export async function textsOf({ db, openText }: TextDeps, entries: readonly Heard[]): Promise<Texts> {
  const posts = entries.flatMap(({ position, entry }) =>
    entry.kind === 'post' && entry.body ? [{ position, postId: entry.postId, documentId: entry.body.documentId }] : [],
  )
  if (posts.length === 0) return { said: new Map(), withdrawn: new Set() }
  const ids = [...new Set(posts.map(({ postId }) => postId))]
  const gone = await db.selectFrom('withdrawn_post').selectAll().where('post_id', 'in', ids).execute()
  const withdrawn = new Set(gone.map(({ post_id }) => post_id))
  const opened = posts
    .filter(({ postId }) => !withdrawn.has(postId))
    .map(async ({ position, documentId }) => [position, await openText(documentId)] as const)
  const said = (await Promise.all(opened)).flatMap(([position, text]) =>
    text === undefined ? [] : [[position, text] as const],
  )
  return { said: new Map(said), withdrawn }
}
