import { once } from 'node:events'
import { WebSocket } from 'ws'
import { monotonic } from './clock.ts'

/** Frames are JSON objects on both sides. */
export type Frame = Readonly<Record<string, unknown>>
type OnFrame = (frame: Frame, at: number) => void

/** A socket of one person. What it receives is told with the instant when it came. */
export async function openSubscriber(url: string, protocol: string | undefined) {
  const socket = new WebSocket(url, protocol === undefined ? [] : [protocol])
  let onFrame: OnFrame = () => {}
  const waiting = new Map<unknown, (frame: Frame) => void>()
  socket.on('message', (data: Buffer) => {
    const at = monotonic()
    // Both servers send objects only.
    const frame = JSON.parse(data.toString()) as Frame
    waiting.get(frame['type'])?.(frame)
    onFrame(frame, at)
  })
  await once(socket, 'open')
  return {
    /** Sends a frame and waits for one of the type that answers it. */
    ask(frame: Frame, answer: string): Promise<Frame> {
      const answered = new Promise<Frame>((resolve) => waiting.set(answer, resolve))
      socket.send(JSON.stringify(frame))
      return answered
    },
    listen(listener: OnFrame) {
      onFrame = listener
    },
    close: () => socket.close(),
  }
}
export type Subscriber = Awaited<ReturnType<typeof openSubscriber>>
