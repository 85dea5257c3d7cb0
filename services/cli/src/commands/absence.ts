import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { listAbsences } from '@relais/contracts/absence-routes'
import { act, action, instantOf } from '../action.ts'
import { type Context, contextOf } from '../context.ts'
import { misused } from '../failures.ts'
import { instant } from '../output.ts'
import { professionalId } from '../person.ts'

const Listed = listAbsences.responses[200].content['application/json'].schema

type Declared = { professional?: string; from: string; to: string; replacement?: string; absence?: string; id?: string }

/** Who is away, and who stands in. */
export function absenceCommands(relais: Command): void {
  const absence = relais.command('absence').description('who is away, and who stands in')
  absence
    .command('declare')
    .description('say that somebody is away: oneself, unless --professional says who')
    .requiredOption('--from <instant>', 'since when, such as 2026-12-01T08:00:00Z', instantOf)
    .requiredOption('--to <instant>', 'until when', instantOf)
    .option('--replacement <professional>', 'who stands in: joins the circles where something happens, until the end')
    .option('--professional <professional>', 'who is away')
    .option('--absence <id>', 'one that was declared, to change it')
    .action(action<Declared>((options) => declare(contextOf(options), options)))
  absence
    .command('withdraw <absence>')
    .description('not away after all, or back already')
    .action(action((options, [absenceId = '']) => withdraw(contextOf(options), absenceId)))
  absence
    .command('list <professional>')
    .description('the absences of a professional that are not over')
    .action(action((options, [professional = '']) => list(contextOf(options), professional)))
}

async function declare(context: Context, options: Declared): Promise<void> {
  const { professional, from, to, replacement, absence: absenceId = randomUUID(), id } = options
  const professionalIs = professionalId(professional ?? id ?? '')
  if (professionalIs === '') throw misused('Say who is away: --professional <professional>')
  const standIn = replacement === undefined ? {} : { replacement: professionalId(replacement) }
  const body = { professionalId: professionalIs, from, to, ...standIn }
  const text = `${professionalIs} is away from ${instant(from)} until ${instant(to)}  absence ${absenceId}`
  const path = `/absences/${encodeURIComponent(absenceId)}`
  await act(context, { method: 'PUT', path, body }, { ids: { absenceId }, text })
}

async function withdraw(context: Context, absenceId: string): Promise<void> {
  const request = { method: 'DELETE' as const, path: `/absences/${encodeURIComponent(absenceId)}` }
  await act(context, request, { ids: { absenceId }, text: `${absenceId} is withdrawn` })
}

async function list({ api, out }: Context, professional: string): Promise<void> {
  const path = `/absences?professional=${encodeURIComponent(professionalId(professional))}`
  const { body } = await api.call({ path }, Listed)
  const lines = body.absences.map(({ absenceId, from, to, replacement }) => {
    const standIn = replacement === undefined ? 'nobody stands in' : `${replacement} stands in`
    return `${absenceId}  ${instant(from)} until ${instant(to)}  ${standIn}`
  })
  out.result(body, lines.length === 0 ? 'Not away' : lines.join('\n'))
}
