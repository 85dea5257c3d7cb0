import type { Actor } from '@relais/contracts/actor'
import { ClientFrame, CloseCode, type EndedReason, type ServerFrame } from '@relais/contracts/channels'
import type { Instant } from '@relais/contracts/primitives'
import type { Logger } from '@relais/telemetry/logger'
import { accepted, isSameActor, verified, type Verified, type Verifier } from './credentials.ts'
import { type Drain, openDrain } from './drain.ts'
import { type FrameAllowance, type FrameLimits, openFrameAllowance } from './frame-allowance.ts'
import type { Followed, FollowRequest, Hub } from './hub.ts'
import type { Timers } from './timers.ts'

/** All that a session needs of a WebSocket. */
export type SessionSocket = {
  /** One text message; bytes are those of a text in UTF-8. */
  send(text: string | Uint8Array): void
  close(code: number, reason: string): void
  /** Bytes accepted by `send` and not yet handed to the network. */
  readonly bufferedAmount: number
}

export type SessionLimits = FrameLimits & {
  helloMilliseconds: number
  subscriptions: number
  /** Being decided at once, those that were unsubscribed meanwhile included. */
  decisions: number
  bufferedBytes: number
  drainMilliseconds: number
}

export type SessionDeps = {
  socket: SessionSocket
  hub: Hub
  verifier: Verifier
  limits: SessionLimits
  timers: Timers
  now: () => Instant
  newId: () => string
  log: Pick<Logger, 'info' | 'error'>
  /** Its `hello` was accepted: called once at most. */
  onWelcomed: () => void
}

/** What the adapter tells the session, and may ask of it. None of these throws. */
export type Session = {
  /** One message; `undefined` for a binary one. */
  receive(message: string | undefined): void
  /** The socket is gone. */
  closed(): void
  /** These sign-ins are over: a session of one of them ends, also when that turns out later. */
  signedOut(signIns: ReadonlySet<string>): void
  /** That of the newest token or ticket; `undefined` before `welcome`, and where the issuer names none. */
  signIn(): string | undefined
  /** Closes the socket and releases everything. */
  end(code: number, reason: string): void
}

type Subscription = Followed
type Ready = { name: 'ready'; actor: Actor; signIn: string | undefined; renewing: boolean }
type Phase = { name: 'awaitingHello' | 'verifying' | 'closed' } | Ready
type State = SessionDeps & {
  sessionId: string
  phase: Phase
  subscriptions: Map<string, Subscription>
  deciding: number
  allowance: FrameAllowance
  /** Sign-ins that ended while a token or a ticket was being verified. */
  endedMeanwhile: ReadonlySet<string>[]
  cancelDeadline: () => void
  drain: Drain
}

/** The longest delay that timers keep: beyond, they fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1

/** One session of `docs/channels.md`, from the opened socket to the closed one. */
export function openSession(deps: SessionDeps): Session {
  const state: State = {
    ...deps,
    sessionId: deps.newId(),
    phase: { name: 'awaitingHello' },
    subscriptions: new Map(),
    deciding: 0,
    allowance: openFrameAllowance(deps),
    endedMeanwhile: [],
    cancelDeadline: () => {},
    drain: openDrain({ ...deps, onStuck: () => end(state, CloseCode.slowConsumer, 'does not read') }),
  }
  state.cancelDeadline = deps.timers.after(deps.limits.helloMilliseconds, () =>
    end(state, CloseCode.helloTimeout, 'no accepted hello in time'),
  )
  return {
    receive: (message) => receive(state, message),
    closed: () => release(state),
    signedOut: (signIns) => signedOut(state, signIns),
    signIn: () => (state.phase.name === 'ready' ? state.phase.signIn : undefined),
    end: (code, reason) => end(state, code, reason),
  }
}

function receive(state: State, message: string | undefined): void {
  if (state.phase.name === 'closed') return
  if (!state.allowance.take()) return end(state, CloseCode.tooManySubscriptions, 'too many frames')
  const frame = readFrame(message)
  if (!frame) return end(state, CloseCode.unreadable, 'unreadable frame')
  if (frame.type === 'hello') return hello(state, frame)
  if (state.phase.name !== 'ready') return end(state, CloseCode.unauthorised, 'say hello first')
  switch (frame.type) {
    case 'renew':
      return renew(state, frame.ticket, state.phase)
    case 'subscribe':
      return subscribe(state, frame, state.phase.actor)
    case 'unsubscribe':
      return unsubscribe(state, frame.id)
    case 'ack':
      return state.subscriptions.get(frame.id)?.acknowledge?.(frame.cursor)
    case 'ping':
      return send(state, { type: 'pong' })
  }
}

function readFrame(message: string | undefined): ClientFrame | undefined {
  if (message === undefined) return undefined
  try {
    return ClientFrame.safeParse(JSON.parse(message)).data
  } catch {
    return undefined
  }
}

type HelloFrame = Extract<ClientFrame, { type: 'hello' }>

function hello(state: State, frame: HelloFrame): void {
  if (state.phase.name !== 'awaitingHello') return end(state, CloseCode.unreadable, 'hello was said')
  state.phase = { name: 'verifying' }
  guard(state, async () => {
    const found = await verified(state.verifier, frame)
    if (state.phase.name !== 'verifying') return
    const good = accepted(found, state.endedMeanwhile.splice(0))
    if (typeof good === 'string') return end(state, CloseCode.unauthorised, good)
    welcome(state, good)
  })
}

function welcome(state: State, { actor, expiresAt, signIn }: Verified): void {
  state.cancelDeadline()
  state.phase = { name: 'ready', actor, signIn, renewing: false }
  state.log.info({ sessionId: state.sessionId, actorId: actor.id }, 'session opened')
  state.onWelcomed()
  send(state, { type: 'welcome', sessionId: state.sessionId, ...lasting(state, expiresAt) })
  expireAt(state, Date.parse(expiresAt))
}

function lasting(state: State, expiresAt: Instant) {
  const left = Date.parse(expiresAt) - Date.parse(state.now())
  return { expiresAt, expiresInSeconds: Math.max(0, Math.floor(left / 1000)) }
}

/** What is subscribed goes on: MUST be of an actor of whom nothing else would be decided. */
function renew(state: State, ticket: string, ready: Ready): void {
  if (ready.renewing) return end(state, CloseCode.unreadable, 'renewed twice at once')
  ready.renewing = true
  guard(state, async () => {
    const found = await verified(state.verifier, { ticket })
    if (state.phase !== ready) return
    ready.renewing = false
    const good = accepted(found, state.endedMeanwhile.splice(0))
    if (typeof good === 'string') return end(state, CloseCode.unauthorised, good)
    if (!isSameActor(good.actor, ready.actor)) return end(state, CloseCode.unauthorised, 'ticket of another actor')
    ready.signIn = good.signIn
    state.cancelDeadline()
    send(state, { type: 'renewed', ...lasting(state, good.expiresAt) })
    expireAt(state, Date.parse(good.expiresAt))
  })
}

function signedOut(state: State, signIns: ReadonlySet<string>): void {
  const { phase } = state
  if (phase.name === 'ready' && phase.signIn !== undefined && signIns.has(phase.signIn))
    return end(state, CloseCode.signedOut, 'signed out')
  // MUST be kept because what is verified now may have been looked up before they ended.
  if (phase.name === 'verifying' || (phase.name === 'ready' && phase.renewing)) state.endedMeanwhile.push(signIns)
}

function expireAt(state: State, expiry: number): void {
  if (state.phase.name === 'closed') return
  const left = expiry - Date.parse(state.now())
  if (left <= 0) return end(state, CloseCode.unauthorised, 'token expired')
  state.cancelDeadline = state.timers.after(Math.min(left, LONGEST_DELAY), () => expireAt(state, expiry))
}

type SubscribeFrame = Extract<ClientFrame, { type: 'subscribe' }>

function subscribe(state: State, { id, channel, after }: SubscribeFrame, actor: Actor): void {
  const { subscriptions, limits, hub } = state
  if (subscriptions.has(id)) return end(state, CloseCode.duplicateSubscription, 'subscription id in use')
  const tooMany = (what: string) => end(state, CloseCode.tooManySubscriptions, `too many ${what}`)
  if (subscriptions.size >= limits.subscriptions) return tooMany('subscriptions')
  if (state.deciding >= limits.decisions) return tooMany('subscriptions being decided')
  // MUST claim the id before the await: an unsubscribe, or a new subscribe, may arrive during it.
  const opening: Subscription = { stop: () => {} }
  subscriptions.set(id, opening)
  // MUST count until the decision ends because unsubscribing during it spares the hub nothing.
  state.deciding += 1
  guard(state, async () => {
    const decision = hub.follow({ actor, channel, after, ...callbacks(state, id, opening) })
    const followed = await decision.finally(() => (state.deciding -= 1))
    const stillWanted = subscriptions.get(id) === opening
    if (typeof followed === 'string') {
      if (stillWanted) endSubscription(state, id, followed)
    } else if (stillWanted) Object.assign(opening, followed)
    else followed.stop()
  })
}

type Callbacks = Pick<FollowRequest, 'onEntry' | 'onCaughtUp' | 'onEnded' | 'onFailed' | 'room'>

function callbacks(state: State, id: string, subscription: Subscription): Callbacks {
  const isCurrent = () => state.subscriptions.get(id) === subscription
  return {
    onEntry(entry) {
      if (isCurrent()) write(state, entry.frame(id))
    },
    onCaughtUp(cursor) {
      if (isCurrent()) send(state, { type: 'caughtUp', id, cursor })
    },
    onEnded(reason) {
      if (isCurrent()) endSubscription(state, id, reason)
    },
    onFailed(error) {
      if (isCurrent()) fail(state, error)
    },
    room: () => (isCurrent() ? state.drain.room() : undefined),
  }
}

function unsubscribe(state: State, id: string): void {
  if (state.subscriptions.has(id)) endSubscription(state, id, 'unsubscribed')
}

function endSubscription(state: State, id: string, reason: EndedReason): void {
  const subscription = state.subscriptions.get(id)
  state.subscriptions.delete(id)
  subscription?.stop()
  send(state, { type: 'ended', id, reason })
}

function send(state: State, frame: ServerFrame): void {
  write(state, JSON.stringify(frame))
}

/** MUST not throw because a hub calls it in the middle of a fan-out to other sessions. */
function write(state: State, text: string | Uint8Array): void {
  if (state.phase.name === 'closed') return
  try {
    state.socket.send(text)
  } catch (error) {
    return fail(state, error)
  }
  if (state.socket.bufferedAmount > state.limits.bufferedBytes) end(state, CloseCode.slowConsumer, 'reads too slowly')
}

function guard(state: State, run: () => Promise<void>): void {
  run().catch((error: unknown) => fail(state, error))
}

function fail(state: State, error: unknown): void {
  if (state.phase.name === 'closed') return
  state.log.error({ sessionId: state.sessionId, error }, 'session failed')
  end(state, CloseCode.internal, 'internal fault')
}

function end(state: State, code: number, reason: string): void {
  if (state.phase.name === 'closed') return
  release(state)
  state.log.info({ sessionId: state.sessionId, closeCode: code }, 'session ended')
  state.socket.close(code, reason)
}

function release(state: State): void {
  if (state.phase.name === 'closed') return
  state.phase = { name: 'closed' }
  state.cancelDeadline()
  state.drain.stop()
  const subscriptions = [...state.subscriptions.values()]
  state.subscriptions.clear()
  for (const { stop } of subscriptions) stop()
}
