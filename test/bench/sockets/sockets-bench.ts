import { setTimeout as pause } from 'node:timers/promises'
import { SUBPROTOCOL } from '@relais/contracts/channels'
import type { Options } from '../options.ts'
import { startProgram } from '../processes.ts'
import { messageOf, WARD } from '../push/messages.ts'
import { openPlatform } from '../push/targets.ts'
import { overHttp } from '../push/transports.ts'
import type { Cell, Report } from '../report.ts'
import { median, residentMebibytes } from '../sampling.ts'
import { openCrowd } from './crowd.ts'

const SOCKETS = 9000
const FAN_OUTS = 9
/** Garbage of opening them is to be gone before memory is looked at. */
const SETTLING_MILLISECONDS = 5000

/** Nine thousand people who look at a ward: what each costs while nothing happens, and how long until all know. */
export async function benchSockets(options: Options): Promise<Report> {
  const platform = await openPlatform(options)
  const expectations = { issuer: platform.issuer, audience: 'relais', algorithms: ['ES256'] }
  const settings = { jwks: platform.jwks, expectations }
  const bare = await startProgram(new URL('./bare-sockets.ts', import.meta.url), settings, options)
  const relais = { pid: platform.overHttp.pid, transport: platform.overHttp.transport, url: platform.channels }
  const least = {
    pid: bare.pid,
    transport: overHttp(`http://127.0.0.1:${bare.port}`, platform.tokens.sender),
    url: `ws://127.0.0.1:${bare.port}`,
  }
  // The first messages load code and open keys.
  let sent = 0
  const publishTo = (side: typeof relais) => async () => {
    sent += 1
    const answer = await side.transport.send(messageOf(sent))
    if (!answer.includes('MSA|AA|')) throw new Error(`A message was not accepted: ${answer}`)
  }
  for (let count = 0; count < 50; count += 1) await publishTo(relais)()
  const tokens = [platform.tokens.nurse]
  const ofBare = await measure({ ...least, tokens, protocol: undefined, channel: undefined }, publishTo(least))
  const ofRelais = await measure(
    { ...relais, tokens, protocol: SUBPROTOCOL, channel: `ward/${WARD}` },
    publishTo(relais),
  )
  least.transport.close()
  relais.transport.close()
  await bare.stop()
  await platform.stop()
  const row = (name: string, { kibibytes, first, last }: Figures): Cell[] => {
    const ratios = [kibibytes / ofBare.kibibytes, last / ofBare.last]
    return [name, kibibytes, ratios[0] ?? NaN, first, last, ratios[1] ?? NaN, last - first]
  }
  return {
    columns: ['', 'KiB a socket', 'ratio', 'first ms', 'last ms', 'last ratio', 'first to last ms'],
    rows: [row('bare ws', ofBare), row('Relais', ofRelais)],
    notes: [
      `${SOCKETS.toLocaleString('en')} sockets, welcomed 48 at a time from one address, all following one ward. Memory is ` +
        'what the resident memory of the server grew by with the second half of them, for one socket, five seconds after the ' +
        'last one was welcomed. ' +
        `Fan-out is the median of ${FAN_OUTS} messages, from sending one until the first and the last socket has it; ` +
        'all sockets are read by one thread, which shares the processors with the server.',
    ],
  }
}

type Figures = { kibibytes: number; first: number; last: number }
type Side = {
  pid: number
  url: string
  tokens: readonly string[]
  protocol: string | undefined
  channel: string | undefined
}

async function measure({ pid, ...crowded }: Side, publish: () => Promise<void>): Promise<Figures> {
  const crowd = openCrowd(crowded)
  // V8's young generation grows to its full size with the first half, and stays there: it is not what a socket costs.
  await crowd.grow(SOCKETS / 2)
  await pause(SETTLING_MILLISECONDS)
  const before = residentMebibytes(pid)
  await crowd.grow(SOCKETS / 2)
  await pause(SETTLING_MILLISECONDS)
  const kibibytes = ((residentMebibytes(pid) - before) * 1024) / (SOCKETS / 2)
  const times: { first: number; last: number }[] = []
  for (let count = 0; count < FAN_OUTS; count += 1) times.push(await crowd.fanOut(publish))
  await crowd.close()
  return { kibibytes, first: median(times.map(({ first }) => first)), last: median(times.map(({ last }) => last)) }
}
