import type { PostEvent, PostId } from '@relais/contracts/conversations'
import type { EventCodec } from '@relais/event-store/codec'
import type { EventStore } from '@relais/event-store/port'
import { message, type PostState } from './domain/post.ts'

export type FoundPost = { state: Extract<PostState, { status: 'posted' }>; position: number }
export type FindPost = (postId: PostId) => Promise<FoundPost | undefined>

/** Finds messages in the log, with the position of each: what was just sent may not be in the view yet. */
export function postsInLog({ store, codec }: { store: EventStore; codec: EventCodec<PostEvent> }): FindPost {
  return async (postId) => {
    let state = message.initialState
    let position: number | undefined
    for await (const recorded of store.readStream(`${codec.category}-${postId}`)) {
      const event = (await codec.decode(recorded))?.event
      if (event) state = message.evolve(state, event)
      position ??= recorded.position
    }
    return state.status === 'posted' && position !== undefined ? { state, position } : undefined
  }
}
