import { ClockView, DayView, playDay, readClock } from '@relais/contracts/demonstration-routes'
import { setTimeout as wait } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { instantOf } from '../action.ts'
import { type Context, contextOf, type GlobalOptions } from '../context.ts'
import { misused, refused } from '../failures.ts'
import { instant, progressBar } from '../output.ts'

export type PlayOptions = { speed: number; seed?: number }
export type ClockOptions = { advance?: number; to?: string }

const POLL_MILLISECONDS = 1000
const absent = () => misused('This Relais is no demonstration: it plays no days, and its clock is that of the machine')

/** The commands of a demonstration. `signal` is the person who has seen enough. */
export function demoCommands(relais: Command, signal: AbortSignal): void {
  const demo = relais.command('demo').description('play with a demonstration')
  demo
    .command('play')
    .description('play the next day of the hospital, or go on with the one that was stopped; Ctrl-C stops it')
    .option('--speed <times>', 'how many seconds of the day pass in one', timesFaster, 60)
    .option('--seed <number>', 'another day for each number', wholeNumber)
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<PlayOptions & GlobalOptions>()
      await play(contextOf(options), options, signal)
    })
  demo
    .command('clock')
    .description('say what time it is in the demonstration, or move its clock forward')
    .option('--advance <duration>', 'by so much: 90s, 45m, 3h, 2d', duration)
    .option('--to <instant>', 'until then, such as 2026-12-01T08:00:00Z', instantOf)
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<ClockOptions & GlobalOptions>()
      await clock(contextOf(options), options)
    })
}

/** Plays a day and shows how far it is, until it is over or stopped. Fails when nobody takes its messages. */
export async function play(context: Context, { speed, seed }: PlayOptions, signal: AbortSignal): Promise<void> {
  const { api, out } = context
  const body = { speed, ...(seed === undefined ? {} : { seed }) }
  const begun = await api.find({ method: 'POST', path: playDay.path, body }, DayView)
  if (!begun) throw absent()
  out.notice(`${begun.body.day}, seed ${begun.body.seed}, ${begun.body.total - begun.body.sent} messages; Ctrl-C stops`)
  const view = await watch(context, begun.body, signal)
  out.result(view, dayText(view))
  if (view.state === 'failed') throw refused('Its messages are refused: the log of the platform says why')
}

async function watch({ api }: Context, begun: DayView, signal: AbortSignal): Promise<DayView> {
  const bar = progressBar(begun.day)
  let view = begun
  while (view.state === 'playing') {
    bar.show(view.sent, view.total)
    await wait(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined)
    const request = signal.aborted ? { method: 'DELETE' as const, path: playDay.path } : { path: playDay.path }
    view = (await api.call(request, DayView)).body
  }
  bar.end()
  return view
}

function dayText({ state, day, now, sent, total, accepted, quarantined, refused }: DayView): string {
  const answers = `${accepted} accepted, ${quarantined} in quarantine, ${refused} refused`
  const rest = state === 'stopped' ? '; the same command goes on' : ''
  return `${day}  ${state} at ${instant(now)}, ${sent} of ${total} messages: ${answers}${rest}`
}

/** Says what time it is, after moving the clock forward where that is asked for. */
export async function clock({ api, out }: Context, { advance, to }: ClockOptions): Promise<void> {
  if (advance !== undefined && to !== undefined) throw misused('Either --advance or --to')
  const body = advance === undefined ? to && { to } : { advanceSeconds: advance }
  const request = { path: readClock.path, ...(body ? { method: 'POST' as const, body } : {}) }
  const answer = await api.find(request, ClockView)
  if (!answer) throw absent()
  const { now, aheadSeconds } = answer.body
  const ahead = aheadSeconds === 0 ? '' : `, ${durationText(aheadSeconds)} ahead of the machine`
  out.result(answer.body, `${now}${ahead}`)
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 }

function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const one = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? SECONDS[unit] : undefined
  if (!one || Number(count) === 0) throw new InvalidArgumentError('expected a duration such as 90s, 45m, 3h or 2d')
  return Number(count) * one
}

function durationText(seconds: number): string {
  const hours = Math.floor((seconds % SECONDS.d) / SECONDS.h)
  const minutes = Math.floor((seconds % SECONDS.h) / SECONDS.m)
  return `${Math.floor(seconds / SECONDS.d)} d ${hours} h ${minutes} min`
}

function timesFaster(text: string): number {
  const value = Number(text)
  if (!(value >= 1 && value <= 86_400)) throw new InvalidArgumentError('expected a number from 1 to 86400')
  return value
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 999_999)
    throw new InvalidArgumentError('expected a whole number from 1 to 999999')
  return value
}
