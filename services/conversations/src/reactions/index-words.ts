import type { PostEvent } from '@relais/contracts/conversations'
import type { Decoded } from '@relais/event-store/codec'
import type { WordIndex } from '../word-index.ts'

type Deps = {
  index: Pick<WordIndex, 'keep' | 'remove'>
  textOf: (documentId: string) => Promise<string | undefined>
}

/** Keeps the words of each message as it now is: doing it all again, in order, ends with the same. */
export function indexWords({ index, textOf }: Deps) {
  return async ({ event, routing }: Decoded<PostEvent>): Promise<void> => {
    const postId = routing['postId'] ?? ''
    if (event?.type === 'PeopleAlerted') return
    if (event?.type !== 'MessagePosted') await index.remove(postId)
    if (!event || event.type === 'MessageWithdrawn') return
    const text = await textOf(event.data.body.documentId)
    if (text !== undefined) await index.keep(event.data.threadId, postId, text)
  }
}
