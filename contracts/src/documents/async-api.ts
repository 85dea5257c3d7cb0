import packageJson from '../../package.json' with { type: 'json' }
import { ClientFrame, CloseCode, ServerFrame, SUBPROTOCOL } from '../channels.ts'
import { type JsonSchema, schemaWriter } from './schemas.ts'

type ClientFrameType = ClientFrame['type']
type ServerFrameType = ServerFrame['type']

const received: Record<ClientFrameType, string> = {
  hello: 'The first frame: the token of the person who opens the session, or a ticket that stands for it.',
  renew: 'The session is to last longer: a ticket of the same person.',
  subscribe: 'Follow a channel, from where it is or from after the last cursor that was handled.',
  unsubscribe: 'Stop following.',
  ack: 'Everything up to this cursor of an inbox has reached the device.',
  ping: 'Are you there?',
}
const sent: Record<ServerFrameType, string> = {
  welcome: 'The session is open, until the token expires.',
  renewed: 'The session lasts until the token behind the ticket expires.',
  entry: 'One entry of a channel, and the cursor to come back to.',
  caughtUp: 'Everything older than this frame has been sent; what follows is live.',
  ended: 'The subscription is over, and why.',
  pong: 'Here.',
}

/** The AsyncAPI 3 document of the channel protocol, seen from the platform: it receives what clients send. */
export function asyncApiDocument() {
  const writer = schemaWriter('draft-7')
  const client = ClientFrame.options.map((frame) => {
    const name = frame.shape.type.value
    return message(name, received[name], writer.write(frame, 'input'))
  })
  const server = ServerFrame.options.map((frame) => {
    const name = frame.shape.type.value
    return message(name, sent[name], writer.write(frame, 'output'))
  })
  const all = [...client, ...server]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Relais channels',
      version: packageJson.version,
      license: { name: packageJson.license },
      description,
    },
    defaultContentType: 'application/json',
    channels: {
      session: {
        address: '/channels',
        title: 'One WebSocket session',
        messages: Object.fromEntries(all.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { ws: { method: 'GET' } },
      },
    },
    operations: Object.fromEntries([
      ...client.map(({ name }) => operation(name, 'receive')),
      ...server.map(({ name }) => operation(name, 'send')),
    ]),
    components: {
      messages: Object.fromEntries(all.map((each) => [each.name, each])),
      schemas: writer.components(),
    },
  }
}

const description = [
  `WebSocket subprotocol \`${SUBPROTOCOL}\`: JSON text frames, specified in \`docs/channels.md\`.`,
  `Close codes: ${Object.entries(CloseCode)
    .map(([name, code]) => `${code} ${name}`)
    .join(', ')}.`,
].join('\n')

function message(name: string, summary: string, payload: JsonSchema) {
  return { name, title: name, summary, payload }
}

function operation(name: string, action: 'send' | 'receive') {
  const messages = [{ $ref: `#/channels/session/messages/${name}` }]
  return [name, { action, channel: { $ref: '#/channels/session' }, messages }] as const
}
