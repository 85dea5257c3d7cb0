import { once } from 'node:events'
import { connect } from 'node:net'
import { type ClientFrame, ServerFrame, SUBPROTOCOL } from '@relais/contracts/channels'
import { type Ack, readAck } from '@relais/hl7v2/ack'
import { frameDecoder } from '@relais/hl7v2/mllp/frames'
import { afterTestFile } from '@relais/testkit/cleanup'
import { waitUntil } from '@relais/testkit/wait-until'
import { WebSocket } from 'ws'

/** A bare MLLP connection, on which anything may be written. */
export async function rawHospital({ host, port }: { host: string; port: number }) {
  const socket = connect({ host, port, allowHalfOpen: true })
  const decoder = frameDecoder({ maxBytes: 1_048_576 })
  const answers: (Ack | undefined)[] = []
  socket.on('data', (chunk: Buffer) => {
    for (const frame of decoder.push(chunk)) answers.push('bytes' in frame ? readAck(frame.bytes) : undefined)
  })
  let hasEnded = false
  socket.on('end', () => (hasEnded = true))
  // Being cut off is what some of the tests are after.
  socket.on('error', () => {})
  afterTestFile(() => void socket.destroy())
  await once(socket, 'connect')
  return {
    write: (bytes: Uint8Array | string) => void socket.write(bytes),
    end: (bytes: Uint8Array | string) => void socket.end(bytes),
    hasEnded: () => hasEnded,
    isClosed: () => socket.destroyed || hasEnded,
    /** What was answered, once there are so many answers. */
    answers: (count: number) => waitUntil(() => answers.length >= count && [...answers], `${count} acknowledgments`),
  }
}

/** A bare WebSocket to the channels, on which anything may be written. */
export async function rawSocket(url: string) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/channels`, SUBPROTOCOL)
  const frames: ServerFrame[] = []
  const closed = once(socket, 'close').then(([code]: unknown[]) => code)
  socket.on('message', (data: Buffer) => frames.push(ServerFrame.parse(JSON.parse(data.toString()))))
  afterTestFile(() => socket.terminate())
  await once(socket, 'open')
  return {
    frames,
    closed,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    write: (data: string | Buffer) => socket.send(data),
    say: (frame: ClientFrame) => socket.send(JSON.stringify(frame)),
    /** The first frame of this type. */
    heard: <Type extends ServerFrame['type']>(type: Type) =>
      waitUntil(
        () => frames.find((frame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type),
        `a frame ${type}`,
      ),
  }
}

/** The same, after `welcome`. */
export async function welcomedSocket(url: string, token: string) {
  const socket = await rawSocket(url)
  socket.say({ type: 'hello', token })
  await socket.heard('welcome')
  return socket
}
