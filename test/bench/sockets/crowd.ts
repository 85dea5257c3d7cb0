import { once } from 'node:events'
import { WebSocket } from 'ws'
import { monotonic } from '../push/clock.ts'

/** Below what is let in from one address before it is welcomed. */
const AT_ONCE = 48

type CrowdOptions = {
  url: string
  protocol: string | undefined
  /** Of those whose sockets they are, in turn. */
  tokens: readonly string[]
  channel: string | undefined
}

/** Many sockets, each welcomed, and following a channel where one is named. */
export function openCrowd({ url, protocol, tokens, channel }: CrowdOptions) {
  const sockets: WebSocket[] = []
  let heard: { count: number; firstAt: number; lastAt: number; done: () => void } | undefined

  async function join(number: number): Promise<void> {
    const token = tokens[number % tokens.length]
    const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], { perMessageDeflate: false })
    await once(socket, 'open')
    const frames = new Map<string, () => void>()
    socket.on('message', (data: Buffer) => onFrame(data, frames))
    await said(socket, frames, [{ type: 'hello', token }, 'welcome'])
    if (channel !== undefined) await said(socket, frames, [{ type: 'subscribe', id: 'c', channel }, 'caughtUp'])
    sockets.push(socket)
  }

  /** The type of a frame is all that is looked at: nine thousand are read in this one thread. */
  function onFrame(data: Buffer, frames: Map<string, () => void>): void {
    const text = data.toString('latin1')
    for (const [type, resolve] of frames) if (text.includes(`"type":"${type}"`)) resolve()
    if (!heard || !text.includes('"type":"entry"')) return
    heard.count += 1
    heard.lastAt = monotonic()
    if (heard.count === 1) heard.firstAt = heard.lastAt
    if (heard.count === sockets.length) heard.done()
  }

  return {
    async grow(count: number) {
      for (let begun = 0; begun < count; begun += AT_ONCE)
        await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - begun) }, (_, index) => join(begun + index)))
    },
    /** Runs what makes an entry; answers the milliseconds until the first socket has it, and until the last one has. */
    async fanOut(publish: () => Promise<unknown>) {
      const all = Promise.withResolvers<void>()
      const counting = { count: 0, firstAt: 0, lastAt: 0, done: all.resolve }
      heard = counting
      const startedAt = monotonic()
      await Promise.all([publish(), all.promise])
      heard = undefined
      return { first: counting.firstAt - startedAt, last: counting.lastAt - startedAt }
    },
    async close() {
      const closed = sockets.map((socket) => once(socket, 'close'))
      for (const socket of sockets) socket.close()
      await Promise.all(closed)
    },
  }
}

type Waiting = Map<string, () => void>

async function said(socket: WebSocket, frames: Waiting, [frame, answer]: [object, string]): Promise<void> {
  const answered = new Promise<void>((resolve) => frames.set(answer, resolve))
  socket.send(JSON.stringify(frame))
  await answered
  frames.delete(answer)
}
