import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { serve } from '@hono/node-server'
import { tokenVerifier } from '@relais/identity/tokens'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { Hono } from 'hono'
import type { JSONWebKeySet } from 'jose'
import { type WebSocket, WebSocketServer } from 'ws'
import type { RecordedText } from './recorded.ts'

/**
 * The least that a command takes: its token is verified, its body read, and the events that Relais appended for it, byte
 * for byte, are inserted in one transaction. Nothing is loaded, decided or sealed. Then `frame`, where there is one, goes
 * to every open socket.
 */
export type BareCommandsSettings = {
  issuer: string
  jwks: JSONWebKeySet
  events: Readonly<Record<string, readonly RecordedText[]>>
  frame?: object
}

// Written by startProgram.
const { issuer, jwks, events, frame } = JSON.parse(process.argv[2] ?? '{}') as BareCommandsSettings
const verifier = tokenVerifier({ issuer, audience: 'relais', keys: { jwks } })

const database = new DatabaseSync(join(temporaryFolder(), 'bare.sqlite'))
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    metadata TEXT NOT NULL, data TEXT NOT NULL) STRICT`)
const insert = database.prepare('INSERT INTO event (stream, id, type, metadata, data) VALUES (?, ?, ?, ?, ?)')

function append(stream: string, appended: readonly RecordedText[]): void {
  database.exec('BEGIN')
  for (const { type, metadata, data } of appended) insert.run(stream, randomUUID(), type, metadata, data)
  database.exec('COMMIT')
}

const listeners = new Set<WebSocket>()
const app = new Hono().post('/:command/:id', async (c) => {
  await verifier.verify(c.req.header('authorization')?.slice('Bearer '.length) ?? '')
  await c.req.json()
  append(c.req.param('id'), events[c.req.param('command')] ?? [])
  const text = JSON.stringify(frame)
  for (const socket of listeners) socket.send(text)
  return c.body(null, 204)
})

async function welcome(socket: WebSocket, hello: string): Promise<void> {
  // Sent by crowd.ts.
  const { token } = JSON.parse(hello) as { token: string }
  await verifier.verify(token)
  listeners.add(socket)
  socket.send('{"type":"welcome"}')
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
