import type { WebSocketLike } from './client-connection.ts'
import type { Session, SessionSocket } from './session.ts'
import { textOf } from './simulated.fixture.ts'

/** A network of sockets in one process: what a gateway sends waits until the test delivers it, or loses it. */
export function loopback(open: (socket: SessionSocket) => Session) {
  let current: ReturnType<typeof connection> | undefined
  const connections: ReturnType<typeof connection>[] = []

  class LoopbackSocket implements WebSocketLike {
    onopen: (() => void) | null = null
    onmessage: ((event: { data: string }) => void) | null = null
    onclose: ((event: { code: number }) => void) | null = null
    onerror: (() => void) | null = null
    readonly #connection = connection(open, this)
    constructor() {
      current = this.#connection
      connections.push(current)
    }
    send(text: string) {
      this.#connection.session.receive(text)
    }
    close(code?: number) {
      this.#connection.leave(code ?? 1006)
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

type Listening = {
  onopen: (() => void) | null
  onmessage: ((event: { data: string }) => void) | null
  onclose: ((event: { code: number }) => void) | null
}

function connection(open: (socket: SessionSocket) => Session, client: Listening) {
  const waiting: string[] = []
  let isOpen = false
  let isOver = false
  let closing: number | undefined
  const end = (code: number) => {
    if (isOver) return
    isOver = true
    session.closed()
    client.onclose?.({ code })
  }
  const session = open({
    bufferedAmount: 0,
    send: (text) => void waiting.push(textOf(text)),
    close: (code) => {
      closing = code
    },
  })
  /** What is on its way to a client that closes still arrives before the end. */
  const leave = (code: number) => {
    session.closed()
    closing = code
  }
  const deliver = (count: number) => {
    if (isOver) return
    if (!isOpen) {
      isOpen = true
      client.onopen?.()
    }
    for (const data of waiting.splice(0, count)) if (!isOver) client.onmessage?.({ data })
    if (closing !== undefined && waiting.length === 0) end(closing)
  }
  return { session, deliver, end, leave, waiting }
}
