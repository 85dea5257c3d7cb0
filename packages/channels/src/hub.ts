import type { Actor } from '@relais/contracts/actor'
import type { ChannelName, EndedReason } from '@relais/contracts/channels'

/** What every subscriber of a channel is sent of one entry: written once, whatever their number. */
export type SharedEntry = {
  /** The part of the frame that does not depend on the subscription. */
  readonly tail: string
  /** The whole frame; as bytes, the same ones, once several subscriptions bear the same id. */
  frame(subscriptionId: string): string | Uint8Array
}

/** `entry` and `state` are JSON texts: of a `ChannelEntry`, and of an array of those of a pathway. */
export type EntryParts = { cursor: string; entry: string; state?: string | undefined }

export function sharedEntry({ cursor, entry, state }: EntryParts): SharedEntry {
  const suffix = state === undefined ? '' : `,"state":${state}`
  const tail = `"cursor":${JSON.stringify(cursor)},"entry":${entry}${suffix}}`
  const frames = new Map<string, string | Uint8Array>()
  return {
    tail,
    frame(id) {
      const known = frames.get(id)
      if (known instanceof Uint8Array) return known
      // A replay is one subscription's: bytes are worth keeping from the second one on.
      const frame = known === undefined ? `{"type":"entry","id":${JSON.stringify(id)},${tail}` : Buffer.from(known)
      frames.set(id, frame)
      return frame
    },
  }
}

export type FollowRequest = {
  actor: Actor
  channel: ChannelName
  /** The last cursor that the client handled; `undefined` asks for the present state of the channel. */
  after: string | undefined
  onEntry(entry: SharedEntry): void
  onCaughtUp(cursor: string): void
  /** The subscription is over; nothing may be called after it. */
  onEnded(reason: EndedReason): void
  /** A fault while following: ends the session. */
  onFailed(error: unknown): void
  /** `undefined` while the socket has room; otherwise resolves once it has, or once nobody listens any more. */
  room(): Promise<void> | undefined
}

export type Followed = {
  stop(): void
  /** Everything up to this cursor has reached the device; where nobody wants to know, it is absent. */
  acknowledge?(cursor: string): void
}

/** The gateway's side of a session: who may follow what, and what is sent. */
export type Hub = {
  /**
   * Decides, then starts the replay and goes live. Callbacks may run before the promise resolves, and none runs after
   * `stop`.
   */
  follow(request: FollowRequest): Promise<Followed | 'forbidden' | 'cursorUnknown'>
}
