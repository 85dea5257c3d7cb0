import { type ClientFrame, CloseCode, ServerFrame, SUBPROTOCOL } from '@relais/contracts/channels'
import type { Timers } from './timers.ts'

/** `never` because the events of the browser, of Node and of `ws` have nothing else in common for the compiler. */
type Listener = ((event: never) => void) | null
/** What is needed of a WebSocket: the browser's, Node's own and that of `ws` all have it. */
export type WebSocketLike = {
  send(text: string): void
  close(code?: number, reason?: string): void
  onopen: Listener
  onmessage: Listener
  onclose: Listener
  onerror: Listener
}
export type WebSocketConstructor = new (url: string, protocol: string) => WebSocketLike

export type ConnectionDeps = {
  url: string
  /** The first frame. */
  hello: () => Promise<ClientFrame>
  webSocket: WebSocketConstructor
  timers: Timers
  silenceMilliseconds: number
  onFrame(frame: ServerFrame): void
  /** Called once, and last. 1006 for a connection that was lost or never made. */
  onClosed(code: number): void
}

/** One socket: says hello, checks that the other side is alive. */
export type Connection = { send(frame: ClientFrame): void; close(code: number): void }

/** The code of a connection that ended without one. */
export const LOST = 1006

type State = ConnectionDeps & { socket: WebSocketLike | undefined; isOver: boolean; cancelCheck: () => void }

export function openConnection(deps: ConnectionDeps): Connection {
  const state: State = { ...deps, socket: undefined, isOver: false, cancelCheck: () => {} }
  deps.hello().then(
    (hello) => open(state, hello),
    () => finish(state, LOST),
  )
  return {
    send: (frame) => write(state, frame),
    close: (code) => finish(state, code),
  }
}

function open(state: State, hello: ClientFrame): void {
  if (state.isOver) return
  let socket
  try {
    socket = new state.webSocket(state.url, SUBPROTOCOL)
  } catch {
    return finish(state, LOST)
  }
  state.socket = socket
  let heardSinceCheck = true
  socket.onopen = () => write(state, hello)
  socket.onmessage = ({ data }: { data: unknown }) => {
    heardSinceCheck = true
    if (!state.isOver) receive(state, data)
  }
  // Nothing to learn from it: `close` follows, with the code.
  socket.onerror = () => {}
  socket.onclose = ({ code }: { code: number }) => finish(state, code)
  watchSilence(state, () => {
    const heard = heardSinceCheck
    heardSinceCheck = false
    return heard
  })
}

function receive(state: State, data: unknown): void {
  const frame = readFrame(data)
  // Skipping what cannot be read would lose an entry in silence.
  if (frame) state.onFrame(frame)
  else finish(state, CloseCode.unreadable)
}

function readFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== 'string') return undefined
  try {
    return ServerFrame.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}

/** A silent peer is asked once; silent again, it is given up: a half-open connection shows in no other way. */
function watchSilence(state: State, hasHeard: () => boolean): void {
  let asked = false
  const check = () => {
    if (hasHeard()) asked = false
    else if (asked) return finish(state, LOST)
    else asked = true
    if (asked) write(state, { type: 'ping' })
    state.cancelCheck = state.timers.after(state.silenceMilliseconds, check)
  }
  state.cancelCheck = state.timers.after(state.silenceMilliseconds, check)
}

function write(state: State, frame: ClientFrame): void {
  if (state.isOver) return
  try {
    state.socket?.send(JSON.stringify(frame))
  } catch {
    finish(state, LOST)
  }
}

function finish(state: State, code: number): void {
  if (state.isOver) return
  state.isOver = true
  state.cancelCheck()
  try {
    state.socket?.close(code === LOST ? undefined : code)
  } catch {
    // It was still connecting, or closed already.
  }
  state.onClosed(code)
}
