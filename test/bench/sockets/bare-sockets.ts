import { createServer } from 'node:http'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, type JWTVerifyOptions } from 'jose'
import { type WebSocket, WebSocketServer } from 'ws'

/** `ws` alone: a socket says a token that is verified, and is sent what the others are sent. */
export type BareSocketsSettings = { jwks: JSONWebKeySet; expectations: JWTVerifyOptions }

// Written by startProgram.
const { jwks, expectations } = JSON.parse(process.argv[2] ?? '{}') as BareSocketsSettings
const keys = createLocalJWKSet(jwks)
const listeners = new Set<WebSocket>()
const sockets = new WebSocketServer({ noServer: true })

async function welcome(socket: WebSocket, hello: string): Promise<void> {
  // Sent by crowd.ts.
  const { token } = JSON.parse(hello) as { token: string }
  await jwtVerify(token, keys, expectations)
  listeners.add(socket)
  socket.send('{"type":"welcome"}')
}

sockets.on('connection', (socket) => {
  socket.once('message', (hello: Buffer) => void welcome(socket, hello.toString()))
  socket.on('close', () => listeners.delete(socket))
})
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part: Buffer) => (body += part.toString()))
  request.on('end', () => {
    const frame = JSON.stringify({ type: 'entry', message: body })
    for (const socket of listeners) socket.send(frame)
    response.end('MSA|AA|')
  })
})
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket)),
)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
})
process.once('disconnect', () => process.exit())
