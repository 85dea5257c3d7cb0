import { readFileSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Request } from './api.ts'
import type { Context, GlobalOptions } from './context.ts'
import { misused } from './failures.ts'

type Handler<Options> = (options: Options & GlobalOptions, args: string[]) => Promise<void>

/** Commander hands (…arguments, options, command); options of the program count too. */
export function action<Options>(handler: Handler<Options>) {
  return async (...received: unknown[]): Promise<void> => {
    const command = received.at(-1)
    if (!(command instanceof Command)) throw new TypeError('commander hands the command last')
    await handler(command.optsWithGlobals<Options & GlobalOptions>(), command.args)
  }
}

export const many = (text: string, before: string[] | undefined) => [...(before ?? []), text]

export const patient = (command: Command) =>
  command
    .option('--ipp <authority:number>', 'the patient as a hospital names him or her, such as CHU-X:000003')
    .option('--patient <id>', 'the patient’s id in Relais')
export const ofWard = (command: Command) =>
  command.option('--ward <code>', 'demonstration: a ward where who asks works; repeatable', many)
export const paged = (command: Command) =>
  command
    .option('--after <cursor>', 'the next page, as the one before says')
    .option('--limit <count>', 'items of a page')

/** Without its zone a time is somebody's guess. */
export function instantOf(text: string): string {
  const milliseconds = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError('expected an instant such as 2026-12-01T08:00:00Z')
  return new Date(milliseconds).toISOString()
}

/** What an option says, or what is piped in where it says `-`: others on the machine see what is typed on a command. */
export async function written(text: string): Promise<string> {
  return text === '-' ? (await readAll(process.stdin)).trim() : text
}

/** A file of JSON. */
export function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw misused(`${file} is no file of JSON`, cause)
  }
}

/** Does something and says that it was done; with `--json`, the ids and the position. */
export async function act(context: Context, request: Request, done: { ids: object; text: string }): Promise<void> {
  const { position } = await context.api.call(request, z.undefined())
  context.out.result({ ...done.ids, position }, done.text)
}

/** One line for each item, and how to get the next page. */
export function printPage(
  { out }: Context,
  body: { next?: string | undefined },
  { lines, none }: { lines: readonly string[]; none: string },
): void {
  const more = body.next === undefined ? [] : [`more: --after ${body.next}`]
  out.result(body, lines.length === 0 ? none : [...lines, ...more].join('\n'))
}
