import { waitUntil } from '@relais/testkit/wait-until'
import { type Options, ROUNDS } from '../options.ts'
import type { Report } from '../report.ts'
import { medians, percentile, processorSeconds } from '../sampling.ts'
import { monotonic } from './clock.ts'
import { messageOf } from './messages.ts'
import { dueAt, onSchedule, scheduleOf } from './open-loop.ts'
import { openBareLoop, openPlatform, type Target } from './targets.ts'

const RATE_PER_SECOND = 500
const FIRST_WARM_UP_SECONDS = 8
const WARM_UP_SECONDS = 1
const SLOWEST_SECONDS = 60

type Figures = Awaited<ReturnType<typeof measure>>

/** From publishing a message to a ward's subscriber having it, against the bare loop, a round of each in turn. */
export async function benchPush(options: Options): Promise<Report> {
  const platform = await openPlatform(options)
  const bareLoop = await openBareLoop(platform, options)
  const targets = { bareLoop, overHttp: platform.overHttp, overMllp: platform.overMllp }
  const rounds: Record<keyof typeof targets, Figures[]> = { bareLoop: [], overHttp: [], overMllp: [] }
  for (const target of Object.values(targets)) await measure(target, FIRST_WARM_UP_SECONDS)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['bareLoop', 'overHttp', 'overMllp'] as const) {
      await measure(targets[name], WARM_UP_SECONDS)
      rounds[name].push(await measure(targets[name], options.seconds))
    }
  }
  for (const { transport } of Object.values(targets)) transport.close()
  await platform.stop()
  await bareLoop.stop()
  return report(
    { bareLoop: medians(rounds.bareLoop), overHttp: medians(rounds.overHttp), overMllp: medians(rounds.overMllp) },
    rounds,
  )
}

/** One open loop. All latencies are in milliseconds from the instant when a message was due. */
async function measure(target: Target, seconds: number) {
  const schedule = scheduleOf(RATE_PER_SECOND, seconds)
  const first = target.take(schedule.count)
  const messages = Array.from({ length: schedule.count }, (_, index) => messageOf(first + index))
  schedule.startAt = monotonic()
  const pushed = new Map<number, number>()
  const answered: number[] = []
  const late: number[] = []
  target.listen((number, at) => {
    const index = number - first
    if (index >= 0 && !pushed.has(index)) pushed.set(index, at - dueAt(schedule, index))
  })
  const usedBefore = processorSeconds(target.pid)
  const sent: Promise<void>[] = []
  await onSchedule(schedule, (index) => {
    late.push(monotonic() - dueAt(schedule, index))
    sent.push(send(target, messages[index]).then(() => void answered.push(monotonic() - dueAt(schedule, index))))
  })
  await Promise.all(sent)
  await waitUntil(() => pushed.size === schedule.count, 'every message to be pushed', SLOWEST_SECONDS)
  const elapsed = Math.max(...[...pushed].map(([index, latency]) => latency + index * schedule.interval))
  const used = processorSeconds(target.pid) - usedBefore
  const latencies = [...pushed.values()]
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    answeredP50: percentile(answered, 0.5),
    late: percentile(late, 0.99),
    rate: (schedule.count * 1000) / elapsed,
    processor: (used * 1000) / schedule.count,
  }
}

async function send({ transport }: Target, message: Uint8Array | undefined): Promise<void> {
  const answer = await transport.send(message ?? new Uint8Array())
  if (!answer.includes('MSA|AA|')) throw new Error(`A message was not accepted: ${answer}`)
}

const labels = {
  bareLoop: 'bare loop, HTTP',
  overHttp: 'Relais, HTTP',
  overMllp: 'Relais, MLLP',
}

function report(middle: Record<keyof typeof labels, Figures>, rounds: Record<keyof typeof labels, Figures[]>): Report {
  const { bareLoop } = middle
  const row = (name: keyof typeof labels) => {
    const { p50, p99, answeredP50, rate, processor } = middle[name]
    const ratios = rounds[name].map((figures, round) => figures.p50 / (rounds.bareLoop[round]?.p50 ?? NaN))
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
    return [labels[name], p50, p99, p50 / bareLoop.p50, p99 / bareLoop.p99, spread, answeredP50, rate, processor]
  }
  const late = Math.max(...Object.values(middle).map((figures) => figures.late))
  return {
    columns: [
      '',
      'p50 ms',
      'p99 ms',
      'p50 ratio',
      'p99 ratio',
      'ratio, by round',
      'answered p50 ms',
      'rate/s',
      'CPU ms',
    ],
    rows: [row('bareLoop'), row('overHttp'), row('overMllp')],
    notes: [
      `${RATE_PER_SECOND} messages/s on schedule, medians of ${ROUNDS} rounds in turn. Latency runs from the instant when a ` +
        `message was due to the subscriber having it; the sender itself was late by up to ${late.toFixed(2)} ms (p99). ` +
        'CPU is that of the server, all threads, for one message.',
    ],
  }
}
