import type { SocketEvent, WebSocketLike } from './client-connection.ts'
import type { Session, SessionSocket } from './session.ts'

type Listener = (event: SocketEvent) => void

/** A network of sockets in one process: what a gateway sends waits until the test delivers it, or loses it. */
export function loopback(open: (socket: SessionSocket) => Session) {
  let current: ReturnType<typeof connection> | undefined
  const connections: ReturnType<typeof connection>[] = []

  class LoopbackSocket implements WebSocketLike {
    readonly #connection = connection(open)
    constructor() {
      current = this.#connection
      connections.push(current)
    }
    send(text: string) {
      this.#connection.session.receive(text)
    }
    close(code?: number) {
      this.#connection.end(code ?? 1006)
    }
    addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: Listener) {
      this.#connection.listeners.set(type, listener)
    }
  }

  return {
    webSocket: LoopbackSocket,
    connections,
    /** Hands over up to so many frames; the first one also opens the socket. */
    deliver: (count: number) => current?.deliver(count),
    /** The network is lost, with whatever was on its way. */
    cut: () => current?.end(1006),
  }
}

function connection(open: (socket: SessionSocket) => Session) {
  const waiting: string[] = []
  const listeners = new Map<string, Listener>()
  let isOpen = false
  let isOver = false
  let closing: number | undefined
  const end = (code: number) => {
    if (isOver) return
    isOver = true
    session.closed()
    listeners.get('close')?.({ code })
  }
  const session = open({
    bufferedAmount: 0,
    send: (text) => void waiting.push(text),
    close: (code) => {
      closing = code
    },
  })
  const deliver = (count: number) => {
    if (isOver) return
    if (!isOpen) {
      isOpen = true
      listeners.get('open')?.({})
    }
    for (const data of waiting.splice(0, count)) if (!isOver) listeners.get('message')?.({ data })
    if (closing !== undefined && waiting.length === 0) end(closing)
  }
  return { session, listeners, deliver, end, waiting }
}
