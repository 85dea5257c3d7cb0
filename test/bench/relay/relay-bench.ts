import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { SUBPROTOCOL } from '@relais/contracts/channels'
import { WebSocket } from 'ws'
import type { BareCommandsSettings } from '../commands/bare-commands.ts'
import { type CommandPlatform, openCommandPlatform } from '../commands/platform.ts'
import { MESSAGE } from '../commands/preparing.ts'
import { lastAppend } from '../commands/recorded.ts'
import { answerTo, type Asked, type Server } from '../driving.ts'
import { type Options, ROUNDS } from '../options.ts'
import { startProgram } from '../processes.ts'
import type { Cell, Report } from '../report.ts'
import { medians, percentile } from '../sampling.ts'
import { openCrowd } from '../sockets/crowd.ts'

const MEMBERS = 50
const WARM_UP = 100
/** One message after the other: so many for each of `--seconds`. */
const EACH_SECOND = 20

/** A message that one member of a thread posts, until the others have it, beside `ws` behind the same HTTP. */
export async function benchRelay(options: Options): Promise<Report> {
  const platform = await openCommandPlatform(options)
  const members = Array.from({ length: MEMBERS }, (_, number) => `rpps:101000010${String(number).padStart(2, '0')}`)
  const tokens = await Promise.all(members.map((id) => platform.tokenOf({ id, role: 'infirmier' })))
  const [author = ''] = tokens
  const threadId = randomUUID()
  const opened = { kind: 'group', title: 'Équipe de coordination', members }
  await platform.ask(author, { method: 'POST', path: `/threads/${threadId}`, body: opened })
  const channel = `thread/${threadId}`
  const messageTo = (path: string) => (): Asked => {
    return { path: `${path}/${randomUUID()}`, token: author, method: 'POST', body: JSON.stringify({ text: MESSAGE }) }
  }
  const toThread = messageTo(`/threads/${threadId}/posts`)
  const relais: Side = {
    url: platform.channels,
    protocol: SUBPROTOCOL,
    channel,
    server: platform.server,
    next: toThread,
  }
  const frame = await frameOf(platform, { token: author, channel, message: toThread() })
  const settings: BareCommandsSettings = {
    issuer: platform.issuer,
    jwks: platform.jwks,
    events: { message: lastAppend(platform.folder, 'post') },
    frame,
  }
  const bare = await startProgram(new URL('../commands/bare-commands.ts', import.meta.url), settings, options)
  const url = `ws://127.0.0.1:${bare.port}`
  const least: Side = { url, protocol: undefined, channel: undefined, server: bare, next: messageTo('/message') }
  const figures = await measureSides({ relais, least }, tokens, options)
  await bare.stop()
  await platform.stop()
  return report(figures, { options, frame })
}

type Side = {
  url: string
  protocol: string | undefined
  channel: string | undefined
  server: Server
  next: () => Asked
}
type Figures = Awaited<ReturnType<typeof measure>>
type Sides<Of> = Record<'relais' | 'least', Of>

async function measureSides(sides: Sides<Side>, tokens: readonly string[], { seconds }: Options) {
  const rounds: Sides<Figures[]> = { relais: [], least: [] }
  const open = ({ url, protocol, channel }: Side) => openCrowd({ url, protocol, channel, tokens })
  const crowds = { relais: open(sides.relais), least: open(sides.least) }
  const names = ['least', 'relais'] as const
  for (const name of names) await crowds[name].grow(MEMBERS)
  const count = Math.round(seconds * EACH_SECOND)
  for (const name of names) await measure(crowds[name], sides[name], WARM_UP)
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of names) rounds[name].push(await measure(crowds[name], sides[name], count))
  for (const name of names) await crowds[name].close()
  return { relais: medians(rounds.relais), least: medians(rounds.least) }
}

type Crowd = ReturnType<typeof openCrowd>

/** So many messages one after the other, each once the one before has reached everybody. */
async function measure(crowd: Crowd, { server, next }: Side, count: number) {
  const [first, last, answered]: [number[], number[], number[]] = [[], [], []]
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let sent = 0; sent < count; sent += 1) {
    const told = await crowd.fanOut(async () => {
      const askedAt = performance.now()
      await answerTo(server.port, next(), agent)
      answered.push(performance.now() - askedAt)
    })
    first.push(told.first)
    last.push(told.last)
  }
  agent.destroy()
  const [firstP50, lastP50, lastP99] = [percentile(first, 0.5), percentile(last, 0.5), percentile(last, 0.99)]
  return { firstP50, lastP50, lastP99, answeredP50: percentile(answered, 0.5) }
}

type Watched = { token: string; channel: string; message: Asked }

/** What Relais sends a socket for one message. */
async function frameOf({ channels, server }: CommandPlatform, { token, channel, message }: Watched): Promise<object> {
  const socket = new WebSocket(channels, [SUBPROTOCOL])
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', token }))
  const entry = Promise.withResolvers<object>()
  socket.on('message', (data: Buffer) => {
    // The server sends objects only.
    const frame = JSON.parse(data.toString()) as { type: string }
    if (frame.type === 'welcome') socket.send(JSON.stringify({ type: 'subscribe', id: 'c', channel }))
    if (frame.type === 'caughtUp') void answerTo(server.port, message, new Agent())
    if (frame.type === 'entry' && JSON.stringify(frame).includes(MESSAGE)) entry.resolve(frame)
  })
  const frame = await entry.promise
  socket.close()
  return frame
}

function report({ relais, least }: Sides<Figures>, { options, frame }: { options: Options; frame: object }): Report {
  const row = (name: string, { firstP50, lastP50, lastP99, answeredP50 }: Figures): Cell[] => {
    const ratios = [firstP50 / least.firstP50, lastP50 / least.lastP50, lastP99 / least.lastP99]
    return [name, firstP50, lastP50, lastP99, ...ratios, answeredP50]
  }
  return {
    columns: ['', 'first ms', 'last ms', 'last p99 ms', 'first ratio', 'last ratio', 'last p99 ratio', 'answered ms'],
    rows: [row('bare ws', least), row('Relais', relais)],
    notes: [
      `Medians of ${ROUNDS} rounds in turn of ${Math.round(options.seconds * EACH_SECOND)} messages, one after the other. ` +
        `${MEMBERS} members of a group with a socket each, who wrote it included; the frame has ` +
        `${JSON.stringify(frame).length} characters on both sides. From posting until the first and the last socket has ` +
        'it; all sockets are read by the thread that posts.',
    ],
  }
}
