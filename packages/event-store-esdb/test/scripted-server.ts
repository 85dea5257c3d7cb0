import { Server, ServerCredentials } from '@grpc/grpc-js'
import type { sendUnaryData, ServerReadableStream, ServerWritableStream } from '@grpc/grpc-js'
import { definitions } from '@relais/event-store-embedded/server/definitions'
import type {
  AppendRequest,
  AppendResponse,
  ReadRequest,
  ReadResponse,
} from '@relais/event-store-embedded/server/messages'
import { supportedMethods } from '@relais/event-store-embedded/server/discovery'
import { recordMessage } from '@relais/event-store-embedded/server/records'
import { afterTestFile } from '@relais/testkit/cleanup'

export type ScriptedCall = ServerWritableStream<ReadRequest, ReadResponse>

type Append = ServerReadableStream<AppendRequest, AppendResponse>

/** A server that says what a test tells it to: what other servers do, and ours does not. Answers its connection string. */
export async function scriptedServer(script: {
  read?: (call: ScriptedCall) => void
  append?: (answer: sendUnaryData<AppendResponse>) => void
}): Promise<string> {
  const server = new Server()
  server.addService(definitions.streams, {
    Read: (call: ScriptedCall) => script.read?.(call),
    Append(call: Append, answer: sendUnaryData<AppendResponse>) {
      call.resume()
      call.on('end', () => script.append?.(answer))
    },
    BatchAppend: () => {},
  })
  server.addService(definitions.serverFeatures, {
    GetSupportedMethods: (_call: object, answer: sendUnaryData<object>) => answer(null, supportedMethods),
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error)
      else resolve(port)
    })
  })
  afterTestFile(() => server.forceShutdown())
  return `esdb://127.0.0.1:${port}?tls=false`
}

/** An event of a stream, as a server sends it. */
export function scriptedEvent(position: number, { stream = 'note-1', type = 'Noted.v1' } = {}): ReadResponse {
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`
  const [data, metadata] = [Buffer.from('{}'), Buffer.from('{}')]
  const record = { id, type, json: true, data, metadata, stream, revision: position, position, created: 0 }
  return recordMessage(record, false)
}
