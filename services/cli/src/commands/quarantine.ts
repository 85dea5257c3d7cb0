import { listQuarantine, repairQuarantined, replayQuarantined, showQuarantined } from '@relais/contracts/http'
import type { RepairEdit } from '@relais/contracts/messages'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { misused, refused } from '../failures.ts'

const Listed = listQuarantine.responses[200].content['application/json'].schema
const Shown = showQuarantined.responses[200].content['application/json'].schema
const Repaired = repairQuarantined.responses[200].content['application/json'].schema
const Replayed = replayQuarantined.responses[200].content['application/json'].schema

type Problems = z.infer<typeof Repaired>['problems']
const problemLines = (problems: Problems) => problems.map(({ path, text }) => `  ${path}: ${text}`)

/** Lists what waits, oldest first. */
export async function list(context: Context, { status }: { status?: string | undefined }): Promise<void> {
  const query = status === undefined ? '' : `?status=${encodeURIComponent(status)}`
  const { body } = await context.api.call({ path: `/quarantine${query}` }, Listed)
  const lines = body.messages.flatMap(({ messageId, receivedAt, trigger, senderId, status: state, problems }) => [
    `${messageId}  ${receivedAt}  ${trigger}  from ${senderId}  ${state}`,
    ...problemLines(problems),
  ])
  context.out.result(body, lines.length === 0 ? 'Nothing waits' : lines.join('\n'))
}

/**
 * The whole id of a message: as given, or the one that waits and begins with what was given. `next` is the oldest.
 * @throws CommandFailed when none or several do
 */
async function wholeId(context: Context, given: string): Promise<string> {
  if (/^[0-9a-f-]{36}$/.test(given)) return given
  const { body } = await context.api.call({ path: '/quarantine?limit=200' }, Listed)
  const ids = body.messages.map(({ messageId }) => messageId)
  const [found, ...others] = given === 'next' ? ids.slice(0, 1) : ids.filter((id) => id.startsWith(given))
  if (found === undefined)
    throw refused(given === 'next' ? 'Nothing waits' : `No message that waits begins with ${given}`)
  if (others.length > 0) throw misused(`Several messages begin with ${given}`)
  return found
}

/** Shows one message, field by field, values masked. The view is on record. */
export async function show(context: Context, given: string): Promise<void> {
  const messageId = await wholeId(context, given)
  const { body } = await context.api.call({ path: `/quarantine/${messageId}` }, Shown)
  const fields = body.segments.flatMap(({ fields: all }) =>
    all
      .filter(({ value, problem }) => value !== '' || problem)
      .map(({ path, value, problem }) => `  ${path.padEnd(9)} ${value}${problem ? `   <-- ${problem}` : ''}`),
  )
  const history = body.history.map(({ at, what, by }) => `  ${at}  ${what} by ${by}`)
  const head = `${body.messageId}  ${body.trigger}  from ${body.senderId}  ${body.status}`
  context.out.result(body, [head, ...problemLines(body.problems), '', ...fields, '', ...history].join('\n'))
}

export type RepairOptions = { set?: string[] | undefined; remove?: string[] | undefined; insert?: string[] | undefined }

/** Edits a message: removals first, then insertions, then values. Says what would still be refused. */
export async function repair(context: Context, given: string, options: RepairOptions): Promise<void> {
  const edits: RepairEdit[] = [
    ...(options.remove ?? []).map((path) => ({ op: 'removeField' as const, path })),
    ...(options.insert ?? []).map((text) => ({ op: 'insertField' as const, ...assignment(text) })),
    ...(options.set ?? []).map((text) => ({ op: 'set' as const, ...assignment(text) })),
  ]
  if (edits.length === 0)
    throw misused('Say what to change: --remove-field ZBE-3, --insert-field ZBE-3=…, --set ZBE-4=INSERT')
  const messageId = await wholeId(context, given)
  const request = { method: 'POST' as const, path: `/quarantine/${messageId}/repairs`, body: { edits } }
  const { body } = await context.api.call(request, Repaired)
  const verdict =
    body.problems.length === 0
      ? ['repaired: it can be replayed']
      : ['repaired, still refused:', ...problemLines(body.problems)]
  context.out.result({ messageId, ...body }, verdict.join('\n'))
}

function assignment(text: string): { path: string; value: string } {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (path === undefined || value === undefined) throw misused(`${text.split('=')[0]}: expected <field>=<value>`)
  return { path, value }
}

/** Processes a message again, as it was repaired. Fails when it goes back to quarantine. */
export async function replay(context: Context, given: string): Promise<void> {
  const messageId = await wholeId(context, given)
  const request = { method: 'POST' as const, path: `/quarantine/${messageId}/replays`, body: { cause: 'person' } }
  const { body, position } = await context.api.call(request, Replayed)
  context.out.result({ messageId, ...body, position }, [body.outcome, ...problemLines(body.problems)].join('\n'))
  if (body.outcome !== 'accepted') throw refused('The message is still in quarantine')
}
