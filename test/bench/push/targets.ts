import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SUBPROTOCOL } from '@relais/contracts/channels'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import type { Options } from '../options.ts'
import { startPlatform, startProgram } from '../processes.ts'
import type { BareLoopSettings } from './bare-loop.ts'
import { FACILITY, indexOf, WARD } from './messages.ts'
import { openSubscriber, type Subscriber } from './subscriber.ts'
import { overHttp, overMllp, type Transport } from './transports.ts'

/** What messages are published to, and where they come out. */
export type Target = {
  pid: number
  transport: Transport
  /** Tells the number of each message that the subscriber is pushed, and when it came. */
  listen(onPushed: (index: number, at: number) => void): void
  /** Reserves the numbers of the next messages; answers the first. */
  take(count: number): number
}

const Issued = z.object({ token: z.string() })
const Entry = z.object({ happenedAt: z.string() })
const person = { organisation: FACILITY, wards: [WARD] }

/** The whole platform, a nurse who follows her ward, and both ways in. */
export async function openPlatform(options: Options) {
  const platform = await startPlatform(options)
  const operatorKey = readFileSync(join(platform.folder, 'secrets', 'operator.key'), 'utf8').trim()
  const tokenFor = async (claims: object) => {
    const headers = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ ...person, ...claims })
    const answer = await fetch(`${platform.url}/tokens`, { method: 'POST', headers, body })
    return Issued.parse(await answer.json()).token
  }
  const tokens = {
    sender: await tokenFor({ id: 'logiciel:bench', role: 'logiciel' }),
    nurse: await tokenFor({ id: 'rpps:10100000001', role: 'infirmier' }),
  }
  const subscriber = await openSubscriber(`${platform.url.replace('http', 'ws')}/channels`, SUBPROTOCOL)
  await subscriber.ask({ type: 'hello', token: tokens.nurse }, 'welcome')
  await subscriber.ask({ type: 'subscribe', id: 'ward', channel: `ward/${WARD}` }, 'caughtUp')
  const shared = { pid: platform.pid, ...numbering(), listen: pushed(subscriber, ({ entry }) => indexIn(entry)) }
  const jwks = await fetch(`${platform.url}/jwks`)
  return {
    overHttp: { ...shared, transport: overHttp(platform.url, tokens.sender) },
    overMllp: { ...shared, transport: overMllp(platform.mllp.host, platform.mllp.port) },
    tokens,
    issuer: `${platform.url}/oidc`,
    // Its own JWKS, which the platform's verifier reads too.
    jwks: (await jwks.json()) as JSONWebKeySet,
    folder: platform.folder,
    channels: `${platform.url.replace('http', 'ws')}/channels`,
    async stop() {
      subscriber.close()
      await platform.stop()
    },
  }
}
export type Platform = Awaited<ReturnType<typeof openPlatform>>

/** The bare loop, with the same tokens. */
export async function openBareLoop({ tokens, jwks, issuer }: Platform, options: Options) {
  const expectations = { issuer, audience: 'relais', algorithms: ['ES256'] }
  const settings: BareLoopSettings = { jwks, expectations }
  const module = new URL('./bare-loop.ts', import.meta.url)
  const { pid, port, stop } = await startProgram(module, settings, options)
  const address = `127.0.0.1:${port}`
  const subscriber = await openSubscriber(`ws://${address}`, undefined)
  await subscriber.ask({ type: 'hello', token: tokens.nurse }, 'welcome')
  return {
    pid,
    ...numbering(),
    listen: pushed(subscriber, ({ controlId }) => Number(controlId)),
    transport: overHttp(`http://${address}`, tokens.sender),
    async stop() {
      subscriber.close()
      await stop()
    },
  }
}

function numbering() {
  let next = 0
  return {
    take(count: number) {
      next += count
      return next - count
    },
  }
}

function pushed(subscriber: Subscriber, indexOfFrame: (frame: Readonly<Record<string, unknown>>) => number) {
  return (onPushed: (index: number, at: number) => void) =>
    subscriber.listen((frame, at) => {
      if (frame['type'] === 'entry') onPushed(indexOfFrame(frame), at)
    })
}

const indexIn = (entry: unknown) => indexOf(Entry.parse(entry).happenedAt)
