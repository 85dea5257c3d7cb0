import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { serve } from '@hono/node-server'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { Hono } from 'hono'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, type JWTVerifyOptions } from 'jose'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * The least that a team would write: a message comes in over HTTP with a token, is inserted durably, and goes out to
 * every open socket. Nothing is parsed, sealed, decided, or kept from anybody who has a token.
 */
export type BareLoopSettings = { jwks: JSONWebKeySet; expectations: JWTVerifyOptions }

// Written by startProgram.
const { jwks, expectations } = JSON.parse(process.argv[2] ?? '{}') as BareLoopSettings
const keys = createLocalJWKSet(jwks)
const verify = (token: string) => jwtVerify(token, keys, expectations)

const database = new DatabaseSync(join(temporaryFolder(), 'bare.sqlite'))
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE message (id TEXT PRIMARY KEY, received_at TEXT NOT NULL, body TEXT NOT NULL) STRICT`)
const insert = database.prepare('INSERT INTO message (id, received_at, body) VALUES (?, ?, ?)')

const listeners = new Set<WebSocket>()
const app = new Hono().post('/hl7v2', async (c) => {
  await verify(c.req.header('authorization')?.slice('Bearer '.length) ?? '')
  const message = await c.req.text()
  const [controlId = ''] = message.split('|').slice(9)
  insert.run(randomUUID(), new Date().toISOString(), message)
  const frame = JSON.stringify({ type: 'entry', controlId, message })
  for (const socket of listeners) socket.send(frame)
  return c.text(`MSH|^~\\&|BARE\rMSA|AA|${controlId}\r`)
})

async function welcome(socket: WebSocket, hello: string): Promise<void> {
  // Sent by subscriber.ts.
  const { token } = JSON.parse(hello) as { token: string }
  await verify(token)
  listeners.add(socket)
  socket.send(JSON.stringify({ type: 'welcome' }))
}

const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', (socket) => {
  socket.once('message', (hello: Buffer) => void welcome(socket, hello.toString()))
  socket.on('close', () => listeners.delete(socket))
})

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send?.({ port }))
// Served over plain HTTP/1.1.
const upgrading = server as Server
upgrading.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket)),
)
process.once('disconnect', () => process.exit())
