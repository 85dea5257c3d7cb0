import { waitUntil } from '@relais/testkit/wait-until'
import { type Options, ROUNDS } from '../options.ts'
import type { Cell, Report } from '../report.ts'
import { medians, percentile, processorSeconds } from '../sampling.ts'
import { monotonic } from './clock.ts'
import { messageOf } from './messages.ts'
import { dueAt, onSchedule, scheduleOf } from './open-loop.ts'
import { openBareLoop, openPlatform, type Target } from './targets.ts'

/** Messages per second: an easy pace, and the one that is aimed at. */
const RATES = [100, 500]
const FIRST_WARM_UP_SECONDS = 8
const WARM_UP_SECONDS = 1
const SLOWEST_SECONDS = 300

const labels = { bareLoop: 'bare loop, HTTP', overHttp: 'Relais, HTTP', overMllp: 'Relais, MLLP' }
const names = ['bareLoop', 'overHttp', 'overMllp'] as const
type Targets = Record<keyof typeof labels, Target>
type Figures = Awaited<ReturnType<typeof measure>>
type Rounds = Record<keyof typeof labels, Figures[]>

/** From publishing a message to a ward's subscriber having it, against the bare loop, a round of each in turn. */
export async function benchPush(options: Options): Promise<Report> {
  const platform = await openPlatform(options)
  const bareLoop = await openBareLoop(platform, options)
  const targets = { bareLoop, overHttp: platform.overHttp, overMllp: platform.overMllp }
  const rows: Cell[][] = []
  const late: number[] = []
  for (const rate of RATES) {
    const rounds = await measureRounds(targets, rate, options.seconds)
    rows.push(...rowsOf(rate, rounds))
    late.push(...names.map((name) => medians(rounds[name]).late))
  }
  for (const { transport } of Object.values(targets)) transport.close()
  await platform.stop()
  await bareLoop.stop()
  return report(rows, Math.max(...late))
}

async function measureRounds(targets: Targets, rate: number, seconds: number): Promise<Rounds> {
  const rounds: Rounds = { bareLoop: [], overHttp: [], overMllp: [] }
  for (const name of names) await measure(targets[name], rate, FIRST_WARM_UP_SECONDS)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      await measure(targets[name], rate, WARM_UP_SECONDS)
      rounds[name].push(await measure(targets[name], rate, seconds))
    }
  }
  return rounds
}

/** One open loop. All latencies are in milliseconds from the instant when a message was due. */
async function measure(target: Target, rate: number, seconds: number) {
  const schedule = scheduleOf(rate, seconds)
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
  const failures: unknown[] = []
  await onSchedule(schedule, (index) => {
    late.push(monotonic() - dueAt(schedule, index))
    const onAnswer = () => answered.push(monotonic() - dueAt(schedule, index))
    send(target, messages[index]).then(onAnswer, (error: unknown) => failures.push(error))
  })
  await waitUntil(() => answered.length + failures.length === schedule.count, 'every answer', SLOWEST_SECONDS)
  if (failures.length > 0) throw new AggregateError(failures, 'Messages were not accepted')
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

function rowsOf(rate: number, rounds: Rounds): Cell[][] {
  const bare = medians(rounds.bareLoop)
  return names.map((name) => {
    const figures = medians(rounds[name])
    const { p50, p99, answeredP50, processor } = figures
    const ratios = rounds[name].map((round, number) => round.p50 / (rounds.bareLoop[number]?.p50 ?? NaN))
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
    return [rate, labels[name], p50, p99, p50 / bare.p50, p99 / bare.p99, spread, answeredP50, figures.rate, processor]
  })
}

function report(rows: Cell[][], late: number): Report {
  const latency = ['p50 ms', 'p99 ms', 'p50 ratio', 'p99 ratio', 'p50 ratio by round', 'answered p50 ms']
  return {
    columns: ['wanted/s', '', ...latency, 'achieved/s', 'CPU ms'],
    rows,
    notes: [
      `Messages on schedule, medians of ${ROUNDS} rounds in turn. Latency runs from the instant when a message was due ` +
        `to the subscriber having it; the sender itself was late by up to ${late.toFixed(2)} ms (p99). CPU is that of ` +
        'the server, all threads, for one message.',
    ],
  }
}
