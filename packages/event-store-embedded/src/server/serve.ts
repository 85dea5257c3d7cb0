import { setMaxListeners } from 'node:events'
import {
  Server,
  ServerCredentials,
  type Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { EmbeddedLog } from '../log.ts'
import { accessCheck, type Credentials } from './access.ts'
import { serveAppend, type AppendCall } from './append.ts'
import { serveBatchAppend, type BatchAppendCall } from './batch-append.ts'
import { definitions } from './definitions.ts'
import { gossip, supportedMethods } from './discovery.ts'
import type { AppendResponse, Empty } from './messages.ts'
import { fail, type ReadCall } from './outgoing.ts'
import { serveRead } from './reading.ts'
import { unavailable, type Refusal } from './refusals.ts'

/** Just under 16 MiB, as EventStoreDB accepts: a client sends chunks of 3 MiB, and one large event alone. */
const LARGEST_REQUEST = 16 * 1_048_576 - 10_000
const KEEPALIVE_MILLISECONDS = 10_000
/** How long a client may take to read what it was already sent, once the server stops. */
const CLOSING_MILLISECONDS = 2_000

export type ServeOptions = {
  host?: string
  /** 0 takes a free one. */
  port?: number
  /** The address where clients reach this server, for those that discover it. */
  advertise?: { host: string; port?: number }
  /**
   * Needed for everything but discovery, by basic authentication. Serve with `tls` then: EventStoreDB clients send
   * credentials over TLS only.
   */
  credentials?: Credentials
  /** PEM. The certificate names the host by which clients connect. */
  tls?: { certificate: string; key: string }
  /** Concurrent calls on one connection. EventStoreDB allows 100; unlimited when absent. */
  callsPerConnection?: number
}
export type LogServer = { port: number; close(): Promise<void> }

/**
 * Serves a log over the public gRPC protocol of EventStoreDB; PROTOCOL.md says which part of it. Closing answers the
 * appends that are being written, ends every subscription with UNAVAILABLE, and leaves the log open.
 * @throws Error when the address cannot be bound.
 */
export async function serveLog(log: EmbeddedLog, options: ServeOptions = {}): Promise<LogServer> {
  const { host = '127.0.0.1', port = 0, advertise, tls } = options
  const stop = new AbortController()
  const stopping = AbortSignal.any([stop.signal, log.closing])
  setMaxListeners(0, stopping)
  const server = new Server({
    'grpc.max_receive_message_length': LARGEST_REQUEST,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': KEEPALIVE_MILLISECONDS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_MILLISECONDS,
    ...(options.callsPerConnection !== undefined && { 'grpc.max_concurrent_streams': options.callsPerConnection }),
  })
  const address = { host: advertise?.host ?? host, port: 0 }
  server.addService(definitions.streams, streams(log, stopping, accessCheck(options.credentials)))
  server.addService(definitions.gossip, { Read: answering(gossip(() => address)) })
  server.addService(definitions.serverFeatures, { GetSupportedMethods: answering(() => supportedMethods) })
  const bound = await bind(server, `${host.includes(':') ? `[${host}]` : host}:${port}`, tls)
  address.port = advertise?.port ?? bound
  let closed: Promise<void> | undefined
  return {
    port: bound,
    close() {
      stop.abort()
      closed ??= shutDown(server)
      return closed
    },
  }
}

function streams(
  log: EmbeddedLog,
  stopping: AbortSignal,
  denied: (metadata: Metadata) => Refusal | undefined,
): UntypedServiceImplementation {
  const refused = (call: { metadata: Metadata }) => (stopping.aborted ? unavailable() : denied(call.metadata))
  return {
    Read(call: ReadCall) {
      const refusal = refused(call)
      if (refusal) fail(call, refusal)
      else void serveRead(call, { log, stopping })
    },
    Append(call: AppendCall, callback: sendUnaryData<AppendResponse>) {
      const refusal = refused(call)
      if (refusal) callback(refusal)
      else void serveAppend(call, callback, log)
    },
    BatchAppend(call: BatchAppendCall) {
      const refusal = refused(call)
      if (refusal) fail(call, refusal)
      else serveBatchAppend(call, { log, stopping })
    },
  }
}

/** Discovery is anonymous: clients send no credentials with it. */
function answering<Response>(answer: () => Response) {
  return (_call: ServerUnaryCall<Empty, Response>, callback: sendUnaryData<Response>) => callback(null, answer())
}

function bind(server: Server, address: string, tls: ServeOptions['tls']): Promise<number> {
  const credentials = tls
    ? ServerCredentials.createSsl(null, [
        { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) },
      ])
    : ServerCredentials.createInsecure()
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)))
  })
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), CLOSING_MILLISECONDS)
    server.tryShutdown(() => {
      clearTimeout(force)
      resolve()
    })
  })
}
